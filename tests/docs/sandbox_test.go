package docs_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/krm-sidecars/krm-sidecars/tests/box"
)

// limit is far above what any block needs; it turns a hang into a failure.
const limit = 2 * time.Minute

// sandbox is a copy of an example, the plugins and the Components, in which blocks run with an
// environment of its own.
type sandbox struct {
	t    *testing.T
	root string // the copy
	dir  string // where blocks run
	env  []string
}

type output struct {
	stdout, stderr string
	err            error
}

// newSandbox makes a sandbox whose blocks run in a folder of the repository, or in
// a new one, with a host program or none; for Helm, with its plugin. It skips the
// test when the host has not been built.
func newSandbox(t *testing.T, folder, host string) *sandbox {
	t.Helper()
	copied, bin, home := t.TempDir(), t.TempDir(), t.TempDir()
	if host != "" {
		link(t, host, bin)
	}
	path := strings.Join([]string{product, bin, os.Getenv("PATH")}, string(os.PathListSeparator))
	s := &sandbox{t: t, root: copied, env: []string{
		"PATH=" + path, "HOME=" + home, "TMPDIR=" + home, "GIT_CONFIG_NOSYSTEM=1", "KUBECONFIG=" + filepath.Join(home, "none"),
		"HELM_DATA_HOME=" + filepath.Join(home, "data"), "HELM_CONFIG_HOME=" + filepath.Join(home, "config"),
		"HELM_CACHE_HOME=" + filepath.Join(home, "cache"),
	}}
	s.copy("plugins")
	s.copy("components")
	if s.dir = filepath.Join(copied, folder); strings.HasPrefix(folder, "new/") {
		box.Check(t, os.MkdirAll(s.dir, 0o755))
	} else {
		s.copy(folder)
	}
	if strings.HasPrefix(host, "helm") {
		s.installPlugin(host)
	}
	return s
}

// copy brings a folder of the repository into the sandbox.
func (s *sandbox) copy(folder string) {
	s.t.Helper()
	box.Check(s.t, os.CopyFS(filepath.Join(s.root, filepath.FromSlash(folder)), os.DirFS(filepath.Join(root, folder))))
}

// hostOf tells which program a folder is an example for, by its name. Flux renders
// charts with Helm 4.
func hostOf(folder string) string {
	name, _, _ := strings.Cut(filepath.Base(folder), "-")
	if name == "flux" {
		return "helm4"
	}
	if slices.Contains(hosts(), name) {
		return name
	}
	return ""
}

func hosts() []string { return []string{"kustomize", "kpt", "helm3", "helm4"} }

// link puts a host program into bin, under the name that people call it by.
func link(t *testing.T, name, bin string) {
	t.Helper()
	program, err := filepath.Abs(filepath.Join(root, ".bin", name))
	box.Check(t, err)
	if _, err := os.Stat(program); err != nil {
		t.Skipf("%s is not in .bin; `make tools` builds it", name)
	}
	if strings.HasPrefix(name, "helm") {
		name = "helm"
	}
	box.Check(t, os.Symlink(program, filepath.Join(bin, name)))
}

// run runs a block as a person would paste it into a shell.
func (s *sandbox) run(script string) output {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	cmd := exec.CommandContext(ctx, "sh", "-eu", "-c", script)
	var stdout, stderr bytes.Buffer
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = s.dir, s.env, &stdout, &stderr
	err := cmd.Run()
	return output{stdout.String(), stderr.String(), errors.Join(err, ctx.Err())}
}

// ok runs a block that must succeed.
func (s *sandbox) ok(script string) output {
	s.t.Helper()
	out := s.run(script)
	if out.err != nil {
		s.t.Fatalf("%s%v\n%s", script, out.err, out.stderr)
	}
	return out
}

// prepare runs what comes before the blocks of a document in a folder: what the
// README of the example sets up, or, in a new folder, the document itself.
func (s *sandbox) prepare(document, folder string) {
	s.t.Helper()
	own := folder + "/README.md"
	switch {
	case strings.HasPrefix(folder, "new/"):
		s.setUp(blocks(s.t, document))
	case own != document:
		s.setUp(blocks(s.t, own))
	}
}

// setUp runs the blocks of a document that prepare its others.
func (s *sandbox) setUp(all []block) {
	s.t.Helper()
	for _, b := range all {
		if b.verb == "setup" {
			s.ok(b.text)
		}
	}
}

// tree returns the files in the sandbox's folder by path.
func (s *sandbox) tree() map[string]string {
	s.t.Helper()
	return (&box.Box{T: s.t, Dir: s.dir}).Tree()
}
