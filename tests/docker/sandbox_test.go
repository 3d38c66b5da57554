//go:build docker

package docker

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/krm-sidecars/krm-sidecars/tests/box"
)

// sandbox is a copy of an example in which hosts run.
type sandbox struct{ *box.Box }

// newSandbox copies a folder of the repository; "" gives an empty one. The
// program of the images is in the PATH.
func newSandbox(t *testing.T, folder string) *sandbox {
	t.Helper()
	if folder != "" {
		folder = filepath.Join(root, folder)
	}
	home := t.TempDir()
	return &sandbox{box.New(t, folder, []string{
		"HOME=" + home, "TMPDIR=" + home, "KPT_FN_RUNTIME=docker", "KRM_FN_RUNTIME=docker",
		"DOCKER_HOST=" + os.Getenv("DOCKER_HOST"), "DOCKER_BUILDKIT=0",
		"PATH=" + strings.Join([]string{filepath.Dir(program), filepath.Join(root, ".bin"), os.Getenv("PATH")}, string(os.PathListSeparator)),
	})}
}

// replace edits every file that holds a text, and insists that there is one.
func (s *sandbox) replace(from, to string) {
	s.T.Helper()
	found := false
	for name, text := range s.Tree() {
		if strings.Contains(text, from) {
			found = true
			s.Write(name, strings.ReplaceAll(text, from, to))
		}
	}
	if !found {
		s.T.Fatalf("no file holds %q", from)
	}
}
