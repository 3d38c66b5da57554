//go:build e2e

package e2e

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/krm-sidecars/krm-sidecars/tests/box"
)

// sandbox is a copy of a testdata folder in which commands run with an
// environment of its own: nothing of the user's Helm, git or HOME gets in.
type sandbox struct{ *box.Box }

// newSandbox copies testdata/<fixture>; an empty name gives an empty folder.
func newSandbox(t *testing.T, fixture string) *sandbox {
	t.Helper()
	if fixture != "" {
		fixture = filepath.Join("testdata", fixture)
	}
	s := &sandbox{box.New(t, fixture, isolatedEnv(t.TempDir()))}
	s.Programs = binaries
	return s
}

func isolatedEnv(home string) []string {
	path := filepath.Dir(binaries["krm-sidecars"]) + string(os.PathListSeparator) + os.Getenv("PATH")
	return []string{
		"HOME=" + home,
		"TMPDIR=" + home,
		"PATH=" + path,
		// HELM_DATA_HOME alone: with HELM_PLUGINS beside it Helm 4 installs
		// plugins into one folder and looks for them in another.
		"HELM_DATA_HOME=" + filepath.Join(home, "helm-data"),
		"HELM_CONFIG_HOME=" + filepath.Join(home, "helm-config"),
		"HELM_CACHE_HOME=" + filepath.Join(home, "helm-cache"),
		"KUBECONFIG=" + filepath.Join(home, "no-kubeconfig"),
		"GIT_CONFIG_NOSYSTEM=1",
		"GIT_CONFIG_GLOBAL=" + os.DevNull,
		"GIT_AUTHOR_NAME=e2e", "GIT_AUTHOR_EMAIL=e2e@example.com",
		"GIT_COMMITTER_NAME=e2e", "GIT_COMMITTER_EMAIL=e2e@example.com",
	}
}

func copyFile(from, to string) error {
	data, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, data, 0o755)
}
