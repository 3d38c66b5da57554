package fntest

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
)

// field is a field of a config, as a manual tells of it.
type field struct{ path, words, meaning string }

// walk gathers the fields of a config.
type walk struct {
	t      testing.TB
	source sources
	first  map[reflect.Type]string // where the fields of a struct are told
	fields []field
}

// fieldsOf returns the fields of the config that spec points to, those below
// others included.
func fieldsOf(t testing.TB, spec any) []field {
	t.Helper()
	w := &walk{t: t, source: sources{}, first: map[reflect.Type]string{}}
	w.structure(reflect.TypeOf(spec).Elem(), "")
	return w.fields
}

// structure gathers the fields of a struct, those of inlined ones included.
func (w *walk) structure(of reflect.Type, prefix string) {
	w.t.Helper()
	for i := range of.NumField() {
		f := of.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case name == "-" || !f.IsExported() || f.Type == reflect.TypeFor[config.Common]():
		case name == "":
			w.structure(f.Type, prefix)
		default:
			w.field(of, f, prefix, name)
		}
	}
}

func (w *walk) field(of reflect.Type, f reflect.StructField, prefix, name string) {
	w.t.Helper()
	path := prefix + name
	comment := w.source.comment(w.t, of, f.Name)
	if comment == "" {
		w.t.Errorf("%s.%s has no comment; say what it does, its default and its unit", of.Name(), f.Name)
	}
	s := shapeOf(f.Type)
	told, again := w.first[s.holds]
	if again {
		s.words += " like `" + told + "`"
	}
	w.fields = append(w.fields, field{path, s.words, meaning(comment, f.Name, name)})
	if s.holds != nil && !again {
		w.first[s.holds] = path + s.step
		w.structure(s.holds, path+s.step+".")
	}
}

// shape is a type as a manual tells of it.
type shape struct {
	words string
	holds reflect.Type // the struct whose fields are to be told, or nil
	step  string       // from the field to that struct
}

func shapeOf(t reflect.Type) shape {
	p := reflect.PointerTo(t)
	switch {
	case t.Kind() == reflect.Pointer:
		return shapeOf(t.Elem())
	case p.Implements(reflect.TypeFor[json.Unmarshaler]()):
		return shape{words: "string or number"}
	case strings.HasPrefix(t.PkgPath(), "k8s.io/"):
		return shape{words: "Kubernetes " + t.Name()}
	case p.Implements(reflect.TypeFor[config.WordDecoder]()):
		return shape{words: "string or object", holds: t}
	}
	switch t.Kind() {
	case reflect.Struct:
		return shape{words: "object", holds: t}
	case reflect.Slice, reflect.Array:
		return shapeOf(t.Elem()).in("list", "[]")
	case reflect.Map:
		return shapeOf(t.Elem()).in("map", ".*")
	default:
		return shape{words: scalar(t.Kind())}
	}
}

// in is the shape of a collection.
func (s shape) in(collection, step string) shape {
	head, tail, nested := strings.Cut(s.words, " of ")
	if head = strings.ReplaceAll(head, " or ", "s or ") + "s"; nested {
		head += " of " + tail
	}
	return shape{words: collection + " of " + head, holds: s.holds, step: step + s.step}
}

func scalar(k reflect.Kind) string {
	switch k {
	case reflect.Interface:
		return "any value"
	case reflect.String:
		return "string"
	case reflect.Bool:
		return "boolean"
	case reflect.Float32, reflect.Float64:
		return "number"
	default:
		return "integer"
	}
}
