# Build, demo and test need Go, make and git. `make` lists the targets.

GO         ?= go
BIN        := $(CURDIR)/.bin
FUZZTIME   ?= 60s
LINT       := v2.6.2
VULN       := v1.9.0
PLUGINS    ?= dist/plugins

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

.PHONY: patches
patches: ## Check emitted patches with kustomize and Helm 4, as Flux uses them
	$(GO) test -C tests/patches -count=1 ./...

.PHONY: older
older: ## Check what is made for Kubernetes 1.28 with its own types
	$(GO) test -C tests/older -count=1 ./...

.PHONY: schemas
schemas: ## Write the schemas of configs from the Go types
	$(GO) run -C tests/tools/schemas . -root $(CURDIR)

.PHONY: check-schemas
check-schemas: ## Check that the schemas are up to date, and that API servers take them
	$(GO) test -C tests/tools/schemas -count=1 ./...

.PHONY: race
race: ## Run the same tests with the race detector
	$(GO) test -race ./...

.PHONY: fuzz
fuzz: ## Run every fuzz target for FUZZTIME (60s)
	@for dir in $$(grep -rl --include='*_test.go' '^func Fuzz' . | xargs -n1 dirname | sort -u); do \
	  for target in $$(sed -n 's/^func \(Fuzz[A-Za-z0-9_]*\).*/\1/p' $$dir/*_test.go); do \
	    $(GO) test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) $$dir || exit 1; \
	  done; \
	done

.PHONY: bench
bench: ## Measure speed and memory against kyaml
	$(GO) run ./tests/bench

.PHONY: bench-peers
bench-peers: tools ## Measure us and other tools on the same input, in one run
	tests/tools/build.sh peers
	$(GO) run ./tests/peers

.PHONY: proof
proof: ## Write docs/proof.md from what was measured
	$(GO) run ./tests/proof tests/proof/results docs/proof.md

.PHONY: mesh
mesh: ## Give what the functions make to the real webhook of Istio
	$(GO) test -C tests/mesh -count=1 ./...

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
	$(GO) test -C tests/readers -count=1 ./...

.PHONY: check-release
check-release: ## Check the workflows and the release with actionlint and goreleaser
	$(GO) test -C tests/tools/release -count=1 ./...

.PHONY: plugins
plugins: ## Pack the Helm plugins for all platforms into dist/plugins/
	$(GO) run ./tests/tools/plugins -out $(PLUGINS)

.PHONY: catalog
catalog: ## Write catalog.yaml and the metadata.yaml of the functions
	$(GO) test ./tests/catalog -run TestListings -update
	$(GO) test ./tests/catalog -run TestG3_FileIs -update

.PHONY: images
images: ## Build the container images into dist/images, to the same digests each time
	tests/tools/images/build.sh functions

.PHONY: argocd-image
argocd-image: ## Build the image of the plugin for Argo CD into dist/argocd-cmp
	tests/tools/images/build.sh argocd

.PHONY: push-images
push-images: ## Push what these two built, and print the references by digest
	@tests/tools/images/build.sh push

.PHONY: e2e-docker
e2e-docker: tools ## Run the images in Docker, kustomize, kpt and Argo CD's plugin server
	tests/docker/run.sh

.PHONY: e2e-cluster
e2e-cluster: ## Run what the functions make in a real Kubernetes (Linux, root)
	tests/cluster/run.sh

.PHONY: clean
clean: ## Remove what was built; the tools in .bin/ stay
	rm -rf dist coverage.out $(BIN)/krm-sidecars
