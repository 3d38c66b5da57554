package istio

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
)

// Inputs is the folder with the manifests that Istio tests its injector with.
func Inputs() (string, error) {
	module, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "istio.io/istio").Output()
	if err != nil {
		return "", fmt.Errorf("looking for the module of Istio: %w", err)
	}
	return filepath.Join(strings.TrimSpace(string(module)), "pkg/kube/inject/testdata/inject"), nil
}
