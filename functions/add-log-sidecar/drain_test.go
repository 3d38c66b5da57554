package logsidecar

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestDrain runs the command of the sidecar: it follows a file, prints what is
// written until the end, and ends when it is told to, with all that it started.
func TestDrain(t *testing.T) {
	shell, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("there is no sh to run the command with")
	}
	file := filepath.Join(t.TempDir(), "it's a log")
	sidecar := exec.Command(shell, "-c", fmt.Sprintf(drain, "+1"), agentTail, file)
	sidecar.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	var complaints strings.Builder
	sidecar.Stderr = &complaints
	out, err := sidecar.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := sidecar.Start(); err != nil {
		t.Fatal(err)
	}
	stuck := time.AfterFunc(20*time.Second, func() {
		t.Error("what was started does not end")
		_ = syscall.Kill(-sidecar.Process.Pid, syscall.SIGKILL)
	})
	defer stuck.Stop()

	lines := bufio.NewScanner(out)
	write(t, file, "first\n")
	if !lines.Scan() || lines.Text() != "first" {
		t.Fatalf("the first line came as %q: %v", lines.Text(), lines.Err())
	}
	if err := sidecar.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	write(t, file, "last\n")
	if !lines.Scan() || lines.Text() != "last" {
		t.Errorf("the last line came as %q: %v", lines.Text(), lines.Err())
	}
	if rest, err := io.ReadAll(out); err != nil || len(rest) > 0 { // ends when nobody has the pipe any more: tail has ended, too
		t.Errorf("behind the last line: %q, %v", rest, err)
	}
	if err := sidecar.Wait(); err != nil {
		t.Errorf("the sidecar ended with %v", err)
	}
	for line := range strings.Lines(complaints.String()) {
		if !strings.HasPrefix(line, "tail: ") {
			t.Errorf("the shell complains: %s", line)
		}
	}
}

func write(t *testing.T, file, text string) {
	t.Helper()
	f, err := os.OpenFile(file, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteString(text); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}
