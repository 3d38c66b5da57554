package schemas_test

import (
	"maps"
	"slices"
	"strings"
)

// place is where in a spec a part of the schema applies: names of fields, [] for
// an element of a list, * for one of a map.
type place struct {
	path   []string
	schema node
}

const (
	element = "[]"
	entry   = "*"
)

// String is the place as errors name it, with the first element for all.
func (p place) String() string {
	var b strings.Builder
	b.WriteString("spec")
	for _, step := range p.path {
		switch step {
		case element:
			b.WriteString("[0]")
		case entry:
			b.WriteString(".some")
		default:
			b.WriteString("." + step)
		}
	}
	return b.String()
}

// within reports whether an error's path is that of the place, or below it.
func (p place) within(path string) bool {
	rest, ok := strings.CutPrefix(path, p.String())
	return ok && (rest == "" || rest[0] == '.' || rest[0] == '[')
}

func (p place) below(step string, s node) place {
	return place{append(slices.Clone(p.path), step), s}
}

// places lists a place and all below it.
func places(p place) []place {
	all := []place{p}
	fields := p.schema.properties()
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		all = append(all, places(p.below(name, fields[name]))...)
	}
	if items := p.schema.of("items"); items != nil {
		all = append(all, places(p.below(element, items))...)
	}
	if entries := p.schema.of("additionalProperties"); entries != nil {
		all = append(all, places(p.below(entry, entries))...)
	}
	return all
}

// with returns a spec with a value at the place. What is in the way there gives
// way; the rest of the spec stays.
func (p place) with(spec any, value any) any { return set(spec, p.path, value) }

func set(in any, path []string, value any) any {
	if len(path) == 0 {
		return value
	}
	step, rest := path[0], path[1:]
	if step == element {
		list, _ := in.([]any)
		if len(list) == 0 {
			list = []any{nil}
		}
		list[0] = set(list[0], rest, value)
		return list
	}
	if step == entry {
		step = "some"
	}
	fields, _ := in.(map[string]any)
	if fields == nil {
		fields = map[string]any{}
	}
	fields[step] = set(fields[step], rest, value)
	return fields
}
