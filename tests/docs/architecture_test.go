package docs_test

import (
	"fmt"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/krm-sidecars/krm-sidecars/functions"
	"github.com/krm-sidecars/krm-sidecars/tests/box"
)

var packageRow = regexp.MustCompile("(?m)^\\| `([a-z]+)` \\| [^|]* \\| ([^|]*)\\|$")

const module = "github.com/krm-sidecars/krm-sidecars/"

// TestPackages: the table in ARCHITECTURE.md has every package with the imports
// that it really has, and an order in which imports run one way.
func TestPackages(t *testing.T) {
	table := map[string][]string{}
	for _, m := range packageRow.FindAllStringSubmatch(read(t, "ARCHITECTURE.md"), -1) {
		imports := []string{}
		for name := range strings.SplitSeq(m[2], ",") {
			if name = strings.Trim(name, " `"); name != "" {
				imports = append(imports, name)
				if _, above := table[name]; !above {
					t.Errorf("%s imports %s, which does not stand above it", m[1], name)
				}
			}
		}
		table[m[1]] = imports
	}
	if d := cmp.Diff(imports(t), table); d != "" {
		t.Errorf("ARCHITECTURE.md does not tell of the packages as they are (-real +told):\n%s", d)
	}
}

// imports returns what each package below pkg imports of ours.
func imports(t *testing.T) map[string][]string {
	t.Helper()
	all := map[string]map[string]bool{}
	files, err := filepath.Glob(filepath.Join(root, "pkg/*/*.go"))
	box.Check(t, err)
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		name := filepath.Base(filepath.Dir(file))
		if all[name] == nil {
			all[name] = map[string]bool{}
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		box.Check(t, err)
		for _, spec := range parsed.Imports {
			path, err := strconv.Unquote(spec.Path.Value)
			box.Check(t, err)
			if ours, ok := strings.CutPrefix(path, module+"pkg/"); ok {
				all[name][ours] = true
			}
		}
	}
	sorted := map[string][]string{}
	for name, set := range all {
		sorted[name] = append([]string{}, slices.Sorted(maps.Keys(set))...)
	}
	return sorted
}

// TestFunctionTable: the README and the index of the documents list the functions
// as they describe themselves.
func TestFunctionTable(t *testing.T) {
	for _, f := range functions.All() {
		link := "[" + f.Name + "](%sfunctions/" + f.Name + "/README.md)"
		for name, row := range map[string]string{
			"README.md":      "| " + fmt.Sprintf(link, "") + " | `" + f.Kind + "` | " + f.Short + " |\n",
			"docs/README.md": "| " + fmt.Sprintf(link, "../") + " | " + f.Short + " |\n",
		} {
			if !strings.Contains(read(t, name), row) {
				t.Errorf("%s lacks the row\n%s", name, row)
			}
		}
	}
}

// TestIndex: docs/README.md leads to every page.
func TestIndex(t *testing.T) {
	index := read(t, "docs/README.md")
	for _, name := range documents(t) {
		page, ok := strings.CutPrefix(name, "docs/")
		if ok && page != "README.md" && !strings.Contains(page, "/") && !strings.Contains(index, "]("+page+")") {
			t.Errorf("docs/README.md does not lead to %s", name)
		}
	}
}
