package adversarial

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Limits of every process.
const (
	deadline  = 5 * time.Second  // of work; a process that waits for something does none
	patience  = 20 * time.Second // until a process that waits is killed, on a machine with much else to do
	memory    = "8388608"        // KiB of addresses, of which Go takes more than it uses
	maxMemory = 2 << 30          // bytes in use
)

// desk is a folder in which the program runs.
type desk struct {
	t   *testing.T
	dir string
	env []string
}

func newDesk(t *testing.T, files map[string]string) *desk {
	t.Helper()
	d := &desk{t: t, dir: t.TempDir()}
	for name, text := range files {
		d.write(name, text)
	}
	return d
}

func (d *desk) path(name string) string { return filepath.Join(d.dir, name) }

func (d *desk) write(name, text string) {
	d.t.Helper()
	if err := os.WriteFile(d.path(name), []byte(text), 0o644); err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) read(name string) string {
	d.t.Helper()
	text, err := os.ReadFile(d.path(name))
	if err != nil {
		d.t.Fatal(err)
	}
	return string(text)
}

// answer is what a process gave.
type answer struct {
	code           int
	stdout, stderr string
}

// command prepares the program under its limits.
func (d *desk) command(ctx context.Context, args ...string) *exec.Cmd {
	limited := `ulimit -v ` + memory + ` 2>/dev/null; exec "$0" "$@"` // macOS knows no such limit
	cmd := exec.CommandContext(ctx, "sh", append([]string{"-c", limited, program}, args...)...)
	cmd.Dir, cmd.Env = d.dir, append([]string{"PATH=" + os.Getenv("PATH")}, d.env...)
	return cmd
}

// run runs the program. A hang, a crash, and too much memory fail the test.
func (d *desk) run(stdin io.Reader, args ...string) answer {
	d.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	cmd := d.command(ctx, args...)
	var stdout, stderr bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = stdin, &stdout, &stderr
	start := time.Now()
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) && !errors.Is(err, errGone) {
		d.t.Fatalf("%q: %v", args, err)
	}
	a := answer{cmd.ProcessState.ExitCode(), stdout.String(), stderr.String()}
	worked := cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	if took := min(time.Since(start), worked); took > deadline || ctx.Err() != nil {
		d.t.Errorf("%q hangs: %v, of which %v at work", args, time.Since(start), worked)
	}
	if used := peak(cmd.ProcessState); used > maxMemory {
		d.t.Errorf("%q uses %d MiB", args, used>>20)
	}
	a.noCrash(d.t)
	return a
}

// crashes are words of a program that has lost control.
var crashes = []string{"panic:", "goroutine ", "fatal error", "this is a bug", "internal-error", "runtime error", "applying edit"}

func (a answer) noCrash(t *testing.T) {
	t.Helper()
	for _, word := range crashes {
		if strings.Contains(a.stderr, word) {
			t.Errorf("exit %d, crashed (%s):\n%.600s", a.code, word, a.stderr)
			return
		}
	}
	if a.code != 0 && (a.code != 1 || strings.TrimSpace(a.stderr) == "") {
		t.Errorf("exit %d, and says %.600q", a.code, a.stderr)
	}
}
