package docs_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/krm-sidecars/krm-sidecars/tests/box"
)

var resultRow = regexp.MustCompile("(?m)^\\| `([a-z-]+)` \\| ([a-z]*) ?\\| ([^|]*) \\| ([^|]*)\\|$")

// TestResultCodes: docs/results.md has a row for every code and no other, and
// tells which are not reported yet.
func TestResultCodes(t *testing.T) {
	rows := map[string][]string{}
	for _, m := range resultRow.FindAllStringSubmatch(read(t, "docs/results.md"), -1) {
		if rows[m[1]] != nil {
			t.Errorf("code %s has two rows", m[1])
		}
		rows[m[1]] = m[2:]
	}
	codes := constants(t)
	if d := cmp.Diff(slices.Sorted(maps.Values(codes)), slices.Sorted(maps.Keys(rows))); d != "" {
		t.Errorf("docs/results.md and pkg/pod/finding.go differ (-code +table):\n%s", d)
	}
	used := usedCodes(t)
	for name, code := range codes {
		reserved := len(rows[code]) > 0 && strings.TrimSpace(rows[code][1]) == "not reported yet"
		if used[name] == reserved {
			t.Errorf("code %s: reported is %v, but the table says not reported yet: %v", code, used[name], reserved)
		}
		if !reserved && len(rows[code]) > 0 && !slices.Contains([]string{"error", "warning", "info"}, rows[code][0]) {
			t.Errorf("code %s: the table says no severity", code)
		}
	}
}

// constants returns the codes by the names of their constants.
func constants(t *testing.T) map[string]string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(root, "pkg/pod/finding.go"), nil, 0)
	box.Check(t, err)
	codes := map[string]string{}
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if of, ok := spec.Type.(*ast.Ident); ok && of.Name == "Code" {
			code, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
			box.Check(t, err)
			codes[spec.Names[0].Name] = code
		}
		return true
	})
	return codes
}

// usedCodes returns the names of the constants that code other than tests uses.
func usedCodes(t *testing.T) map[string]bool {
	t.Helper()
	used := map[string]bool{}
	for _, folder := range []string{"pkg", "functions"} {
		box.Check(t, filepath.WalkDir(filepath.Join(root, folder), func(path string, _ fs.DirEntry, err error) error {
			if err != nil || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
				return err
			}
			own := filepath.Base(filepath.Dir(path)) == "pod"
			if own && filepath.Base(path) == "finding.go" {
				return nil
			}
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
			if err != nil {
				return err
			}
			ast.Inspect(file, func(n ast.Node) bool { note(n, own, used); return true })
			return nil
		}))
	}
	return used
}

// note notes pod.X, and inside of package pod the value of a field Code.
func note(n ast.Node, own bool, used map[string]bool) {
	switch n := n.(type) {
	case *ast.SelectorExpr:
		if of, ok := n.X.(*ast.Ident); ok && of.Name == "pod" {
			used[n.Sel.Name] = true
		}
	case *ast.KeyValueExpr:
		key, isIdent := n.Key.(*ast.Ident)
		if value, ok := n.Value.(*ast.Ident); own && isIdent && ok && key.Name == "Code" {
			used[value.Name] = true
		}
	}
}
