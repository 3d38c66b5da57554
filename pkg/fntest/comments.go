package fntest

import (
	"cmp"
	"go/ast"
	"go/parser"
	"go/token"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
)

// sources holds the comments on the fields of structs, by package, and there by
// Type.Field.
type sources map[string]map[string]string

// comment returns the comment on a field of a struct.
func (s sources) comment(t testing.TB, of reflect.Type, field string) string {
	t.Helper()
	if s[of.PkgPath()] == nil {
		s[of.PkgPath()] = comments(t, of.PkgPath())
	}
	return s[of.PkgPath()][of.Name()+"."+field]
}

// comments reads the sources of a package.
func comments(t testing.TB, pkg string) map[string]string {
	t.Helper()
	dir, err := exec.Command("go", "list", "-find", "-f", "{{.Dir}}", pkg).Output()
	if err != nil {
		t.Fatalf("go list %s: %v", pkg, err)
	}
	files, err := filepath.Glob(filepath.Join(strings.TrimSpace(string(dir)), "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for _, file := range files {
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(parsed, func(n ast.Node) bool { note(n, found); return true })
	}
	return found
}

// note notes the comments on the fields of a struct with a name.
func note(n ast.Node, found map[string]string) {
	spec, ok := n.(*ast.TypeSpec)
	if !ok {
		return
	}
	structure, ok := spec.Type.(*ast.StructType)
	if !ok {
		return
	}
	for _, f := range structure.Fields.List {
		for _, name := range f.Names {
			found[spec.Name.Name+"."+name.Name] = cmp.Or(markers.ReplaceAllString(f.Doc.Text(), ""), f.Comment.Text())
		}
	}
}

// markers are lines of a comment that are for tools, such as +required.
var markers = regexp.MustCompile(`(?m)^\+.*\n`)

// defaultWord is a default of one word, as comments have it: "Default 256Mi.".
var defaultWord = regexp.MustCompile(`\bDefault ([^ ]+)\.( |$)`)

// meaning is a comment without the Go name of the field that it begins with, as
// the reference has the field in a column of its own: "Dir is where" means "where",
// "Dir names" means "names", but "Dir of" means "dir of".
func meaning(comment, goName, name string) string {
	text := strings.Join(strings.Fields(comment), " ")
	text = defaultWord.ReplaceAllString(text, "Default `$1`.$2")
	rest, begins := strings.CutPrefix(text, goName+" ")
	verb, after, _ := strings.Cut(rest, " ")
	switch {
	case !begins:
		return text
	case verb == "is" || verb == "are":
		return after
	case strings.HasSuffix(verb, "s"):
		return rest
	default:
		return name + " " + rest
	}
}
