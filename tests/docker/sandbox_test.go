//go:build docker

package docker

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// limit is far above what any command needs; it turns a hang into a failure.
const limit = 5 * time.Minute

// sandbox is a copy of an example in which hosts run.
type sandbox struct {
	t   *testing.T
	dir string
	env []string
}

type output struct {
	stdout, stderr string
	code           int
}

// newSandbox copies a folder of the repository; "" gives an empty one. The
// program of the images is in the PATH.
func newSandbox(t *testing.T, folder string) *sandbox {
	t.Helper()
	s := &sandbox{t: t, dir: filepath.Join(t.TempDir(), "work")}
	home := t.TempDir()
	s.env = []string{
		"HOME=" + home, "TMPDIR=" + home, "KPT_FN_RUNTIME=docker", "KRM_FN_RUNTIME=docker",
		"DOCKER_HOST=" + os.Getenv("DOCKER_HOST"), "DOCKER_BUILDKIT=0",
		"PATH=" + strings.Join([]string{filepath.Dir(program), filepath.Join(root, ".bin"), os.Getenv("PATH")}, string(os.PathListSeparator)),
	}
	if folder == "" {
		check(t, os.Mkdir(s.dir, 0o755))
		return s
	}
	check(t, os.CopyFS(s.dir, os.DirFS(filepath.Join(root, filepath.FromSlash(folder)))))
	return s
}

// pipe runs a command with stdin and returns whatever came, also on failure.
func (s *sandbox) pipe(stdin, name string, args ...string) output {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	script := append([]string{"-c", `exec "$0" "$@"`, name}, args...) // looks up the name in our PATH
	cmd := exec.CommandContext(ctx, "sh", script...)
	cmd.Dir, cmd.Env = s.dir, s.env
	var stdout, stderr bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(stdin), &stdout, &stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) || ctx.Err() != nil {
		s.t.Fatalf("%s %q: %v", name, args, err)
	}
	return output{stdout.String(), stderr.String(), cmd.ProcessState.ExitCode()}
}

// ok runs a command that must succeed.
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

// tree returns the files by path.
func (s *sandbox) tree() map[string]string {
	s.t.Helper()
	files := map[string]string{}
	check(s.t, filepath.WalkDir(s.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		name, _ := filepath.Rel(s.dir, path)
		files[filepath.ToSlash(name)] = string(data)
		return err
	}))
	return files
}

// replace edits every file that holds a text, and insists that there is one.
func (s *sandbox) replace(from, to string) {
	s.t.Helper()
	found := false
	for name, text := range s.tree() {
		if strings.Contains(text, from) {
			found = true
			s.write(name, strings.ReplaceAll(text, from, to))
		}
	}
	if !found {
		s.t.Fatalf("no file holds %q", from)
	}
}

func (s *sandbox) write(name, text string) {
	s.t.Helper()
	path := filepath.Join(s.dir, filepath.FromSlash(name))
	check(s.t, os.MkdirAll(filepath.Dir(path), 0o755))
	check(s.t, os.WriteFile(path, []byte(text), 0o644))
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func equal(t *testing.T, what string, want, got any) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(output{})); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// contains asserts that every one of the texts occurs.
func contains(t *testing.T, what, text string, wanted ...string) {
	t.Helper()
	for _, w := range wanted {
		if !strings.Contains(text, w) {
			t.Errorf("%s lacks %q:\n%s", what, w, text)
		}
	}
}
