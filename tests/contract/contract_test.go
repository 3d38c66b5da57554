// Package contract holds that every statement of the contract with the hosts has
// a test. A test says by a number which statement it is for: in its name, as in
// TestK3_References, in the name of a subtest, as in t.Run("K3 references", ...), in
// its comment, as in [K3], or in the first line of a script, as in "# K3: references".
package contract

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// root is the folder of the repository.
const root = "../.."

var (
	inName    = regexp.MustCompile(`^Test([SIKPHG][0-9]+)_`)
	inSubtest = regexp.MustCompile(`^([SIKPHG][0-9]+) `)
	inComment = regexp.MustCompile(`\[([SIKPHG][0-9]+)\]`)
	inScript  = regexp.MustCompile(`^# ([SIKPHG][0-9]+): `)
)

// proofs are the tests of each number.
type proofs map[string][]string

func (p proofs) add(where string, matches [][]string) {
	for _, m := range matches {
		p[m[1]] = append(p[m[1]], where)
	}
}

// TestEveryStatementHasATest, and every number is one of a statement. With -v it
// lists the tests.
func TestEveryStatementHasATest(t *testing.T) {
	found := proofs{}
	if err := filepath.WalkDir(root, found.look); err != nil {
		t.Fatal(err)
	}
	for _, s := range statements() {
		t.Run(s.number, func(t *testing.T) {
			t.Logf("%s\n\t%s", s.text, strings.Join(found[s.number], "\n\t"))
			if len(found[s.number]) == 0 {
				t.Error("no test carries this number")
			}
			delete(found, s.number)
		})
	}
	for number, where := range found {
		t.Errorf("there is no statement %s; it is in %s", number, strings.Join(where, ", "))
	}
}

// look reads a file for numbers. Folders of tools and of other people's files are
// not ours.
func (p proofs) look(path string, d fs.DirEntry, err error) error {
	switch {
	case err != nil:
		return err
	case d.IsDir() && path != root && (strings.HasPrefix(d.Name(), ".") || slices.Contains([]string{"testdata", "dist"}, d.Name())):
		return fs.SkipDir
	case strings.HasSuffix(path, "_test.go"):
		return p.program(path)
	case strings.HasSuffix(path, ".txtar"):
		return p.script(path)
	}
	return nil
}

func (p proofs) script(path string) error {
	text, err := os.ReadFile(path)
	p.add(filepath.Base(path), inScript.FindAllStringSubmatch(string(text), 1))
	return err
}

func (p proofs) program(path string) error {
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	for _, d := range file.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok || f.Recv != nil || !strings.HasPrefix(f.Name.Name, "Test") {
			continue
		}
		p.add(f.Name.Name, inName.FindAllStringSubmatch(f.Name.Name, 1))
		p.add(f.Name.Name, inComment.FindAllStringSubmatch(f.Doc.Text(), -1))
		ast.Inspect(f, func(n ast.Node) bool {
			name := subtest(n)
			p.add(f.Name.Name+"/"+name, inSubtest.FindAllStringSubmatch(name, 1))
			return true
		})
	}
	return nil
}

// subtest is the name in a call of Run that is written out, "" for all else.
func subtest(n ast.Node) string {
	call, ok := n.(*ast.CallExpr)
	if !ok || len(call.Args) != 2 {
		return ""
	}
	run, isMethod := call.Fun.(*ast.SelectorExpr)
	name, isText := call.Args[0].(*ast.BasicLit)
	if !isMethod || run.Sel.Name != "Run" || !isText || name.Kind != token.STRING {
		return ""
	}
	text, err := strconv.Unquote(name.Value)
	if err != nil {
		return ""
	}
	return text
}

// TestProofs holds what counts as a test, and what does not.
func TestProofs(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("a_test.go", `package a
// [S3] and [S4] are held here.
func TestA(t *testing.T) { t.Run("S5 too", nil); t.Run(name, nil); t.Run("no S6", nil) }
func TestS7_Name(t *testing.T) {}
func TestS8(t *testing.T) {}
func helper() { t.Run("S9 is no test", nil) } // [S10]
func (x x) TestS11_Method() {}
`)
	write("b.txtar", "# S12: first\n# S13: second\n-- a --\n# S14: file\n")
	write("c.go", "package a\nfunc TestS15_NoTestFile() {}\n")
	found := proofs{}
	if err := filepath.WalkDir(dir, found.look); err != nil {
		t.Fatal(err)
	}
	var numbers []string
	for n := range found {
		numbers = append(numbers, n)
	}
	slices.Sort(numbers)
	if got := strings.Join(numbers, " "); got != "S12 S3 S4 S5 S7" {
		t.Errorf("found %s", got)
	}
}
