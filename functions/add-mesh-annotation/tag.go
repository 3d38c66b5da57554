package meshannotation

import (
	"reflect"
	"slices"
	"strings"
)

// kind is where in the metadata of an object a word stands; nowhere by default.
type kind string

const (
	nowhere    kind = ""
	label      kind = "labels"
	annotation kind = "annotations"
)

// one is the kind of a single word, for messages.
func (k kind) one() string { return strings.TrimSuffix(string(k), "s") }

// article is one, with its article.
func (k kind) article() string {
	if k == annotation {
		return "an " + k.one()
	}
	return "a " + k.one()
}

// word is a label or annotation that a mesh reads.
type word struct {
	key       string
	field     string // of the mesh's block that stands for it, such as proxy.cpu
	member    string // of the JSON object that the value is; "" when it is none
	object    bool   // the value is a JSON object of members
	pod       kind   // where pods have it
	namespace kind   // where namespaces do, for all of their pods
	format    format
	merge     bool // elements join those that are there
	decides   bool // injects by itself: the mesh's switch is not needed
	prefix    bool // the key goes on: there is a word for each entry of a map
}

// in is where objects of the scope have the word.
func (w word) in(scope string) kind {
	if scope == scopeNamespace {
		return w.namespace
	}
	return w.pod
}

// parseTag reads the tag of a field: key, format, and flags. A key with # stands
// for a member of a JSON object.
func parseTag(tag string, known map[string]format) word {
	parts := strings.Split(tag, ",")
	flags := parts[2:]
	key, member, object := strings.Cut(parts[0], "#")
	w := word{
		key: key, member: member, object: object, pod: annotation, format: formatOf(parts[1], known),
		merge: slices.Contains(flags, "merge"), decides: slices.Contains(flags, "decides"), prefix: slices.Contains(flags, "prefix"),
	}
	if slices.Contains(flags, "label") {
		w.pod = label
	}
	if slices.Contains(flags, "namespace") {
		w.namespace = annotation
	}
	if slices.Contains(flags, "namespace-label") {
		w.namespace = label
	}
	return w
}

// walk visits the fields of a block that stand for words, with their paths.
func walk(block reflect.Value, at string, known map[string]format, visit func(at string, w word, v reflect.Value)) {
	for i := range block.NumField() {
		f := block.Type().Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		path := at
		if name != "" {
			path += "." + name
		}
		if tag, ok := f.Tag.Lookup("mesh"); ok {
			visit(path, parseTag(tag, known), block.Field(i))
		} else if f.Type.Kind() == reflect.Struct {
			walk(block.Field(i), path, known, visit)
		}
	}
}

// fieldNamed finds the field of a struct that has a name in YAML.
func fieldNamed(t reflect.Type, name string) (reflect.StructField, bool) {
	return t.FieldByNameFunc(func(goName string) bool {
		f, _ := t.FieldByName(goName)
		have, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		return have == name
	})
}
