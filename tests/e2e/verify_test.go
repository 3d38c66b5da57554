//go:build e2e

package e2e

import "testing"

// TestVerify looks at what kustomize makes: other names, namespaces, images and
// labels than the functions gave, or, without --enable-exec, nothing at all.
func TestVerify(t *testing.T) {
	s := newSandbox(t, "verify")
	built := s.kustomizeOK("over")
	out := s.pipe(built, "krm-sidecars", "verify", "-c", "base/logs.yaml")
	equal(t, "exit code", 0, out.code)
	contains(t, "stderr", out.stderr, "krm-sidecars: 1 of 1 workloads are processed")
	contains(t, "stderr", out.stderr, "changed since, by a person or another tool")

	skipped := s.ok("kustomize", "build", "--enable-alpha-plugins", "over")
	out = s.pipe(skipped.stdout, "krm-sidecars", "verify", "-c", "base/logs.yaml")
	equal(t, "exit code", 1, out.code)
	contains(t, "stderr", out.stderr, `error Deployment/shop/prod-web-v2: add-log-sidecar "logs" has not run on it`)
	contains(t, "stderr", out.stderr, "krm-sidecars: 0 of 1 workloads are processed")

	s.replace("base/logs.yaml", "preset: nginx", "preset: redis")
	out = s.pipe(built, "krm-sidecars", "verify", "-c", "base/logs.yaml")
	equal(t, "exit code", 1, out.code)
	contains(t, "stderr", out.stderr, `add-exporter "logs" ran on it with another config`)
}
