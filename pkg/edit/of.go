package edit

import (
	"encoding/json"
	"fmt"
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
	if x.Type() == reflect.TypeFor[Value]() {
		return x.Interface().(Value), nil
	}
	switch x.Kind() {
	case reflect.Pointer, reflect.Interface:
		return of(x.Elem())
	}
	if x.NumMethod() > 0 && x.Type().Implements(reflect.TypeFor[json.Marshaler]()) { // asking x itself would copy it
		return ofMarshaler(x.Interface().(json.Marshaler))
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
	out := Value{Kind: Map}
	for i := range x.NumField() {
		field := x.Field(i)
		if isNothing(field) {
			continue
		}
		info := x.Type().Field(i)
		name, opts, _ := strings.Cut(info.Tag.Get("json"), ",")
		if name == "-" || !info.IsExported() || (strings.Contains(opts, "omitempty") && field.IsZero()) {
			continue
		}
		v, err := of(field)
		switch {
		case err != nil:
			return Value{}, err
		case name == "" && v.Kind == Map: // inlined
			out.Fields = append(out.Fields, v.Fields...)
		case field.Kind() == reflect.Struct && v.Empty():
		default:
			out.Fields = append(out.Fields, Field{Name: name, Value: v})
		}
	}
	return out, nil
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
	out := Value{Kind: Map}
	keys := x.MapKeys()
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

func ofList(x reflect.Value) (Value, error) {
	out := Value{Kind: List}
	for i := range x.Len() {
		v, err := of(x.Index(i))
		if err != nil {
			return Value{}, err
		}
		out.Items = append(out.Items, v)
	}
	return out, nil
}
