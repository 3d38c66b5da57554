package initcontainer

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
)

// TestBounded runs the script around commands: it tells how they ended.
func TestBounded(t *testing.T) {
	for _, c := range []struct {
		name    string
		limit   int32
		command []string
		code    int
		out     string
	}{
		{"done", 5, []string{"sh", "-c", `printf '%s.' "$@"`, "sh", "a b", "$(c)"}, 0, "a b.$(c).name: done\n"},
		{"failed", 5, []string{"sh", "-c", "exit 3"}, 3, "name: failed with exit code 3\n"},
		{"no such command", 5, []string{"/no/such/command"}, 127, "failed with exit code 127\n"},
		{"too late", 1, []string{"sleep", "60"}, 1, "name: gave up after 1 s\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			cmd := inBusybox(t, c.limit, func(p *plan, made *corev1.Container) { p.bounded(made, c.command...) })
			out, err := cmd.CombinedOutput()
			if cmd.ProcessState.ExitCode() != c.code || !strings.Contains(string(out), c.out) {
				t.Errorf("%v, exit code %d: %s", err, cmd.ProcessState.ExitCode(), out)
			}
		})
	}
}

// TestBoundedIn: what a command prints appears when it has succeeded, and not in
// part; what was there before stays when it fails.
func TestBoundedIn(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a b", "c")
	run := func(script string) error {
		cmd := inBusybox(t, 5, func(p *plan, made *corev1.Container) { p.boundedIn(made, dir, "sub/file", "sh", "-eu", "-c", script) })
		return cmd.Run()
	}
	if err := run("pwd; echo first"); err != nil {
		t.Fatal(err)
	}
	if err := run("echo half; false"); err == nil {
		t.Error("a failing command succeeds")
	}
	data, err := os.ReadFile(filepath.Join(dir, "sub/file"))
	if want := dir + "\nfirst\n"; err != nil || string(data) != want {
		t.Errorf("the file holds %q, not %q: %v", data, want, err)
	}
}

// TestBoundedStops: the command is told to stop, too, and may take its time.
func TestBoundedStops(t *testing.T) {
	cmd := inBusybox(t, 60, func(p *plan, made *corev1.Container) {
		p.bounded(made, "sh", "-c", "trap 'echo bye; exit' TERM; echo hello; while :; do sleep 1; done")
	})
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	stuck := time.AfterFunc(20*time.Second, func() { _ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) })
	defer stuck.Stop()
	text := make([]byte, 100)
	if _, err := out.Read(text); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	n, _ := out.Read(text)
	if err := cmd.Wait(); cmd.ProcessState.ExitCode() != 143 || string(text[:n]) != "bye\n" {
		t.Errorf("the command printed %q, and ended with %v", text[:n], err)
	}
}

// inBusybox is the command of a container, as the kubelet gives it to busybox.
func inBusybox(t *testing.T, limit int32, build func(*plan, *corev1.Container)) *exec.Cmd {
	t.Helper()
	busybox, err := exec.LookPath("busybox")
	if err != nil {
		t.Skip("there is no busybox to run the script with")
	}
	bin := t.TempDir()
	for _, name := range []string{"sh", "sleep", "date", "mkdir", "mv", "dirname", "timeout", "stat", "id", "ls", "grep", "nc", "wget", "awk", "cat", "chmod", "chown", "find", "rm"} {
		if err := os.Symlink(busybox, filepath.Join(bin, name)); err != nil {
			t.Fatal(err)
		}
	}
	p := &plan{name: "name", config: &Config{TimeoutSeconds: limit}}
	var c corev1.Container
	build(p, &c)
	args := []string{}
	for _, arg := range c.Command[1:] {
		args = append(args, strings.ReplaceAll(arg, "$$", "$"))
	}
	cmd := exec.Command(filepath.Join(bin, "sh"), args...)
	cmd.Env = []string{"PATH=" + bin}
	return cmd
}
