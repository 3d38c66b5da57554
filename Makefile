# Build, demo and test need Go, make and git. `make` lists the targets.

GO         ?= go
BIN        := $(CURDIR)/.bin
FUZZTIME   ?= 30s
LINT       := v2.6.2
VULN       := v1.9.0

.DEFAULT_GOAL := help

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "  %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: build
build: ## Build the binary into .bin/
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags='-s -w' -o $(BIN)/krm-sidecars .

.PHONY: demo
demo: ## Show the product at work
	@$(GO) run ./tests/demo

.PHONY: test
test: ## Run all tests but those that need other programs
	$(GO) test ./...

.PHONY: agents
agents: ## Check generated configurations with the agents' own parsers
	$(GO) test -C tests/agents -count=1 ./...

.PHONY: race
race: ## Run the same tests with the race detector
	$(GO) test -race ./...

.PHONY: fuzz
fuzz: ## Run every fuzz target for FUZZTIME (30s)
	@for dir in $$(grep -rl --include='*_test.go' '^func Fuzz' . | xargs -n1 dirname | sort -u); do \
	  for target in $$(sed -n 's/^func \(Fuzz[A-Za-z0-9_]*\).*/\1/p' $$dir/*_test.go); do \
	    $(GO) test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) $$dir || exit 1; \
	  done; \
	done

.PHONY: bench
bench: ## Measure speed and memory against kyaml
	$(GO) run ./tests/bench

.PHONY: lint
lint: $(BIN)/golangci-lint-$(LINT) ## Run golangci-lint
	$(BIN)/golangci-lint-$(LINT) run

$(BIN)/golangci-lint-$(LINT):
	GOBIN=$(BIN) $(GO) install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(LINT)
	mv $(BIN)/golangci-lint $@

.PHONY: vuln
vuln: ## Look for known weaknesses in what we depend on
	$(GO) run golang.org/x/vuln/cmd/govulncheck@$(VULN) ./...

.PHONY: tools
tools: ## Build kustomize, kpt, Helm 3 and Helm 4 into .bin/, once
	tests/tools/build.sh

.PHONY: e2e
e2e: tools ## Run the tests against real kustomize, kpt, Helm 3 and Helm 4
	$(GO) test -tags e2e -count=1 ./tests/e2e/ ./tests/docs/

.PHONY: clean
clean: ## Remove what was built; the tools in .bin/ stay
	rm -rf dist coverage.out $(BIN)/krm-sidecars
