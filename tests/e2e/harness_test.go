//go:build e2e

package e2e

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// commandLimit is far above what any command needs; it turns a hang into a failure.
const commandLimit = 2 * time.Minute

// sandbox is a copy of a testdata folder in which commands run with an
// environment of its own: nothing of the user's Helm, git or HOME gets in.
type sandbox struct {
	t   *testing.T
	dir string
	env []string
}

type output struct {
	stdout, stderr string
	code           int
}

// newSandbox copies testdata/<fixture>; an empty name gives an empty folder.
func newSandbox(t *testing.T, fixture string) *sandbox {
	t.Helper()
	s := &sandbox{t: t, dir: filepath.Join(t.TempDir(), "work")}
	s.env = isolatedEnv(t.TempDir())
	if fixture == "" {
		check(t, os.Mkdir(s.dir, 0o755))
		return s
	}
	check(t, os.CopyFS(s.dir, os.DirFS(filepath.Join("testdata", fixture))))
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

// pipe runs a command with stdin and returns whatever came, also on failure.
func (s *sandbox) pipe(stdin, name string, args ...string) output {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), commandLimit)
	defer cancel()
	cmd := s.command(ctx, name, args...)
	var stdout, stderr bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(stdin), &stdout, &stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) || ctx.Err() != nil {
		s.t.Fatalf("%s %q: %v", name, args, err)
	}
	return output{stdout.String(), stderr.String(), cmd.ProcessState.ExitCode()}
}

func (s *sandbox) command(ctx context.Context, name string, args ...string) *exec.Cmd {
	path, known := binaries[name]
	if !known {
		path = name
	}
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Args[0] = name
	cmd.Dir, cmd.Env = s.dir, s.env
	return cmd
}

// run is pipe without stdin.
func (s *sandbox) run(name string, args ...string) output {
	s.t.Helper()
	return s.pipe("", name, args...)
}

// ok is run for commands that must succeed.
func (s *sandbox) ok(name string, args ...string) output {
	s.t.Helper()
	return s.okPipe("", name, args...)
}

func (s *sandbox) okPipe(stdin, name string, args ...string) output {
	s.t.Helper()
	out := s.pipe(stdin, name, args...)
	if out.code != 0 {
		s.t.Fatalf("%s %q: exit %d\n%s", name, args, out.code, out.stderr)
	}
	return out
}

func (s *sandbox) read(name string) string {
	s.t.Helper()
	data, err := os.ReadFile(filepath.Join(s.dir, name))
	check(s.t, err)
	return string(data)
}

func (s *sandbox) write(name, text string) {
	s.t.Helper()
	path := filepath.Join(s.dir, name)
	check(s.t, os.MkdirAll(filepath.Dir(path), 0o755))
	check(s.t, os.WriteFile(path, []byte(text), 0o644))
}

// replace edits a file of the sandbox and insists that there was something to edit.
func (s *sandbox) replace(name, from, to string) {
	s.t.Helper()
	text := s.read(name)
	if !strings.Contains(text, from) {
		s.t.Fatalf("%s does not hold %q", name, from)
	}
	s.write(name, strings.ReplaceAll(text, from, to))
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func copyFile(from, to string) error {
	data, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, data, 0o755)
}
