package docs_test

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/diff"

	"github.com/krm-sidecars/krm-sidecars/functions"
	"github.com/krm-sidecars/krm-sidecars/tests/box"
)

// TestExamples runs the first shell block of each example, but for setups,
// twice. The first run gives expected.yaml on stdout, or changes files as
// expected.diff tells; the second gives the same and changes nothing.
func TestExamples(t *testing.T) {
	for _, folder := range examples(t) {
		t.Run(strings.TrimPrefix(folder, "examples/"), func(t *testing.T) { example(t, folder, blocks(t, folder+"/README.md")) })
	}
}

// examples returns the folders of the examples.
func examples(t *testing.T) []string {
	t.Helper()
	var folders []string
	for _, name := range documents(t) {
		if folder, ok := strings.CutSuffix(name, "/README.md"); ok && strings.Count(name, "/") == 3 {
			folders = append(folders, folder)
		}
	}
	return folders
}

// TestExamplesAreListed: examples/README.md leads to all of them.
func TestExamplesAreListed(t *testing.T) {
	list := read(t, "examples/README.md")
	for _, folder := range examples(t) {
		if !strings.Contains(list, "]("+strings.TrimPrefix(folder, "examples/")+")") {
			t.Errorf("examples/README.md does not tell of %s", folder)
		}
	}
}

func example(t *testing.T, folder string, all []block) {
	t.Helper()
	s := newSandbox(t, folder, hostOf(folder))
	script := firstBlock(t, all)
	s.setUp(all)
	before := s.tree()
	first := s.ok(script)
	after := s.tree()
	expected(t, folder, "expected.yaml", first.stdout)
	expected(t, folder, "expected.diff", changes(before, after))

	second := s.ok(script)
	if d := cmp.Diff(first.stdout, second.stdout); d != "" {
		t.Errorf("the second run prints something else (-first +second):\n%s", d)
	}
	if d := changes(after, s.tree()); d != "" {
		t.Errorf("the second run changes files:\n%s", d)
	}
}

// firstBlock is what an example is about.
func firstBlock(t *testing.T, all []block) string {
	t.Helper()
	i := slices.IndexFunc(all, func(b block) bool { return b.lang == "sh" && b.verb != "setup" })
	if i < 0 {
		t.Fatal("the README has no sh block")
	}
	return all[i].text
}

// expected compares a golden file of an example, with records shortened. There
// is none for what is empty.
func expected(t *testing.T, folder, name, got string) {
	t.Helper()
	got = shortened(got)
	file := filepath.Join(root, filepath.FromSlash(folder), name)
	if *update {
		box.Check(t, os.RemoveAll(file))
		if got != "" {
			box.Check(t, os.WriteFile(file, []byte(got), 0o644))
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil && (got != "" || !os.IsNotExist(err)) {
		t.Fatalf("%v; go test ./tests/docs -update writes it", err)
	}
	if d := cmp.Diff(string(want), got); d != "" {
		t.Errorf("%s (-want +got):\n%s", name, d)
	}
}

// changes is the difference between two trees of files.
func changes(before, after map[string]string) string {
	both := maps.Clone(before)
	maps.Copy(both, after)
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(both)) {
		text := string(diff.Diff("a/"+name, []byte(before[name]), "b/"+name, []byte(after[name])))
		_, text, _ = strings.Cut(text, "\n") // a line that no tool needs
		b.WriteString(text)
	}
	return b.String()
}

// TestEveryFunctionHasExamples: one for each host, and one on plain files.
func TestEveryFunctionHasExamples(t *testing.T) {
	for _, f := range functions.All() {
		for _, h := range append(hosts(), "files") {
			found, err := filepath.Glob(filepath.Join(root, "examples", f.Name, h+"*", "README.md"))
			if box.Check(t, err); len(found) == 0 {
				t.Errorf("there is no example examples/%s/%s*", f.Name, h)
			}
		}
	}
}
