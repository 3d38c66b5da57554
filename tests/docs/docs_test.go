package docs_test

import (
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/krm-sidecars/krm-sidecars/tests/box"
)

// TestBlocks runs the shell blocks of every document, in order, and compares
// what is quoted. The blocks of a document that run in one folder share it.
func TestBlocks(t *testing.T) {
	for _, name := range documents(t) {
		all := blocks(t, name)
		for _, folder := range folders(name, all) {
			t.Run(name+" in "+path.Base(folder), func(t *testing.T) { follow(t, name, folder, all) })
		}
	}
}

// folders returns where the shell blocks of a document run, in order.
func folders(name string, all []block) []string {
	var found []string
	for _, b := range all {
		if folder := b.folder(name); b.lang == "sh" && b.verb != "with" && folder != everywhere && !slices.Contains(found, folder) {
			found = append(found, folder)
		}
	}
	return found
}

// everywhere stands for the new folders of a document: what is set up outside of
// an example is set up in each of them.
const everywhere = "new/*"

// folder is where a block runs: where it says, or beside an example's README.
func (b block) folder(document string) string {
	switch {
	case b.verb == "run in":
		return b.arg
	case b.verb == "setup" && !strings.HasPrefix(document, "examples/"):
		return everywhere
	}
	return path.Dir(document)
}

// follow does what a document tells to do in a folder.
func follow(t *testing.T, name, folder string, all []block) {
	t.Helper()
	if !strings.HasPrefix(folder, "examples/") && !strings.HasPrefix(folder, "new/") {
		t.Fatalf("%s: a sh block without a place to run; put <!-- run in examples/... --> in front, or make it a text block with <!-- not run: why -->", name)
	}
	s := newSandbox(t, folder, hostOf(folder))
	s.prepare(name, folder)
	before := s.tree()
	removed := false
	var last output
	here := false // the last sh block ran in this folder
	for _, b := range all {
		switch {
		case b.verb == "with":
			here = false // TestHosts runs it
		case b.lang == "sh":
			if here = b.folder(name) == folder; here {
				last = s.ok(b.text)
				removed = strings.HasPrefix(b.text, "krm-sidecars remove ")
			}
		case b.verb == "output" && here:
			compare(t, name, b, last.stdout)
		case b.verb == "messages" && here:
			compare(t, name, b, last.stderr)
		}
	}
	if d := changes(before, s.tree()); removed && d != "" {
		t.Errorf("%s: removing does not give back the files:\n%s", name, d)
	}
}

func compare(t *testing.T, name string, b block, got string) {
	t.Helper()
	if !quotes(b.text, got) {
		t.Errorf("%s:%d: the block does not quote what comes (-quoted +real):\n%s", name, b.line, cmp.Diff(b.text, shortened(got)))
	}
}

// TestFiles compares the files that documents quote.
func TestFiles(t *testing.T) {
	for _, name := range documents(t) {
		for _, b := range blocks(t, name) {
			if b.verb == "file" {
				compare(t, name, b, read(t, b.arg))
			}
		}
	}
}

// TestCommandsAreRun: blocks of commands that nobody runs say so.
func TestCommandsAreRun(t *testing.T) {
	for _, name := range documents(t) {
		for _, b := range blocks(t, name) {
			if b.verb == "not run" && (b.lang != "text" || b.arg == "") {
				t.Errorf("%s:%d: a block that is not run is a text block, and its comment says why", name, b.line)
			}
			first, _, _ := strings.Cut(b.text, " ")
			commands := []string{"krm-sidecars", "kustomize", "kpt", "helm", "make", "go", "git", "docker", "$"}
			if b.lang == "text" && b.verb != "not run" && slices.Contains(commands, first) {
				t.Errorf("%s:%d: a text block of commands; make it a sh block that runs, or put <!-- not run: why --> in front", name, b.line)
			}
		}
	}
}

// TestMakeTargets: documents and workflows name targets that the Makefile has.
func TestMakeTargets(t *testing.T) {
	makefile := read(t, "Makefile")
	names := documents(t)
	workflows, err := filepath.Glob(filepath.Join(root, ".github/workflows/*.yml"))
	box.Check(t, err)
	for _, w := range workflows {
		names = append(names, strings.TrimPrefix(filepath.ToSlash(w), root+"/"))
	}
	for _, name := range names {
		for _, m := range makeCall.FindAllStringSubmatch(read(t, name), -1) {
			if !strings.Contains(makefile, "\n"+m[1]+":") {
				t.Errorf("%s: the Makefile has no target %q", name, m[1])
			}
		}
	}
}

func TestSizes(t *testing.T) {
	for name, limit := range map[string]int{"README.md": 150, "ARCHITECTURE.md": 120, "Makefile": 140} {
		if n := strings.Count(read(t, name), "\n"); n > limit {
			t.Errorf("%s has %d lines; it must not have more than %d", name, n, limit)
		}
	}
	for _, name := range documents(t) {
		if text := fenced.ReplaceAllString(read(t, name), ""); !strings.HasSuffix(text, "\n") || strings.Contains(text, "\t\n") || strings.Contains(text, " \n") {
			t.Errorf("%s: white space at the end of a line, or no line feed at the end", name)
		}
	}
	if _, err := os.Stat(filepath.Join(root, "LICENSE")); err != nil {
		t.Error(err)
	}
}
