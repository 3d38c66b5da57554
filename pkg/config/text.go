package config

import (
	"encoding/json"
	"reflect"
	"strings"

	"github.com/krm-sidecars/krm-sidecars/pkg/yamlpatch"
)

// fromText reads a text of a ConfigMap into v, whose type says what it means.
func (d *decoder) fromText(n *yamlpatch.Node, v reflect.Value, optional bool) {
	read := n
	switch t := target(v.Type()); {
	case isScalar(t):
		if t.Kind() != reflect.String || readsJSON(t) {
			read = unquoted(n)
			read.Text = strings.TrimSpace(n.Text)
		}
	case isTextList(t) && !looksLikeList(n.Text):
		read = splitList(n.Text)
	default:
		doc, err := yamlpatch.Parse(n.Text, 0)
		if err != nil {
			d.errorf(n, "its text is no YAML: %s", err)
			return
		}
		read = doc.Root
	}
	if read.IsNull() && !optional {
		d.errorf(n, "empty; give it a value or leave it out")
		return
	}
	d.inside(n, func() { d.value(read, v, optional) })
}

// inside calls f to read what the text of n held: typed values, all of them on
// the line of n.
func (d *decoder) inside(n *yamlpatch.Node, f func()) {
	outer := d.line
	d.text = false
	if outer != nil {
		line := outer(n)
		d.line = func(*yamlpatch.Node) int { return line }
	}
	f()
	d.text, d.line = true, outer
}

// target looks through pointers.
func target(t reflect.Type) reflect.Type {
	for t.Kind() == reflect.Pointer && t != reflect.TypeFor[*yamlpatch.Node]() {
		t = t.Elem()
	}
	return t
}

func readsJSON(t reflect.Type) bool {
	return reflect.PointerTo(t).Implements(reflect.TypeFor[json.Unmarshaler]())
}

// isScalar reports whether values of type t are written as one scalar.
func isScalar(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Struct, reflect.Map, reflect.Slice, reflect.Pointer, reflect.Interface:
		return readsJSON(t)
	default:
		return true
	}
}

func isTextList(t reflect.Type) bool {
	return t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.String
}

// looksLikeList tells YAML from comma-separated text.
func looksLikeList(text string) bool {
	text = strings.TrimSpace(text)
	return strings.HasPrefix(text, "[") || strings.HasPrefix(text, "- ") || text == "-"
}

func splitList(text string) *yamlpatch.Node {
	list := &yamlpatch.Node{Kind: yamlpatch.List, Style: yamlpatch.Block, Start: -1}
	for item := range strings.SplitSeq(text, ",") {
		if item = strings.TrimSpace(item); item != "" {
			scalar := &yamlpatch.Node{Style: yamlpatch.DoubleQuoted, Text: item, Start: -1}
			list.Entries = append(list.Entries, yamlpatch.Entry{Value: scalar, Start: -1})
		}
	}
	return list
}
