package config

import (
	"encoding/json"
	"fmt"
	"reflect"

	"github.com/krm-sidecars/krm-sidecars/pkg/edit"
	"github.com/krm-sidecars/krm-sidecars/pkg/yamlpatch"
)

// Bounds for what a config may hold.
const (
	maxNodes = 100_000
	maxDepth = 100
)

// WordDecoder is for types that can be written as one scalar, besides the form
// that their Go type tells: `placement: first`. The error says what is wrong
// with the word, without the field's path.
type WordDecoder interface {
	DecodeWord(word string) error
}

// decoder walks a tree and a Go value side by side and gathers all errors.
type decoder struct {
	base    string                    // path of the value that decoding began with
	at      edit.Path                 // the way from there to the current value
	line    func(*yamlpatch.Node) int // nil: lines are not known
	lenient bool                      // unknown fields and nulls are fine
	text    bool                      // scalars are texts from a ConfigMap, of any type
	visited int                       // nodes so far
	halted  bool                      // one of the bounds was met
	types   map[reflect.Type][]field
	errs    Errors
}

func newDecoder(base string) *decoder {
	return &decoder{base: base, types: map[reflect.Type][]field{}}
}

func (d *decoder) errorf(n *yamlpatch.Node, format string, args ...any) {
	e := FieldError{Path: join(d.base, d.at.String()), Msg: fmt.Sprintf(format, args...)}
	if d.line != nil {
		e.Line = d.line(n)
	}
	d.errs = append(d.errs, e)
}

// below calls f for a field of the current value.
func (d *decoder) below(name string, f func()) {
	d.at = append(d.at, edit.Name(name))
	f()
	d.at = d.at[:len(d.at)-1]
}

// bounded reports whether the walk may go on. Where it ends, it does so for all
// of the document, with one error.
func (d *decoder) bounded(n *yamlpatch.Node) bool {
	d.visited++
	switch {
	case d.halted:
	case d.visited > maxNodes:
		d.errorf(n, "the config has more than %d values", maxNodes)
		d.halted = true
	case len(d.at) > maxDepth:
		d.errorf(n, "nested more than %d levels deep", maxDepth)
		d.halted = true
	}
	return !d.halted
}

// value reads n into v. An optional v may also be null.
func (d *decoder) value(n *yamlpatch.Node, v reflect.Value, optional bool) {
	n = n.Deref()
	if !d.bounded(n) {
		return
	}
	shape := shapeOf(n)
	if d.text && shape == ofText {
		d.fromText(n, v, optional)
		return
	}
	if shape == ofNull {
		if !optional && !d.lenient {
			d.errorf(n, "empty; give it a value or leave it out")
		}
		return
	}
	switch to := v.Addr().Interface().(type) {
	case **yamlpatch.Node:
		*to = n
	case WordDecoder:
		d.word(n, v, to)
	case json.Unmarshaler:
		d.unmarshal(n, v, to)
	default:
		d.plain(n, v, shape)
	}
}

// word reads either form of a type that can be a single word.
func (d *decoder) word(n *yamlpatch.Node, v reflect.Value, to WordDecoder) {
	if n.Kind != yamlpatch.Scalar {
		d.plain(n, v, shapeOf(n))
		return
	}
	if err := to.DecodeWord(n.Text); err != nil {
		d.errorf(n, "%s", err)
	}
}

// plain reads what needs no help of its type.
func (d *decoder) plain(n *yamlpatch.Node, v reflect.Value, shape shape) {
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			v.Set(reflect.New(v.Type().Elem()))
		}
		d.value(n, v.Elem(), true)
	case reflect.Interface:
		if x := reflect.ValueOf(d.free(n)); x.IsValid() && x.Type().AssignableTo(v.Type()) {
			v.Set(x)
		}
	case reflect.Struct:
		if shape == ofMap {
			d.structure(n, v)
			return
		}
		d.errorf(n, "%s where a map is expected; %s", shape, fieldsHere(d.fieldsOf(v.Type())))
	case reflect.Map:
		if d.expect(n, shape, ofMap) {
			d.mapping(n, v)
		}
	case reflect.Slice:
		d.list(n, v, shape)
	default:
		d.scalar(n, v, shape)
	}
}

// members calls f for each entry of a map, with the decoder's path on it.
func (d *decoder) members(n *yamlpatch.Node, f func(key string, e yamlpatch.Entry)) {
	all := entries(n)
	for i, e := range all {
		key := keyText(e)
		d.at = append(d.at, edit.Name(key))
		if !d.lenient && find(all[:i], key) >= 0 {
			d.errorf(e.Key, "given twice; keep one")
		} else {
			f(key, e)
		}
		d.at = d.at[:len(d.at)-1]
	}
}

func (d *decoder) structure(n *yamlpatch.Node, v reflect.Value) {
	fields := d.fieldsOf(v.Type())
	d.members(n, func(key string, e yamlpatch.Entry) {
		for _, f := range fields {
			if f.name == key {
				d.value(e.Value, v.FieldByIndex(f.index), f.optional)
				return
			}
		}
		switch {
		case d.lenient:
		case holdsSecret(key) && shapeOf(e.Value) < ofList:
			d.errorf(e.Key, "unknown field; secrets are not written here, name the Secret that holds it; %s", fieldsHere(fields))
		default:
			d.errorf(e.Key, "unknown field; %s", advice(key, fields))
		}
	})
}

func (d *decoder) mapping(n *yamlpatch.Node, v reflect.Value) {
	t := v.Type()
	if t.Key().Kind() != reflect.String {
		d.errorf(n, "cannot be read into a %s", t)
		return
	}
	if v.IsNil() {
		v.Set(reflect.MakeMap(t))
	}
	d.members(n, func(key string, e yamlpatch.Entry) {
		elem := reflect.New(t.Elem()).Elem()
		d.value(e.Value, elem, nilable(elem))
		v.SetMapIndex(reflect.ValueOf(key).Convert(t.Key()), elem)
	})
}

func (d *decoder) list(n *yamlpatch.Node, v reflect.Value, shape shape) {
	if d.text && shape == ofMap {
		n, shape = d.indexed(n), ofList
	}
	if !d.expect(n, shape, ofList) {
		return
	}
	all := reflect.MakeSlice(v.Type(), len(n.Entries), len(n.Entries))
	for i, e := range n.Entries {
		d.at = append(d.at, edit.Index(i))
		d.value(e.Value, all.Index(i), nilable(all.Index(i)))
		d.at = d.at[:len(d.at)-1]
	}
	v.Set(all)
}

// nilable reports whether null is a value of v's type, as an element of a
// collection: elsewhere null is as good as absent, but an element is there.
func nilable(v reflect.Value) bool {
	return v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface
}

// free reads what may hold anything.
func (d *decoder) free(n *yamlpatch.Node) any {
	n = n.Deref()
	if !d.bounded(n) {
		return nil
	}
	switch shapeOf(n) {
	case ofMap:
		m := map[string]any{}
		d.members(n, func(key string, e yamlpatch.Entry) { m[key] = d.free(e.Value) })
		return m
	case ofList:
		all := make([]any, len(n.Entries))
		for i, e := range n.Entries {
			d.at = append(d.at, edit.Index(i))
			all[i] = d.free(e.Value)
			d.at = d.at[:len(d.at)-1]
		}
		return all
	default:
		return scalarOf(n)
	}
}
