package edit

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// Of turns Go data, such as a corev1.Container, into a Value. Struct fields
// keep their order and take the names of their json tags. Zero values of
// omitempty fields and structs without content are left out, so that no
// `resources: {}` or `creationTimestamp: null` appears; a pointer to an empty
// struct, such as an emptyDir, stays as an empty map. Map keys are sorted.
func Of(x any) (Value, error) {
	return of(reflect.ValueOf(x))
}

func of(x reflect.Value) (Value, error) {
	if !x.IsValid() {
		return Value{}, nil
	}
	switch x.Kind() {
	case reflect.Pointer, reflect.Interface:
		return of(x.Elem())
	}
	if x.NumMethod() > 0 {
		if v, ok, err := ofMethods(x); ok {
			return v, err
		}
	}
	switch x.Kind() {
	case reflect.Struct:
		return ofStruct(x)
	case reflect.Map:
		return ofMap(x)
	case reflect.Slice, reflect.Array:
		return ofList(x)
	default:
		return ofScalar(x)
	}
}

// ofMethods serves what is a Value already, or prints itself.
func ofMethods(x reflect.Value) (v Value, ok bool, err error) {
	switch t := x.Type(); {
	case t == reflect.TypeFor[Value]():
		return x.Interface().(Value), true, nil
	case t.Implements(reflect.TypeFor[json.Marshaler]()): // asking x itself would copy it
		v, err := ofMarshaler(x.Interface().(json.Marshaler))
		return v, true, err
	}
	return Value{}, false, nil
}

func ofScalar(x reflect.Value) (Value, error) {
	switch {
	case x.Kind() == reflect.String:
		return Str(x.String()), nil
	case x.Kind() == reflect.Bool:
		return Value{Kind: Bool, Text: strconv.FormatBool(x.Bool())}, nil
	case x.CanInt():
		return Value{Kind: Number, Text: strconv.FormatInt(x.Int(), 10)}, nil
	case x.CanUint():
		return Value{Kind: Number, Text: strconv.FormatUint(x.Uint(), 10)}, nil
	case x.CanFloat():
		return Value{Kind: Number, Text: strconv.FormatFloat(x.Float(), 'g', -1, 64)}, nil
	}
	return Value{}, fmt.Errorf("converting %s to plain data: not supported", x.Type())
}

// ofMarshaler serves scalars that print themselves: quantities, IntOrString,
// times.
func ofMarshaler(x json.Marshaler) (Value, error) {
	raw, err := x.MarshalJSON()
	if err != nil {
		return Value{}, fmt.Errorf("converting %T to plain data: %w", x, err)
	}
	if text := string(raw); len(text) > 1 && text[0] == '"' && !strings.Contains(text, `\`) {
		return Str(text[1 : len(text)-1]), nil
	}
	var scalar any
	if err := json.Unmarshal(raw, &scalar); err != nil {
		return Value{}, fmt.Errorf("converting %T to plain data: %w", x, err)
	}
	return of(reflect.ValueOf(scalar))
}

func ofStruct(x reflect.Value) (Value, error) {
	fields := make([]Field, 0, 16) // on the stack: few structs have more
	for _, m := range membersOf(x.Type()) {
		v, written, err := m.value(x.Field(m.index))
		switch {
		case err != nil:
			return Value{}, err
		case !written:
		case m.name == "" && v.Kind == Map: // inlined
			fields = append(fields, v.Fields...)
		default:
			fields = append(fields, Field{Name: m.name, Value: v})
		}
	}
	if len(fields) == 0 {
		return Value{Kind: Map}, nil
	}
	return Value{Kind: Map, Fields: slices.Clone(fields)}, nil
}

// value converts a member, and tells whether it is written at all.
func (m member) value(field reflect.Value) (v Value, written bool, err error) {
	if m.text {
		v = Str(field.String())
		return v, v.Text != "" || !m.omitEmpty, nil
	}
	if isNothing(field) || m.omitEmpty && field.IsZero() {
		return Value{}, false, nil
	}
	v, err = of(field)
	return v, field.Kind() != reflect.Struct || !v.Empty(), err
}

// isNothing reports whether a field holds nothing that could be written: an
// empty list or map, nil, a struct without content. That is cheap to tell, and
// most fields of Kubernetes types are so.
func isNothing(x reflect.Value) bool {
	switch x.Kind() {
	case reflect.Slice, reflect.Map:
		return x.Len() == 0
	case reflect.Pointer, reflect.Interface, reflect.Struct:
		return x.IsZero()
	}
	return false
}

func ofMap(x reflect.Value) (Value, error) {
	if texts, ok := x.Interface().(map[string]string); ok {
		return ofTexts(texts), nil
	}
	keys := x.MapKeys()
	out := Value{Kind: Map, Fields: make([]Field, 0, len(keys))}
	slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
	for _, key := range keys {
		v, err := of(x.MapIndex(key))
		if err != nil {
			return Value{}, err
		}
		out.Fields = append(out.Fields, Field{Name: key.String(), Value: v})
	}
	return out, nil
}

func ofTexts(texts map[string]string) Value {
	out := Value{Kind: Map, Fields: make([]Field, 0, len(texts))}
	for _, key := range slices.Sorted(maps.Keys(texts)) {
		out.Fields = append(out.Fields, Field{Name: key, Value: Str(texts[key])})
	}
	return out
}

func ofList(x reflect.Value) (Value, error) {
	out := Value{Kind: List, Items: make([]Value, 0, x.Len())}
	for i := range x.Len() {
		v, err := of(x.Index(i))
		if err != nil {
			return Value{}, err
		}
		out.Items = append(out.Items, v)
	}
	return out, nil
}
