package config

import (
	"fmt"
	"reflect"
	"strings"
)

// field is a field of a struct, under its name in YAML.
type field struct {
	name     string
	index    []int // for reflect.Value.FieldByIndex
	optional bool  // may be null
}

// fieldsOf returns the fields of a struct type; those of inlined structs come
// last, so that the outer ones hide them.
func (d *decoder) fieldsOf(t reflect.Type) []field {
	if all, ok := d.types[t]; ok {
		return all
	}
	var own, inlined []field
	for i := range t.NumField() {
		f := t.Field(i)
		name, opts, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case name == "-" || !f.IsExported():
		case name == "" && f.Type.Kind() == reflect.Struct && (f.Anonymous || opts == "inline"):
			for _, in := range d.fieldsOf(f.Type) {
				in.index = append([]int{i}, in.index...)
				inlined = append(inlined, in)
			}
		case name != "":
			own = append(own, field{name: name, index: f.Index, optional: isOptional(f.Type, opts)})
		}
	}
	d.types[t] = append(own, inlined...)
	return d.types[t]
}

// isOptional: a collection that is null is an empty one; for a scalar the tag
// tells whether it may be absent.
func isOptional(t reflect.Type, opts string) bool {
	switch t.Kind() {
	case reflect.Pointer, reflect.Interface, reflect.Slice, reflect.Map, reflect.Struct:
		return true
	default:
		return strings.Contains(opts, "omitempty")
	}
}

// maxListed is the number of fields up to which an error lists them all.
const maxListed = 12

// advice says what to do about an unknown field.
func advice(name string, known []field) string {
	if near := Nearest(name, names(known)); near != "" {
		return fmt.Sprintf("did you mean %s?", near)
	}
	if len(known) > maxListed {
		return "remove it"
	}
	return fieldsHere(known)
}

// fieldsHere says what may stand in a place.
func fieldsHere(known []field) string {
	switch all := names(known); {
	case len(all) == 0:
		return "remove it"
	case len(all) > maxListed:
		return "the fields here are " + strings.Join(all[:maxListed], ", ") + " and others"
	default:
		return "the fields here are " + strings.Join(all, ", ")
	}
}

func names(fields []field) []string {
	all := make([]string, len(fields))
	for i, f := range fields {
		all[i] = f.name
	}
	return all
}
