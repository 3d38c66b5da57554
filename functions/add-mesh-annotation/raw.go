package meshannotation

import (
	"fmt"
	"maps"
	"slices"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
)

// Raw holds labels and annotations by their keys.
type Raw struct {
	// Labels are labels to set, by key.
	Labels map[string]string `json:"labels,omitempty"`
	// Annotations are annotations to set, by key.
	Annotations map[string]string `json:"annotations,omitempty"`
}

// validate checks raw labels and annotations.
func (r Raw) validate(c *Config, m mesh) config.Errors {
	var errs config.Errors
	for _, of := range []struct {
		kind  kind
		words map[string]string
	}{{label, r.Labels}, {annotation, r.Annotations}} {
		for _, key := range slices.Sorted(maps.Keys(of.words)) {
			at := fmt.Sprintf("spec.raw.%s[%q]", of.kind, key)
			errs = append(errs, config.Each(at, key, config.LabelKey)...)
			if wrong := c.rawWrong(m, of.kind, key, of.words[key]); wrong != "" {
				errs.Addf(at, "%s", wrong)
			}
		}
	}
	return errs
}

// rawWrong says what is wrong with a raw label or annotation.
func (c *Config) rawWrong(m mesh, of kind, key, value string) string {
	if d, ok := deprecatedKey(key); ok {
		return "is deprecated; " + d.instead()
	}
	if key == m.toggle(c.Scope).key || key == m.revision {
		return "is what spec.injection and spec.revision are for"
	}
	if slices.ContainsFunc(c.compile().settings, func(s setting) bool { return s.key == key }) {
		return "spec." + m.block + " sets it already; keep one of them"
	}
	w, known := wordOfAny(key)
	switch wrong := w.format.value; {
	case !known && of == label:
		if bad := config.LabelValue(value); bad != "" {
			return fmt.Sprintf("%q %s", value, bad)
		}
	case !known:
	case w.in(c.Scope) == nowhere:
		return "is not read from " + c.objects()
	case w.in(c.Scope) != of:
		return fmt.Sprintf("is read as %s; write it in spec.raw.%s", w.in(c.Scope).article(), w.in(c.Scope))
	case wrong(value) != "":
		return fmt.Sprintf("%q %s", value, wrong(value))
	case w.format.env && slices.ContainsFunc(w.format.elements(value), func(e string) bool { return secret(e, w.format.pair) }):
		return plainSecret
	}
	return ""
}

// wordOfAny finds a label or annotation that any mesh knows.
func wordOfAny(key string) (word, bool) {
	for _, m := range meshes() {
		if w, ok := m.words()[key]; ok {
			return w, true
		}
	}
	return word{}, false
}
