package emit

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	jsonpatch "gopkg.in/evanphx/json-patch.v4"
	"sigs.k8s.io/yaml"

	"github.com/krm-sidecars/krm-sidecars/pkg/edit"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
	"github.com/krm-sidecars/krm-sidecars/pkg/yamlpatch"
)

// FuzzDiff applies differences with the library that kustomize applies JSON
// patches with. What comes out is what was wanted, as JSON has it.
func FuzzDiff(f *testing.F) {
	for _, c := range [][2]string{
		{"a: 1", "b: 2"},
		{"l: [{name: a, v: 1}, {name: b}, {name: c}]", "l: [{name: b, v: 2}, {name: a}, {name: d}, {name: c}]"},
		{"l: [1, 2, [3, 4], {}]", "l: [[3], 2, {a: ~}, 1, 1]"},
		{"metadata: {labels: {a: b}}", "metadata: {labels: {c: d}, annotations: {e: f}}"},
		{"metadata: {labels: {a: b}, annotations: ~}", "metadata: {labels: {}, annotations: {a: b}}"},
		{"m: [{mountPath: /a, name: x}, {mountPath: /b, name: x}]", "m: [{mountPath: /b, name: y}, {mountPath: /a, name: x}]"},
		{"x: &x {a: 1}\ny: {<<: *x}", "y: {a: 1, b: 2}"},
		{"a: x", "a: |\n  two\n  lines\n"},
		{"a/b: {~c: 0x10}", "a/b: {~c: 012, \"\": 1e3}"},
	} {
		f.Add(c[0], c[1])
	}
	f.Fuzz(func(t *testing.T, old, want string) {
		from, ok := object(old)
		to, also := object(want)
		if !ok || !also {
			t.Skip("not two objects")
		}
		got := applied(t, from, to)
		if d := cmp.Diff(withoutEmpty(decoded(t, to.JSON())), withoutEmpty(decoded(t, got))); d != "" {
			t.Errorf("from %s (-want +got):\n%s", from.JSON(), d)
		}
	})
}

// object reads a map that kustomize would take.
func object(text string) (edit.Value, bool) {
	if !utf8.ValidString(text) || len(text) > 1000 {
		return edit.Value{}, false
	}
	d, err := yamlpatch.Parse(text, 0)
	if err != nil || d.Root == nil || d.Root.Kind != yamlpatch.Map || len(d.Duplicates()) > 0 {
		return edit.Value{}, false
	}
	v := valueOf(d.Root)
	var data any
	fits := change{ref: pod.Ref{Name: "x"}, before: edit.Obj(edit.Field{Name: "kind"}), want: v}.unfit() == ""
	return v, fits && json.Unmarshal([]byte(v.JSON()), &data) == nil
}

// applied is what kustomize makes of an object: first the labels and annotations
// are merged, then the JSON patch is applied.
func applied(t *testing.T, from, want edit.Value) string {
	t.Helper()
	d := differ{merge: edit.Obj()}
	d.value(place{}, from, want)
	doc, err := json.Marshal(decoded(t, from.JSON())) // with the escapes that kustomize's JSON has
	if err != nil {
		t.Fatal(err)
	}
	if d.merges {
		doc = apply(t, d.merge, func(patch []byte) ([]byte, error) { return jsonpatch.MergePatch(doc, patch) })
	}
	if len(d.ops) > 0 {
		doc = apply(t, edit.Seq(d.ops...), func(patch []byte) ([]byte, error) {
			ops, err := jsonpatch.DecodePatch(patch)
			if err != nil {
				return nil, err
			}
			return ops.Apply(doc)
		})
	}
	return string(doc)
}

// apply applies a patch as it is written, and read as kustomize reads it.
func apply(t *testing.T, patch edit.Value, with func([]byte) ([]byte, error)) []byte {
	t.Helper()
	text, err := patchText(patch)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := yaml.YAMLToJSON([]byte(strings.TrimSpace(text)))
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	doc, err := with(raw)
	if err != nil {
		t.Fatalf("%v with\n%s", err, text)
	}
	return doc
}

func decoded(t *testing.T, text string) (data any) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), &data); err != nil {
		t.Fatal(err)
	}
	return data
}

// withoutEmpty takes annotations away that are empty, as kustomize does.
func withoutEmpty(object any) any {
	m, _ := object.(map[string]any)
	if meta, ok := m["metadata"].(map[string]any); ok {
		if a, ok := meta["annotations"].(map[string]any); ok && len(a) == 0 {
			delete(meta, "annotations")
		}
	}
	return object
}
