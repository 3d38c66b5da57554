package meshannotation

import (
	"encoding/json"
	"maps"
	"slices"
)

// sheet is what is wanted in the metadata of an object.
type sheet struct {
	words    map[kind]map[string]string
	elements map[string][]string // of annotations
}

// sheet lines up what the config wants, toggle and all.
func (c *Config) sheet() sheet {
	k := c.compile()
	s := sheet{words: map[kind]map[string]string{label: {}, annotation: {}}, elements: map[string][]string{}}
	maps.Copy(s.words[label], c.Raw.Labels)
	for key, value := range c.Raw.Annotations {
		s.raw(k.words[key], key, value)
	}
	s.settings(k.settings, c.Scope)
	if c.Revision != "" {
		s.words[label][k.mesh.revision] = c.Revision
	}
	t := k.mesh.toggle(c.Scope)
	if c.toggles() && s.words[t.kind][t.key] == "" {
		s.words[t.kind][t.key] = t.value(c.Inject == injectionEnabled)
	}
	return s
}

// toggles reports whether the mesh's own switch is needed: not where a setting
// decides. Namespaces have it or the revision, never both.
func (c *Config) toggles() bool {
	switch {
	case c.Inject == injectionUnchanged, c.Revision != "" && c.OnNamespaces():
		return false
	case c.Inject == injectionDisabled:
		return true
	}
	return !slices.ContainsFunc(c.compile().settings, func(s setting) bool { return s.decides })
}

// raw adds an annotation of spec.raw: element by element where lists are merged.
func (s sheet) raw(w word, key, value string) {
	if w.merge {
		s.elements[key] = append(s.elements[key], w.format.elements(value)...)
		return
	}
	s.words[annotation][key] = value
}

// settings adds settings, those that are members of one object together.
func (s sheet) settings(all []setting, scope string) {
	objects := map[string]map[string]any{}
	for _, set := range all {
		switch {
		case set.object:
			if objects[set.key] == nil {
				objects[set.key] = map[string]any{}
			}
			objects[set.key][set.member] = set.value
		case set.merge:
			for _, p := range set.parts {
				if !slices.Contains(s.elements[set.key], p.text) {
					s.elements[set.key] = append(s.elements[set.key], p.text)
				}
			}
		default:
			s.words[set.in(scope)][set.key] = set.text()
		}
	}
	for key, members := range objects {
		data, _ := json.Marshal(members) // what was read from YAML can be written
		s.words[annotation][key] = string(data)
	}
}
