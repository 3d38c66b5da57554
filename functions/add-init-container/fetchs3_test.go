package initcontainer

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestS3Script runs the script with a command in rclone's place: its exit codes are
// those that rclone documents.
func TestS3Script(t *testing.T) {
	for _, c := range []struct {
		name, rclone string
		code         int
		want         string
	}{
		{"copied", `exit 0`, 0, "fetch: done\n"},
		{"there already", `[ "$1" = copy ] && exit 9; echo pages/index.html`, 0, "fetch: everything is there already\n"},
		{"nothing there", `[ "$1" = copy ] && exit 9; exit 0`, 9, "fetch: from:shop/a b holds no files\n"},
		{"no such bucket", `echo "$@" >&2; exit 3`, 3, "copy --verbose --error-on-no-transfer from:shop/a b "},
		{"too late", `sleep 60`, 1, "fetch: gave up after 1 s\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			bin, into := t.TempDir(), filepath.Join(t.TempDir(), "in to")
			if err := os.WriteFile(filepath.Join(bin, "rclone"), []byte("#!/bin/sh\n"+c.rclone+"\n"), 0o755); err != nil {
				t.Fatal(err)
			}
			cmd := exec.Command("sh", "-c", s3Script(), "fetch", "1", into, "from:shop/a b")
			cmd.Env = []string{"PATH=" + bin + ":" + os.Getenv("PATH")}
			out, err := cmd.CombinedOutput()
			if cmd.ProcessState.ExitCode() != c.code || !strings.Contains(string(out), c.want) {
				t.Errorf("exit code %d (%v), not %d with %q: %s", cmd.ProcessState.ExitCode(), err, c.code, c.want, out)
			}
			if _, err := os.Stat(into); err != nil {
				t.Errorf("the directory is not there: %v", err)
			}
		})
	}
}
