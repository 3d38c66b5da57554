package initcontainer

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
)

// TestPermissionsScript: modes change as asked for, and not those of what links
// lead to; all that fails is told.
func TestPermissionsScript(t *testing.T) {
	dir, outside := filepath.Join(t.TempDir(), "it's $(a)\n`b`"), filepath.Join(t.TempDir(), "outside")
	if err := os.MkdirAll(filepath.Join(dir, "sub"), 0o700); err != nil {
		t.Fatal(err)
	}
	writeFile(t, filepath.Join(dir, "sub", "file"), "x")
	writeFile(t, outside, "x")
	if err := os.Symlink(outside, filepath.Join(dir, "link")); err != nil {
		t.Fatal(err)
	}
	owner := strconv.Itoa(os.Getuid()) + ":" + strconv.Itoa(os.Getgid())
	for range 2 {
		out, code := change(t, true, dir, owner, "u=rwX,g=rX,o=")
		if code != 0 || !strings.Contains(out, "has mode 750, user "+strconv.Itoa(os.Getuid())) {
			t.Fatalf("exit code %d: %s", code, out)
		}
	}
	for path, want := range map[string]os.FileMode{dir: 0o750, dir + "/sub": 0o750, dir + "/sub/file": 0o640, outside: 0o600} {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != want {
			t.Errorf("%s has mode %v: %v", path, info.Mode(), err)
		}
	}
	if out, code := change(t, false, dir, "", "-x", dir+"/no", "", "0700", dir+"/sub", "", "0700"); code != 1 || !strings.Contains(out, "/no is not there") || !strings.Contains(out, "sub has mode 700") {
		t.Errorf("exit code %d: %s", code, out)
	}
}

// change runs the script on rows.
func change(t *testing.T, deep bool, rows ...string) (out string, code int) {
	t.Helper()
	x := &Permissions{Recursive: deep}
	cmd := inBusybox(t, 5, func(_ *plan, c *corev1.Container) {
		shell(c, permissionsScript, "name", append([]string{"5", x.deep()}, rows...)...)
	})
	text, _ := cmd.CombinedOutput()
	return string(text), cmd.ProcessState.ExitCode()
}
