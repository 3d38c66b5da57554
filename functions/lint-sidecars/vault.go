package lint

import (
	"slices"
	"strings"

	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// vaultRules are about how containers get secrets from Vault.
func vaultRules() []rule {
	return []rule{{
		id: "SC027", name: "certificate-split", severity: pod.Error, check: splitCertificate,
		about:  "A script reads a certificate and its key from Vault with several calls, or with vault read: each call issues another one.",
		remedy: "issue it with one vault write -format=json, or a template of the agent that has pkiCert; add-vault-init writes that",
	}, {
		id: "SC028", name: "agent-hangs", severity: pod.Error, check: hangingAgent,
		about:  "A Vault agent that is to end before the app starts goes on trying for ever when a secret is not there.",
		remedy: "set exit_on_retry_failure = true in template_config",
	}, {
		id: "SC047", name: "certificate-once", severity: pod.Warning, check: certificateOnce,
		about:  "A certificate is issued when the pod starts, and runs out while it runs.",
		remedy: "renew it with a native sidecar; add-vault-init does, with mode: native",
	}}
}

// issues reports whether a command issues a certificate.
func (c call) issues() bool {
	return (c.name() == "vault" || c.name() == "bao") && strings.Contains(strings.Join(c.words, " "), "/issue/")
}

func splitCertificate(s *subject) {
	for c := range s.all() {
		calls, at := c.calls()
		issued, read := 0, false
		for _, call := range calls {
			if call.issues() {
				issued++
				read = read || len(call.words) > 1 && call.words[1] == "read"
			}
		}
		switch {
		case issued > 1:
			s.findf(at, "issues %d certificates, so that certificate and key do not belong together", issued)
		case read:
			s.findf(at, "reads from a path that only takes writes")
		}
	}
}

func certificateOnce(s *subject) {
	renewed := slices.ContainsFunc(s.containers, func(c container) bool { return c.role() == secrets && !c.plainInit() })
	for c := range s.all() {
		calls, at := c.calls()
		if c.plainInit() && !renewed && !s.view.Finite() && slices.ContainsFunc(calls, call.issues) {
			s.findf(at, "issues a certificate when the pod starts, and nothing renews it")
		}
	}
}

func hangingAgent(s *subject) {
	for c := range s.all() {
		if !c.plainInit() || c.role() != secrets || !runsAgent(c) || strings.Contains(s.configOf(c), "exit_on_retry_failure") {
			continue
		}
		files := s.files(c)
		if i := slices.IndexFunc(files, func(f file) bool { return strings.Contains(f.text, "template") }); i >= 0 {
			s.beside(files[i].in, "", files[i].at, "does not set exit_on_retry_failure, and init container %s of %s runs it", c.Name, s.view.Object)
		}
	}
}

// runsAgent reports whether a container runs the agent of Vault.
func runsAgent(c container) bool {
	calls, _ := c.calls()
	return slices.ContainsFunc(calls, func(c call) bool { return slices.Contains(c.words, "agent") })
}
