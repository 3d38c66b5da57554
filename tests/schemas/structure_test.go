package schemas_test

import (
	"encoding/json"
	"testing"

	"github.com/krm-sidecars/krm-sidecars/functions"
	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
)

// TestStructure: in every place, both refuse a field that is not there, and a
// value of another type.
func TestStructure(t *testing.T) {
	n := 0
	for _, f := range functions.All() {
		t.Run(f.Kind, func(t *testing.T) {
			s := compile(t, f)
			for _, p := range places(place{schema: spec(t, f)}) {
				for _, wrong := range misfits(p) {
					n++
					base := specs(t, f)[0]
					if s.Validate(whole(f, wrong.with(base, wrong.value))) == nil {
						t.Errorf("%s: the schema takes %v", wrong.place, wrong.value)
					}
					if !refuses(t, f, wrong.place, wrong.value) {
						t.Errorf("%s: the code takes %v", wrong.place, wrong.value)
					}
				}
			}
		})
	}
	if n < 10000 {
		t.Errorf("%d values; there are more", n)
	}
}

type misfit struct {
	place
	value any
}

// misfits are values that do not fit a place, by its type.
func misfits(p place) []misfit {
	s, text, list, object := p.schema, "bogus text", []any{}, map[string]any{}
	var wrong []any
	switch s["type"] {
	case "string":
		wrong = []any{5, true, list, object}
	case "boolean":
		wrong = []any{5, text, list, object}
	case "integer":
		wrong = []any{1.5, true, text, list, object}
	case "array":
		wrong = []any{5, text, object}
	case "object":
		wrong = []any{5, true, text, list}
	default:
		if s["x-kubernetes-int-or-string"] == true {
			wrong = []any{list, object}
		} else if s.wordy() {
			wrong = []any{list}
		}
	}
	var all []misfit
	for _, value := range wrong {
		all = append(all, misfit{p, value})
	}
	if s["properties"] != nil {
		all = append(all, misfit{p.below("noSuchField", nil), text})
	}
	return all
}

// TestHeader: what stands around the spec.
func TestHeader(t *testing.T) {
	for _, f := range functions.All() {
		t.Run(f.Kind, func(t *testing.T) {
			s, good := compile(t, f), whole(f, specs(t, f)[0])
			for _, wrong := range []struct {
				path  []string
				value any
			}{
				{[]string{"apiVersion"}, "krm-sidecars.dev/v1"},
				{[]string{"apiVersion"}, nil},
				{[]string{"kind"}, "AddSomething"},
				{[]string{"kind"}, nil},
				{[]string{"metadata"}, nil},
				{[]string{"metadata", "name"}, nil},
				{[]string{"metadata", "name"}, "Not_A_Name"},
				{[]string{"metadata", "name"}, 5},
				{[]string{"metadata", "labels"}, []any{}},
				{[]string{"metadata", "lables"}, map[string]any{}},
				{[]string{"spec"}, nil},
				{[]string{"spec"}, []any{}},
				{[]string{"status"}, map[string]any{}},
			} {
				if wrong.value == nil && wrong.path[0] == "spec" && f.Kind == "LintSidecars" { // it needs none
					continue
				}
				config := set(clone(t, good), wrong.path, wrong.value)
				if err := s.Validate(config); err == nil {
					t.Errorf("%v: the schema takes %v", wrong.path, wrong.value)
				}
				text, err := json.Marshal(config)
				check(t, err)
				if _, err := krm.ReadConfigs(functions.All(), "config.yaml", string(text)); err == nil {
					t.Errorf("%v: the code takes %v", wrong.path, wrong.value)
				}
			}
		})
	}
}
