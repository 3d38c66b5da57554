// Package box runs programs in folders of their own, for tests, and says what
// differs.
package box

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Limit is far above what any command needs; it turns a hang into a failure.
const Limit = 5 * time.Minute

// Box is a folder in which commands run with an environment of its own: nothing of
// the user's gets in.
type Box struct {
	T        *testing.T
	Dir      string
	Env      []string
	Programs map[string]string // paths of programs that are not in the box's PATH, by name
}

// Output is what a command gave.
type Output struct {
	Stdout, Stderr string
	Code           int
}

// New makes a box. A folder that is named is copied into it.
func New(t *testing.T, folder string, env []string) *Box {
	t.Helper()
	b := &Box{T: t, Dir: filepath.Join(t.TempDir(), "work"), Env: env}
	if folder == "" {
		Check(t, os.Mkdir(b.Dir, 0o755))
		return b
	}
	Check(t, os.CopyFS(b.Dir, os.DirFS(filepath.FromSlash(folder))))
	return b
}

// In returns the box with a folder of it for its own.
func (b *Box) In(folder string) *Box {
	in := *b
	in.Dir = filepath.Join(b.Dir, filepath.FromSlash(folder))
	return &in
}

// Pipe runs a command with stdin and returns whatever came, also on failure.
func (b *Box) Pipe(stdin, name string, args ...string) Output {
	b.T.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), Limit)
	defer cancel()
	cmd := b.Command(ctx, name, args...)
	var stdout, stderr bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(stdin), &stdout, &stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) || ctx.Err() != nil {
		b.T.Fatalf("%s %q: %v", name, args, errors.Join(err, ctx.Err()))
	}
	return Output{stdout.String(), stderr.String(), cmd.ProcessState.ExitCode()}
}

// Command returns a command that is to run in the box.
func (b *Box) Command(ctx context.Context, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "sh", append([]string{"-c", `exec "$0" "$@"`, name}, args...)...) // looks into the box's PATH
	if path, ok := b.Programs[name]; ok || filepath.IsAbs(name) {
		path = cmp.Or(path, name)
		cmd = exec.CommandContext(ctx, path, args...)
		cmd.Args[0] = name
	}
	cmd.Dir, cmd.Env = b.Dir, b.Env
	return cmd
}

// Run is Pipe without stdin.
func (b *Box) Run(name string, args ...string) Output {
	b.T.Helper()
	return b.Pipe("", name, args...)
}

// OKPipe is Pipe for commands that must succeed.
func (b *Box) OKPipe(stdin, name string, args ...string) Output {
	b.T.Helper()
	out := b.Pipe(stdin, name, args...)
	if out.Code != 0 {
		b.T.Fatalf("%s %q: exit %d\n%s", name, args, out.Code, out.Stderr)
	}
	return out
}

// OK is Run for commands that must succeed.
func (b *Box) OK(name string, args ...string) Output {
	b.T.Helper()
	return b.OKPipe("", name, args...)
}

// Tree returns the files by their paths, but for git's own.
func (b *Box) Tree() map[string]string {
	b.T.Helper()
	files := map[string]string{}
	Check(b.T, filepath.WalkDir(b.Dir, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err == nil && d.IsDir() && d.Name() == ".git":
			return fs.SkipDir
		case err != nil || d.IsDir():
			return err
		}
		data, err := os.ReadFile(path)
		name, _ := filepath.Rel(b.Dir, path)
		files[filepath.ToSlash(name)] = string(data)
		return err
	}))
	return files
}

// Read returns the text of a file.
func (b *Box) Read(name string) string {
	b.T.Helper()
	data, err := os.ReadFile(filepath.Join(b.Dir, filepath.FromSlash(name)))
	Check(b.T, err)
	return string(data)
}

// Write writes a file, and makes the folders that it needs.
func (b *Box) Write(name, text string) {
	b.T.Helper()
	path := filepath.Join(b.Dir, filepath.FromSlash(name))
	Check(b.T, os.MkdirAll(filepath.Dir(path), 0o755))
	Check(b.T, os.WriteFile(path, []byte(text), 0o644))
}

// Replace edits a file, and insists that there is something to edit.
func (b *Box) Replace(name, from, to string) {
	b.T.Helper()
	text := b.Read(name)
	if !strings.Contains(text, from) {
		b.T.Fatalf("%s does not hold %q", name, from)
	}
	b.Write(name, strings.ReplaceAll(text, from, to))
}
