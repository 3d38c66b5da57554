package yamlpatch

import (
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/krm-sidecars/krm-sidecars/pkg/edit"
)

// TestAnchorHoldsItself: such a tree has no end.
func TestAnchorHoldsItself(t *testing.T) {
	for _, src := range []string{"0: &x {#\n5: *x}", "a: &x\n  ? b\n  : [*x]\n", "a: &x [{b: *x}, !!str c]\n"} {
		if d, err := Parse(src, 0); err == nil {
			t.Errorf("%q was read: %v", src, d.Root.Kind)
		} else if !strings.Contains(err.Error(), "holds itself") && !strings.Contains(err.Error(), "unknown anchor") {
			t.Errorf("%q: %v", src, err)
		}
	}
}

// TestControlCharacters: YAML takes none of them raw.
func TestControlCharacters(t *testing.T) {
	for _, s := range []string{"x\x7f", "a\u0085b", "\u009f", "\ufeffx", "\u2028", "tab\tand\x01", "\ufffe", "\U0001F600!", "\U0009130fj"} {
		text, err := Render(edit.Obj(edit.Field{Name: "a", Value: edit.Str(s)}, edit.Field{Name: s, Value: edit.Str("b")}))
		if err != nil {
			t.Fatal(err)
		}
		var got map[string]string
		if err := yaml.Unmarshal([]byte(text), &got); err != nil || got["a"] != s || got[s] != "b" {
			t.Errorf("%q is written as\n%s, which is read as %q (%v)", s, text, got, err)
		}
	}
}

// TestInsertIntoScalar: what stands there is no list.
func TestInsertIntoScalar(t *testing.T) {
	d, err := Parse("a:\n  b: text\n", 0)
	if err != nil {
		t.Fatal(err)
	}
	path := edit.Fields("a", "b").With(edit.Elem("name", "x"))
	if res, err := d.Apply([]edit.Edit{{Op: edit.Insert, Path: path, Value: edit.Obj()}}); err == nil {
		t.Errorf("a list element was put into a text:\n%s", res.Text)
	}
}

// TestCapitalPrefixes: some parsers take them for numbers, so that texts of that
// form need quotes.
func TestCapitalPrefixes(t *testing.T) {
	for _, s := range []string{"0X1F", "0O17", "0B11", "-0X1f"} {
		text, err := Render(edit.Obj(edit.Field{Name: "a", Value: edit.Str(s)}))
		if want := "a: '" + s + "'\n"; err != nil || text != want {
			t.Errorf("%q is written as %q, %v, want %q", s, text, err, want)
		}
	}
}
