package schemas_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/krm-sidecars/krm-sidecars/functions"
	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
	"github.com/krm-sidecars/krm-sidecars/pkg/schema"
)

// TestFields: the schemas have the fields of the Go types, and no others, and
// tell what those of ours mean.
func TestFields(t *testing.T) {
	for _, f := range functions.All() {
		t.Run(f.Kind, func(t *testing.T) {
			want := goFields(f)
			for _, p := range places(place{schema: spec(t, f)}) {
				at, known := want[p.String()]
				switch {
				case !known:
					t.Errorf("%s is in the schema, but no field; run make schemas", p)
				case at == ours && p.schema["description"] == nil:
					t.Errorf("%s has no description; write a comment on the field and run make schemas", p)
				}
				delete(want, p.String())
			}
			for path := range want {
				t.Errorf("%s is not in the schema; run make schemas", path)
			}
		})
	}
}

// TestMetadata: the JSON schemas have the fields of metadata, and no others.
func TestMetadata(t *testing.T) {
	for _, f := range functions.All() {
		t.Run(f.Kind, func(t *testing.T) {
			text, err := schema.JSON(f.Schema)
			check(t, err)
			var s node
			check(t, json.Unmarshal([]byte(text), &s))
			have := s.of("properties").of("metadata").of("properties")
			for m := range reflect.TypeFor[metav1.ObjectMeta]().Fields() {
				name, _, _ := strings.Cut(m.Tag.Get("json"), ",")
				if have[name] == nil {
					t.Errorf("metadata.%s is not in the schema", name)
				}
				delete(have, name)
			}
			for name := range have {
				t.Errorf("metadata.%s is in the schema, but no field", name)
			}
		})
	}
}

// owner says whose field one is.
type owner int

const (
	ours  owner = iota + 1
	other       // of Kubernetes; or not a field but an element
)

// goFields lists the places in the Go type of a spec.
func goFields(f krm.Function) map[string]owner {
	all := map[string]owner{}
	walk(place{}, reflect.TypeOf(f.New()), other, all)
	return all
}

func walk(p place, t reflect.Type, of owner, all map[string]owner) {
	all[p.String()] = of
	if reflect.PointerTo(t).Implements(reflect.TypeFor[json.Unmarshaler]()) || t == reflect.TypeFor[metav1.ObjectMeta]() {
		return
	}
	switch t.Kind() {
	case reflect.Pointer:
		walk(p, t.Elem(), of, all)
	case reflect.Slice:
		walk(p.below(element, nil), t.Elem(), other, all)
	case reflect.Map:
		if t.Elem().Kind() != reflect.Interface {
			walk(p.below(entry, nil), t.Elem(), other, all)
		}
	case reflect.Struct:
		members(p, t, all)
	}
}

func members(p place, t reflect.Type, all map[string]owner) {
	of := ours
	if strings.HasPrefix(t.PkgPath(), "k8s.io/") {
		of = other
	}
	for f := range t.Fields() {
		switch name, _, _ := strings.Cut(f.Tag.Get("json"), ","); {
		case name == "-" || !f.IsExported():
		case name == "":
			members(p, f.Type, all)
		default:
			walk(p.below(name, nil), f.Type, of, all)
		}
	}
}
