package emit

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/krm-sidecars/krm-sidecars/pkg/edit"
	"github.com/krm-sidecars/krm-sidecars/pkg/yamlpatch"
)

// read reads a document.
func read(t testing.TB, text string) edit.Value {
	t.Helper()
	d, err := yamlpatch.Parse(text, 0)
	if err != nil {
		t.Fatal(err)
	}
	return valueOf(d.Root)
}

func TestDiff(t *testing.T) {
	for name, c := range map[string]struct{ old, want, patch string }{
		"equal but for the order of fields": {
			old: `{a: 1, b: 2}`, want: `{b: 2, a: 1}`,
		},
		"fields": {
			old: `{a: 1, b: 2, c: {d: 3}}`, want: `{a: 1, b: 5, c: {d: 3, e: {f: 4}}}`,
			patch: `
				{"op":"test","path":"/b","value":2}
				{"op":"replace","path":"/b","value":5}
				{"op":"test","path":"/c/e","value":null}
				{"op":"add","path":"/c/e","value":{"f":4}}`,
		},
		"fields that go": {
			old: `{a: 1, b: {c: 2}}`, want: `{}`,
			patch: `
				{"op":"test","path":"/a","value":1}
				{"op":"remove","path":"/a"}
				{"op":"remove","path":"/b"}`,
		},
		"names with slashes and tildes": {
			old: `{a/b: {c~d: 1}}`, want: `{a/b: {c~d: 2}}`,
			patch: `
				{"op":"test","path":"/a~1b/c~0d","value":1}
				{"op":"replace","path":"/a~1b/c~0d","value":2}`,
		},
		"nulls give way, and values that are there do not": {
			old: `{a: null, b: ~}`, want: `{a: [1], b: null}`,
			patch: `
				{"op":"test","path":"/a","value":null}
				{"op":"add","path":"/a","value":[1]}`,
		},
		"a value of another kind": {
			old: `{a: [1]}`, want: `{a: {b: 1}}`,
			patch: `{"op":"replace","path":"/a","value":{"b":1}}`,
		},
		"elements behind the last one need no test": {
			old: `[{name: a}]`, want: `[{name: a}, {name: b}, {name: c}]`,
			patch: `
				{"op":"add","path":"/-","value":{"name":"b"}}
				{"op":"add","path":"/-","value":{"name":"c"}}`,
		},
		"elements in front of another one": {
			old: `[{name: c}]`, want: `[{name: a}, {name: b}, {name: c}]`,
			patch: `
				{"op":"test","path":"/0/name","value":"c"}
				{"op":"add","path":"/0","value":{"name":"a"}}
				{"op":"add","path":"/1","value":{"name":"b"}}`,
		},
		"elements that go, change and come": {
			old:  `[{name: a}, {name: b, v: 1}, {name: c}, {name: d}]`,
			want: `[{name: b, v: 2}, {name: x}, {name: d}]`,
			patch: `
				{"op":"test","path":"/2/name","value":"c"}
				{"op":"remove","path":"/2"}
				{"op":"test","path":"/0/name","value":"a"}
				{"op":"remove","path":"/0"}
				{"op":"test","path":"/0/name","value":"b"}
				{"op":"test","path":"/0/v","value":1}
				{"op":"replace","path":"/0/v","value":2}
				{"op":"test","path":"/1/name","value":"d"}
				{"op":"add","path":"/1","value":{"name":"x"}}`,
		},
		"an element that moves": {
			old: `[{name: a}, {name: b}]`, want: `[{name: b}, {name: a}]`,
			patch: `
				{"op":"test","path":"/0/name","value":"a"}
				{"op":"remove","path":"/0"}
				{"op":"add","path":"/-","value":{"name":"a"}}`,
		},
		"mounts are known by their path, ports by their number or name": {
			old:  `{m: [{name: v, mountPath: /a}, {name: v, mountPath: /b}], p: [{containerPort: 80}]}`,
			want: `{m: [{name: v, mountPath: /a}, {name: v, mountPath: /b, readOnly: true}], p: [{containerPort: 80, name: http}]}`,
			patch: `
				{"op":"test","path":"/m/1/mountPath","value":"/b"}
				{"op":"test","path":"/m/1/readOnly","value":null}
				{"op":"add","path":"/m/1/readOnly","value":true}
				{"op":"test","path":"/p/0/containerPort","value":80}
				{"op":"test","path":"/p/0/name","value":null}
				{"op":"add","path":"/p/0/name","value":"http"}`,
		},
		"scalars": {
			old: `[a, b, c]`, want: `[a, c, d]`,
			patch: `
				{"op":"test","path":"/1","value":"b"}
				{"op":"remove","path":"/1"}
				{"op":"add","path":"/-","value":"d"}`,
		},
		"elements without a name": {
			old: `[{a: {b: 1}}, {a: {b: 2}}]`, want: `[{a: {b: 1}}, {a: {b: 3}}]`,
			patch: `
				{"op":"test","path":"/1/a/b","value":2}
				{"op":"replace","path":"/1/a/b","value":3}`,
		},
		"labels and annotations are merged": {
			old:  `{metadata: {labels: {a: x, b: x}}, spec: {template: {}}}`,
			want: `{metadata: {labels: {a: y, c: "1"}, annotations: {d/e: z}}, spec: {template: {metadata: {labels: {f: g}}}}}`,
			patch: `
				merge {"metadata":{"labels":{"a":"y","c":"1"},"annotations":{"d/e":"z"}},"spec":{"template":{"metadata":{"labels":{"f":"g"}}}}}
				{"op":"test","path":"/metadata/labels/b","value":"x"}
				{"op":"remove","path":"/metadata/labels/b"}`,
		},
		"but not in lists, and not to nothing": {
			old:  `{claims: [{name: a, metadata: {}}], metadata: {labels: {a: b}, annotations: {}}}`,
			want: `{claims: [{name: a, metadata: {labels: {c: d}}}], metadata: {annotations: {e: null}}}`,
			patch: `
				{"op":"test","path":"/claims/0/name","value":"a"}
				{"op":"test","path":"/claims/0/metadata/labels","value":null}
				{"op":"add","path":"/claims/0/metadata/labels","value":{"c":"d"}}
				{"op":"test","path":"/metadata/labels/a","value":"b"}
				{"op":"remove","path":"/metadata/labels/a"}
				{"op":"test","path":"/metadata/labels","value":{}}
				{"op":"remove","path":"/metadata/labels"}
				{"op":"test","path":"/metadata/annotations/e","value":null}
				{"op":"add","path":"/metadata/annotations/e","value":null}`,
		},
		"values as kustomize reads them": {
			old:  `{a: 0x10, b: 012, c: yes, d: TRUE, e: 1e3, f: 1.50, g: 1_000, h: '8080', i: 0o17}`,
			want: `{a: 16, b: 10, c: "yes", d: true, e: 1000, f: 1.5, g: 1000, h: 8080, i: 15}`,
			patch: `
				{"op":"test","path":"/h","value":"8080"}
				{"op":"replace","path":"/h","value":8080}`,
		},
		"merge keys are written out": {
			old:   "base: &b {a: 1, c: 2}\nx: {<<: *b, c: 3}\ny: {<<: [*b, {d: 4}]}\n",
			want:  "base: {a: 1, c: 2}\nx: {a: 1, c: 3}\ny: {a: 1, c: 2, d: 4}\n",
			patch: ``,
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := differ{merge: edit.Obj()}
			old, want := read(t, c.old), read(t, c.want)
			d.value(place{}, old, want)
			if diff := cmp.Diff(lines(c.patch), written(d)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func lines(text string) []string {
	all := []string{}
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			all = append(all, line)
		}
	}
	return all
}

// written lists what a differ has found.
func written(d differ) []string {
	all := []string{}
	if d.merges {
		all = append(all, "merge "+d.merge.JSON())
	}
	for _, op := range d.ops {
		all = append(all, op.JSON())
	}
	return all
}
