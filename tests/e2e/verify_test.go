//go:build e2e

package e2e

import (
	"testing"

	"github.com/krm-sidecars/krm-sidecars/tests/box"
)

// TestVerify looks at what kustomize makes: other names, namespaces, images and
// labels than the functions gave, or, without --enable-exec, nothing at all.
func TestVerify(t *testing.T) {
	s := newSandbox(t, "verify")
	built := s.kustomizeOK("over")
	out := s.Pipe(built, "krm-sidecars", "verify", "-c", "base/logs.yaml")
	box.Equal(t, "exit code", 0, out.Code)
	box.Contains(t, "stderr", out.Stderr, "krm-sidecars: 1 of 1 workloads are processed")
	box.Contains(t, "stderr", out.Stderr, "changed since, by a person or another tool")

	skipped := s.OK("kustomize", "build", "--enable-alpha-plugins", "over")
	out = s.Pipe(skipped.Stdout, "krm-sidecars", "verify", "-c", "base/logs.yaml")
	box.Equal(t, "exit code", 1, out.Code)
	box.Contains(t, "stderr", out.Stderr, `error Deployment/shop/prod-web-v2: add-log-sidecar "logs" has not run on it`)
	box.Contains(t, "stderr", out.Stderr, "krm-sidecars: 0 of 1 workloads are processed")

	s.Replace("base/logs.yaml", "preset: nginx", "preset: redis")
	out = s.Pipe(built, "krm-sidecars", "verify", "-c", "base/logs.yaml")
	box.Equal(t, "exit code", 1, out.Code)
	box.Contains(t, "stderr", out.Stderr, `add-exporter "logs" ran on it with another config`)
}
