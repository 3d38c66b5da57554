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
)

// TestExamples runs the first shell block of each example, but for setups,
// twice. The first run gives expected.yaml on stdout, or changes files as
// expected.diff tells; the second gives the same and changes nothing.
func TestExamples(t *testing.T) {
	names, err := filepath.Glob(filepath.Join(root, "examples/*/*/README.md"))
	check(t, err)
	for _, name := range names {
		name = strings.TrimPrefix(filepath.ToSlash(name), root+"/")
		folder := strings.TrimSuffix(name, "/README.md")
		t.Run(strings.TrimPrefix(folder, "examples/"), func(t *testing.T) { example(t, folder, blocks(t, name)) })
	}
}

func example(t *testing.T, folder string, all []block) {
	t.Helper()
	s := newSandbox(t, folder)
	i := slices.IndexFunc(all, func(b block) bool { return b.lang == "sh" && b.verb != "setup" })
	if i < 0 {
		t.Fatal("the README has no sh block")
	}
	s.setUp(all)
	before := s.tree()
	first := s.ok(all[i].text)
	after := s.tree()
	expected(t, folder, "expected.yaml", first.stdout)
	expected(t, folder, "expected.diff", changes(before, after))

	second := s.ok(all[i].text)
	if d := cmp.Diff(first.stdout, second.stdout); d != "" {
		t.Errorf("the second run prints something else (-first +second):\n%s", d)
	}
	if d := changes(after, s.tree()); d != "" {
		t.Errorf("the second run changes files:\n%s", d)
	}
}

// expected compares a golden file of an example, with records shortened. There
// is none for what is empty.
func expected(t *testing.T, folder, name, got string) {
	t.Helper()
	got = shortened(got)
	file := filepath.Join(root, filepath.FromSlash(folder), name)
	if *update {
		check(t, os.RemoveAll(file))
		if got != "" {
			check(t, os.WriteFile(file, []byte(got), 0o644))
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
	hosts := []string{"files", "kustomize-", "kpt-", "helm3-", "helm4-"}
	for _, f := range functions.All() {
		for _, h := range hosts {
			found, err := filepath.Glob(filepath.Join(root, "examples", f.Name, h+"*", "README.md"))
			if check(t, err); len(found) == 0 {
				t.Errorf("there is no example examples/%s/%s*", f.Name, h)
			}
		}
	}
}
