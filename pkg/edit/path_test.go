package edit_test

import (
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/krm-sidecars/krm-sidecars/pkg/edit"
)

func TestParsePath(t *testing.T) {
	for text, want := range map[string]edit.Path{
		"spec.template":        edit.Fields("spec", "template"),
		"spec.containers[2]":   edit.Fields("spec", "containers").With(edit.Index(2)),
		"containers[name=app]": {edit.Name("containers"), edit.Elem("name", "app")},
		"c[name=app].volumeMounts[mountPath=/a/b.c]": {
			edit.Name("c"), edit.Elem("name", "app"), edit.Name("volumeMounts"), edit.Elem("mountPath", "/a/b.c")},
		`annotations["a.b/c"].d`:   edit.Fields("annotations", "a.b/c", "d"),
		`c[name="a]\"b"]`:          {edit.Name("c"), edit.Elem("name", `a]"b`)},
		"spec.specs.*.template":    {edit.Name("spec"), edit.Name("specs"), {Kind: edit.AnyName}, edit.Name("template")},
		"spec.workers[*].template": {edit.Name("spec"), edit.Name("workers"), {Kind: edit.AnyItem}, edit.Name("template")},
	} {
		got, err := edit.ParsePath(text)
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("ParsePath(%q) mismatch (-want +got):\n%s%v", text, diff, err)
		}
		if got.String() != text {
			t.Errorf("ParsePath(%q).String() = %q", text, got)
		}
	}
}

func TestParsePathErrors(t *testing.T) {
	for _, text := range []string{"", ".", "a.", "a..b", "a[", "a[x]", "a[-1]", `a["b]`, `a[k="v]`} {
		if p, err := edit.ParsePath(text); err == nil {
			t.Errorf("ParsePath(%q) = %v, want an error", text, p)
		}
	}
}

func FuzzParsePath(f *testing.F) {
	f.Add(`a["b.c"].d[name=e][2].*[*]`)
	f.Fuzz(func(t *testing.T, text string) {
		p, err := edit.ParsePath(text)
		if err != nil || !utf8.ValidString(text) { // YAML has no other names
			return
		}
		again, err := edit.ParsePath(p.String())
		if diff := cmp.Diff(p, again); diff != "" || err != nil {
			t.Errorf("%q prints as %q, which reads differently (-first +second):\n%s%v", text, p, diff, err)
		}
	})
}
