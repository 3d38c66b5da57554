package syncsidecar

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// fake is an rclone that notes how it was called, and fails as often as a file
// says.
const fake = `#!/bin/sh
printf '<%s>' "$@" >>"$CALLS"; echo >>"$CALLS"
left=$(cat "$FAILS"); [ "$left" -gt 0 ] && { echo $((left - 1)) >"$FAILS"; exit 1; }
exit 0
`

// runScript starts a script with the fake in front, and returns it with the file of
// calls.
func runScript(t *testing.T, script, fails string, args ...string) (cmd *exec.Cmd, calls string, stderr *bytes.Buffer) {
	t.Helper()
	dir := t.TempDir()
	calls = filepath.Join(dir, "calls")
	for name, text := range map[string]string{"rclone": fake, "fails": fails, "calls": ""} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	script = strings.ReplaceAll(script, "/tmp/synced", filepath.Join(dir, "synced"))
	cmd = exec.Command("sh", append([]string{"-c", script, "bucket-sync"}, args...)...)
	cmd.Env = append(os.Environ(), "PATH="+dir+":"+os.Getenv("PATH"), "CALLS="+calls, "FAILS="+filepath.Join(dir, "fails"))
	stderr = &bytes.Buffer{}
	cmd.Stderr = stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd, calls, stderr
}

// called waits for a number of calls, and returns them.
func called(t *testing.T, file string, n int) []string {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if lines := strings.Split(strings.TrimSpace(string(raw)), "\n"); len(lines) >= n && lines[0] != "" {
			return lines
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d calls wanted, there are %q", n, raw)
		}
	}
}

const hostile = "--header=a $(touch pwned) `id` \"'; x"

func TestRounds(t *testing.T) {
	for last, more := range map[string]int{"no": 0, "yes": 1} {
		t.Run(last, func(t *testing.T) {
			t.Parallel()
			cmd, calls, stderr := runScript(t, rounds, "1", "copy", "store:a b", "/srv/x", "0", last, hostile)
			before := called(t, calls, 3)
			if want := "<copy><store:a b></srv/x><" + hostile + ">"; before[0] != want {
				t.Errorf("called with %s, wanted %s", before[0], want)
			}
			if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
				t.Fatal(err)
			}
			if err := cmd.Wait(); err != nil {
				t.Errorf("told to end, it ended with %v", err)
			}
			if !strings.Contains(stderr.String(), "failed; trying again in 0 s") {
				t.Errorf("it says nothing of the round that failed: %q", stderr)
			}
			if after := called(t, calls, 3); len(after) < len(before)+more {
				t.Errorf("%d calls at the end, %d before", len(after), len(before))
			}
		})
	}
}

func TestFirstRound(t *testing.T) {
	for fails, tc := range map[string]struct{ calls, code int }{"0": {1, 0}, "3": {4, 0}, "99": {10, 1}} {
		t.Run(fails, func(t *testing.T) {
			t.Parallel()
			cmd, calls, _ := runScript(t, firstRound, fails, "sync", "store:a", "/srv/x", "0", "no", hostile)
			_ = cmd.Wait() // the code tells
			if got := cmd.ProcessState.ExitCode(); got != tc.code {
				t.Errorf("exit code %d, wanted %d", got, tc.code)
			}
			if got := called(t, calls, tc.calls); len(got) != tc.calls {
				t.Errorf("%d calls, wanted %d", len(got), tc.calls)
			}
		})
	}
}
