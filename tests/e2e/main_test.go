//go:build e2e

// Package e2e drives the product through the real hosts: kustomize, kpt, Helm 3
// and Helm 4. Test names carry the numbers of the host contract: S holds for
// every host, K for kustomize, P for kpt, H for Helm.
package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/krm-sidecars/krm-sidecars/functions"
)

// hosts are the binaries that tests/tools/build.sh puts into .bin/.
var hosts = []string{"kustomize", "kpt", "helm3", "helm4"}

// binaries maps every command name that a test may run to its absolute path.
var binaries = map[string]string{}

var repoRoot string

func TestMain(m *testing.M) {
	os.Exit(runAll(m))
}

func runAll(m *testing.M) int {
	dir, err := os.MkdirTemp("", "krm-sidecars-e2e-")
	if err != nil {
		return fail(err)
	}
	defer os.RemoveAll(dir)
	if repoRoot, err = filepath.Abs("../.."); err != nil {
		return fail(err)
	}
	if err := findHosts(); err != nil {
		return fail(err)
	}
	if err := buildProduct(dir); err != nil {
		return fail(err)
	}
	if err := buildGenerator(dir); err != nil {
		return fail(err)
	}
	return m.Run()
}

func fail(err error) int {
	fmt.Fprintln(os.Stderr, "e2e:", err)
	return 1
}

func findHosts() error {
	for _, name := range hosts {
		path := filepath.Join(repoRoot, ".bin", name)
		if _, err := os.Stat(path); err != nil {
			return fmt.Errorf("%w: `make e2e` builds the host binaries first", err)
		}
		binaries[name] = path
	}
	return nil
}

// buildProduct builds the binary, or takes the one that KRM_SIDECARS_BIN names
// (a release candidate), and gives it the names of its functions too.
func buildProduct(dir string) error {
	// Some tests run as nobody, who must be able to enter the folder.
	if err := os.Chmod(dir, 0o755); err != nil {
		return err
	}
	path := filepath.Join(dir, "krm-sidecars")
	if given := os.Getenv("KRM_SIDECARS_BIN"); given != "" {
		if err := copyFile(given, path); err != nil {
			return err
		}
	} else if err := goBuild(path, "."); err != nil {
		return err
	}
	binaries["krm-sidecars"] = path
	for _, f := range functions.All() {
		binaries[f.Name] = filepath.Join(dir, f.Name)
		if err := os.Symlink("krm-sidecars", binaries[f.Name]); err != nil {
			return err
		}
	}
	return nil
}

// buildGenerator builds the product with one function more, which adds objects.
func buildGenerator(dir string) error {
	path, function := filepath.Join(dir, "generator"), filepath.Join(dir, "add-test-config")
	binaries["generator"], binaries["add-test-config"] = path, function
	if err := goBuild(path, "./tests/e2e/generator"); err != nil {
		return err
	}
	return os.Symlink("generator", function)
}

func goBuild(path, program string) error {
	cmd := exec.Command("go", "build", "-o", path, program)
	cmd.Dir, cmd.Env = repoRoot, append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("go build %s: %w\n%s", program, err, out)
	}
	return nil
}
