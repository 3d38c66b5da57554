// Package sidecars runs our binary on the manifests of a test.
package sidecars

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"github.com/krm-sidecars/krm-sidecars/tests/box"
	"github.com/krm-sidecars/krm-sidecars/tests/cluster/kube"
)

// Inject returns what manifests become with a config.
func Inject(t *testing.T, config, manifests string) string {
	t.Helper()
	return run(t, "inject", config, manifests)
}

// Remove returns what manifests are without what a config has added.
func Remove(t *testing.T, config, manifests string) string {
	t.Helper()
	return run(t, "remove", config, manifests)
}

func run(t *testing.T, command, config, manifests string) string {
	t.Helper()
	program, err := binary()
	box.Check(t, err)
	b := box.New(t, "", nil)
	b.Write("config.yaml", config)
	b.Programs = map[string]string{"krm-sidecars": program}
	return b.OKPipe(manifests, "krm-sidecars", command, "-c", "config.yaml").Stdout
}

// binary builds the product, once.
var binary = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("/run", "") // goes with the mounts of the cluster
	if err != nil {
		return "", err
	}
	program := filepath.Join(dir, "krm-sidecars")
	cmd := exec.Command("go", "build", "-o", program, ".")
	cmd.Dir, cmd.Env = kube.Root(), append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("building krm-sidecars: %w\n%s", err, out)
	}
	return program, nil
})
