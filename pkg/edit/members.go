package edit

import (
	"encoding/json"
	"reflect"
	"strings"
	"sync"
)

// member is a field of a struct, as its json tag has it.
type member struct {
	index     int
	name      string // "": the fields of its value stand for it
	omitEmpty bool
	text      bool // a string that does not print itself
}

// known holds the members of the structs that were converted before.
var known sync.Map //nolint:gochecknoglobals // what the tags of a type say never changes

// membersOf returns the fields of a struct that are written, in their order.
func membersOf(t reflect.Type) []member {
	if all, ok := known.Load(t); ok {
		return all.([]member)
	}
	var all []member
	for i := range t.NumField() {
		field := t.Field(i)
		name, opts, _ := strings.Cut(field.Tag.Get("json"), ",")
		if name != "-" && field.IsExported() {
			all = append(all, member{index: i, name: name, omitEmpty: strings.Contains(opts, "omitempty"),
				text: field.Type.Kind() == reflect.String && !field.Type.Implements(reflect.TypeFor[json.Marshaler]())})
		}
	}
	known.Store(t, all)
	return all
}
