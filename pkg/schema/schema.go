// Package schema describes functionConfigs as JSON schemas, from their Go types.
package schema

import (
	"encoding/json"
	"reflect"
	"strings"
)

// Of returns the JSON schema (draft 2020-12) of a functionConfig whose spec has
// the type that spec points to.
func Of(apiVersion, kind string, spec any) map[string]any {
	return map[string]any{
		"$schema": "https://json-schema.org/draft/2020-12/schema",
		"title":   kind,
		"type":    "object",
		"properties": map[string]any{
			"apiVersion": map[string]any{"const": apiVersion},
			"kind":       map[string]any{"const": kind},
			"metadata":   map[string]any{"type": "object", "required": []string{"name"}, "properties": map[string]any{"name": text()}},
			"spec":       of(reflect.TypeOf(spec).Elem()),
		},
		"required":             []string{"apiVersion", "kind", "metadata", "spec"},
		"additionalProperties": false,
	}
}

func text() map[string]any { return map[string]any{"type": "string"} }

// wordDecoder is implemented by types that are also written as a single word.
type wordDecoder interface{ DecodeWord(string) error }

func of(t reflect.Type) map[string]any {
	p := reflect.PointerTo(t)
	switch {
	case t.Kind() == reflect.Pointer:
		return of(t.Elem())
	case p.Implements(reflect.TypeFor[json.Unmarshaler]()):
		return map[string]any{"type": []string{"string", "number"}}
	case p.Implements(reflect.TypeFor[wordDecoder]()):
		return map[string]any{"anyOf": []any{text(), object(t)}}
	}
	switch t.Kind() {
	case reflect.Interface:
		return map[string]any{}
	case reflect.Struct:
		return object(t)
	case reflect.Slice, reflect.Array:
		return map[string]any{"type": "array", "items": of(t.Elem())}
	case reflect.Map:
		return map[string]any{"type": "object", "additionalProperties": of(t.Elem())}
	case reflect.Bool:
		return map[string]any{"type": "boolean"}
	case reflect.String:
		return text()
	case reflect.Float32, reflect.Float64:
		return map[string]any{"type": "number"}
	default:
		return map[string]any{"type": "integer"}
	}
}

func object(t reflect.Type) map[string]any {
	properties := map[string]any{}
	collect(t, properties)
	return map[string]any{"type": "object", "properties": properties, "additionalProperties": false}
}

// collect adds the fields of a struct, those of inlined ones included.
func collect(t reflect.Type, properties map[string]any) {
	for i := range t.NumField() {
		f := t.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case name == "-" || !f.IsExported():
		case name == "":
			collect(f.Type, properties)
		default:
			properties[name] = of(f.Type)
		}
	}
}
