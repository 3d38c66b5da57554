// Package schema makes the schemas of functionConfigs ready for editors. They are
// generated as openAPIV3Schema, as in a CustomResourceDefinition, from the Go
// types: see tests/tools/schemas.
package schema

import (
	"encoding/json"
	"fmt"
	"maps"
	"strings"
)

// home is where the JSON schemas are published.
const home = "https://raw.githubusercontent.com/krm-sidecars/krm-sidecars/main/schemas/"

// JSON returns the JSON schema (draft 2020-12) of the functionConfigs that an
// openAPIV3Schema describes. It says more: no other fields than those, and which
// ones metadata has.
func JSON(openAPI string) (string, error) {
	whole, err := read(openAPI)
	if err != nil {
		return "", err
	}
	kind, err := kindOf(whole)
	if err != nil {
		return "", err
	}
	whole = strict(whole)
	whole["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	whole["$id"] = home + kind + ".json"
	whole["title"] = kind
	properties(whole)["metadata"] = metadata()
	return Indent(whole)
}

// Indent writes a schema over several lines, with <, > and & as they are.
func Indent(x any) (string, error) {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(x); err != nil {
		return "", fmt.Errorf("writing a schema: %w", err)
	}
	return b.String(), nil
}

// Pretty returns an openAPIV3Schema over several lines.
func Pretty(openAPI string) (string, error) {
	whole, err := read(openAPI)
	if err != nil {
		return "", err
	}
	return Indent(whole)
}

func read(openAPI string) (map[string]any, error) {
	var whole map[string]any
	d := json.NewDecoder(strings.NewReader(openAPI))
	d.UseNumber()
	if err := d.Decode(&whole); err != nil {
		return nil, fmt.Errorf("reading a schema: %w; run make schemas", err)
	}
	return whole, nil
}

// kindOf is the kind that a schema is about.
func kindOf(whole map[string]any) (string, error) {
	kind, _ := properties(whole)["kind"].(map[string]any)
	names, _ := kind["enum"].([]any)
	if len(names) != 1 {
		return "", fmt.Errorf("reading a schema: properties.kind.enum names %d kinds; run make schemas", len(names))
	}
	return fmt.Sprint(names[0]), nil
}

func properties(s map[string]any) map[string]any {
	all, _ := s["properties"].(map[string]any)
	return all
}

// strict is a part of a schema as JSON schema has it: a closed one.
func strict(s map[string]any) map[string]any {
	out := map[string]any{}
	for key, value := range s {
		if !strings.HasPrefix(key, "x-kubernetes-") {
			out[key] = below(key, value)
		}
	}
	if names, ok := out["enum"].([]any); ok && len(names) == 1 {
		delete(out, "enum")
		out["const"] = names[0]
	}
	switch {
	case s["properties"] == nil:
	case s["type"] == nil:
		return wordOrObject(out)
	default:
		out["additionalProperties"] = false
		specify(s, out)
	}
	return out
}

// specify says what the free spec of a functionConfig inside of another is, by its
// kind: what the schema of that kind says.
func specify(s, out map[string]any) {
	kind, _ := properties(s)["kind"].(map[string]any)
	spec, _ := properties(s)["spec"].(map[string]any)
	kinds, _ := kind["enum"].([]any)
	if spec["x-kubernetes-preserve-unknown-fields"] != true || len(kinds) < 2 {
		return
	}
	var all []any
	for _, name := range kinds {
		all = append(all, map[string]any{
			"if":   map[string]any{"properties": map[string]any{"kind": map[string]any{"const": name}}},
			"then": map[string]any{"properties": map[string]any{"spec": map[string]any{"$ref": fmt.Sprint(name, ".json#/properties/spec")}}},
		})
	}
	out["allOf"] = all
}

// below is strict for what a keyword holds.
func below(key string, value any) any {
	switch value := value.(type) {
	case map[string]any:
		if key != "properties" {
			return strict(value)
		}
		out := map[string]any{}
		for name, s := range value {
			out[name] = below("", s)
		}
		return out
	case []any:
		out := make([]any, len(value))
		for i, s := range value {
			out[i] = below("", s)
		}
		return out
	default:
		return value
	}
}

// wordOrObject says what a structural schema cannot: an object of a type, or one
// of the words that stand in the first branch of anyOf.
func wordOrObject(s map[string]any) map[string]any {
	object := maps.Clone(s)
	delete(object, "description")
	delete(object, "anyOf")
	object["type"], object["additionalProperties"] = "object", false
	words := s["anyOf"].([]any)[0]
	out := map[string]any{"anyOf": []any{words, object}}
	if about, ok := s["description"]; ok {
		out["description"] = about
	}
	return out
}
