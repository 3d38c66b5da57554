package yamlpatch_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/krm-sidecars/krm-sidecars/pkg/edit"
	"github.com/krm-sidecars/krm-sidecars/pkg/yamlpatch"
)

// path parses a path that a test wrote.
func path(t *testing.T, text string) edit.Path {
	t.Helper()
	p, err := edit.ParsePath(text)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

var sidecar = edit.Obj(
	edit.Field{Name: "name", Value: edit.Str("side")},
	edit.Field{Name: "args", Value: edit.Seq(edit.Str("-c"), edit.Str("yes"))},
)

func insert(t *testing.T, at string, v edit.Value, where edit.Where) edit.Edit {
	t.Helper()
	return edit.Edit{Op: edit.Insert, Path: path(t, at), Value: v, Where: where}
}

// TestApply shows what an insertion looks like in each style of source. Every
// case also deletes what it inserted and must get the source back, to the byte.
func TestApply(t *testing.T) {
	tests := map[string]struct {
		src, want string
		at        string
		value     edit.Value
		where     edit.Where
		restore   string // text that stood in the place of the parent
	}{
		"compact list": {
			src:   "spec:\n  containers:\n  - name: app # main\n    # args: [x]\n\n  # volumes to come\n",
			at:    "spec.containers[name=side]",
			value: sidecar,
			want:  "spec:\n  containers:\n  - name: app # main\n    # args: [x]\n  - name: side\n    args:\n    - -c\n    - 'yes'\n\n  # volumes to come\n",
		},
		"wide list without final newline": {
			src:   "spec:\n    containers:\n        - name: app\n          image: x",
			at:    "spec.containers[name=side]",
			value: sidecar,
			want:  "spec:\n    containers:\n        - name: app\n          image: x\n        - name: side\n          args:\n            - -c\n            - 'yes'",
		},
		"first of a list, below the comment of its key": {
			src:   "containers: # all\n# the app\n- name: app\n",
			at:    "containers[name=side]",
			value: sidecar,
			where: edit.Where{First: true},
			want:  "containers: # all\n- name: side\n  args:\n  - -c\n  - 'yes'\n# the app\n- name: app\n",
		},
		"key in front of another": {
			src:   "a: 1\n\n# b is b\nb: 2\n",
			at:    "x",
			value: edit.Seq(edit.Str("1")),
			where: edit.Where{Before: []string{"b"}},
			want:  "a: 1\nx:\n- '1'\n\n# b is b\nb: 2\n",
		},
		"CRLF": {
			src:   "a:\r\n  b: 1\r\n",
			at:    "a.c",
			value: edit.Str("x"),
			want:  "a:\r\n  b: 1\r\n  c: x\r\n",
		},
		"flow map": {
			src:   "metadata: {name: x, annotations: {a: 'b' } } # note\n",
			at:    "metadata.annotations.c",
			value: edit.Str("d: e"),
			want:  "metadata: {name: x, annotations: {a: 'b', c: 'd: e' } } # note\n",
		},
		"JSON on one line": {
			src:   `{"spec":{"containers":[{"name":"app"}]}}`,
			at:    "spec.containers[name=side]",
			value: sidecar,
			want:  `{"spec":{"containers":[{"name":"app"},{"name":"side","args":["-c","yes"]}]}}`,
		},
		"JSON over lines": {
			src:   "{\n    \"spec\": {\n        \"containers\": [\n            {\n                \"name\": \"app\"\n            }\n        ]\n    }\n}\n",
			at:    "spec.volumes",
			value: edit.Seq(edit.Obj(edit.Field{Name: "name", Value: edit.Str("v")})),
			want:  "{\n    \"spec\": {\n        \"containers\": [\n            {\n                \"name\": \"app\"\n            }\n        ],\n        \"volumes\": [\n            {\n                \"name\": \"v\"\n            }\n        ]\n    }\n}\n",
		},
		"empty list": {
			src:     "spec:\n  volumes: [] # none\n  x: 1\n",
			at:      "spec.volumes[name=v]",
			value:   edit.Obj(edit.Field{Name: "name", Value: edit.Str("v")}),
			want:    "spec:\n  volumes: # none\n  - name: v\n  x: 1\n",
			restore: " []",
		},
		"null map at the end": {
			src:     "metadata:\n  annotations:",
			at:      "metadata.annotations.a",
			value:   edit.Str("0755"),
			want:    "metadata:\n  annotations:\n    a: '0755'",
			restore: "",
		},
		"empty list in JSON": {
			src:     `{"volumes": [], "x": 1}`,
			at:      "volumes[name=side]",
			value:   sidecar,
			want:    `{"volumes": [{"name": "side", "args": ["-c", "yes"]}], "x": 1}`,
			restore: " []",
		},
		"block scalar before it": {
			src:   "a:\n- |\n  text\n\n  more\n\n# end\n",
			at:    "b",
			value: edit.Str("line 1\nline 2\n"),
			want:  "a:\n- |\n  text\n\n  more\nb: |\n  line 1\n  line 2\n\n# end\n",
		},
		"list inside a list item": {
			src:   "items:\n- kind: Pod\n  spec:\n    containers:\n    - name: app\n- kind: X\n",
			at:    "items[0].spec.containers[name=side]",
			value: sidecar,
			want:  "items:\n- kind: Pod\n  spec:\n    containers:\n    - name: app\n    - name: side\n      args:\n      - -c\n      - 'yes'\n- kind: X\n",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got := apply(t, test.src, insert(t, test.at, test.value, test.where))
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("Apply() mismatch (-want +got):\n%s", diff)
			}
			undo := []edit.Edit{{Op: edit.Delete, Path: path(t, test.at)}}
			if test.restore != "" || strings.HasPrefix(name, "null") {
				undo = append(undo, edit.Edit{Op: edit.Replace, Path: path(t, test.at).Parent(), Value: edit.Source(test.restore)})
			}
			if diff := cmp.Diff(test.src, apply(t, got, undo...)); diff != "" {
				t.Errorf("undoing it does not restore the source (-want +got):\n%s", diff)
			}
		})
	}
}

func apply(t *testing.T, src string, edits ...edit.Edit) string {
	t.Helper()
	doc, err := yamlpatch.Parse(src, 0)
	if err != nil {
		t.Fatal(err)
	}
	res, err := doc.Apply(edits)
	if err != nil {
		t.Fatal(err)
	}
	if !res.Changed || res.Reencoded {
		t.Errorf("changed %v, reencoded %v", res.Changed, res.Reencoded)
	}
	return res.Text
}

// TestApplyKeepsWhatCancelsOut: what is removed and put back with the same
// content has not changed, whatever its looks.
func TestApplyKeepsWhatCancelsOut(t *testing.T) {
	src := "c:\n- name: app\n- # ours\n  args: [ \"-c\", \"yes\" ]\n  name: 'side'\nd: 1\n"
	doc, err := yamlpatch.Parse(src, 0)
	if err != nil {
		t.Fatal(err)
	}
	at := path(t, "c[name=side]")
	edits := []edit.Edit{{Op: edit.Delete, Path: at}, insert(t, "c[name=side]", sidecar, edit.Where{})}
	res, err := doc.Apply(edits)
	if err != nil || res.Changed {
		t.Fatalf("changed %v, %v:\n%s", res.Changed, err, res.Text)
	}
	other := sidecar
	other.Fields = append(other.Fields[:1:1], edit.Field{Name: "args", Value: edit.Seq(edit.Str("-d"))})
	edits[1].Value = other
	if res, err = doc.Apply(edits); err != nil {
		t.Fatal(err)
	}
	t.Log(res.Text)
}
