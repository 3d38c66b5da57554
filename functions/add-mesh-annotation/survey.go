package meshannotation

import (
	"fmt"
	"maps"
	"slices"

	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// survey looks at what stands in the metadata of an object, and finds out what
// is wanted beside it.
type survey struct {
	*compiled
	config   *Config
	given    *pod.View
	view     *pod.View // the same, with the labels and annotations that repairs leave
	want     sheet
	repairs  []inject.Repair
	findings []pod.Finding
}

func newSurvey(c *Config, v *pod.View) *survey {
	return &survey{compiled: c.compile(), config: c, given: v, view: v.Clone(), want: c.sheet()}
}

// place is where a label or annotation stands.
type place struct {
	meta string // path of the metadata
	kind kind
	key  string
}

func (p place) String() string { return fmt.Sprintf("%s.%s[%q]", p.meta, p.kind, p.key) }

// note is a label or annotation in the manifest.
type note struct {
	place
	value string
	text  bool // it is a string, as it has to be
	away  bool // it stands where the mesh does not look
}

// home is the metadata that the mesh reads.
func (s *survey) home() string {
	if len(s.view.Path) == 0 {
		return "metadata"
	}
	return s.view.Path.String() + ".metadata"
}

// have are the labels or annotations that the mesh reads.
func (s *survey) have(k kind) map[string]string { return of(s.view, k) }

func of(v *pod.View, k kind) map[string]string {
	if k == label {
		return v.Labels
	}
	return v.Annotations
}

// notes are the labels and annotations that the mesh may mean, those that it
// reads first.
func (s *survey) notes() []note {
	all := s.noted(pod.Meta{Labels: s.view.Labels, Annotations: s.view.Annotations, NotText: s.view.NotText}, s.home(), false)
	if len(s.view.Path) == 0 {
		return all
	}
	for _, m := range slices.Concat(s.view.Between(), []pod.Meta{s.view.Meta()}) {
		all = append(all, s.noted(m, m.Path.String(), true)...)
	}
	return all
}

func (s *survey) noted(m pod.Meta, at string, away bool) []note {
	var all []note
	for _, list := range []struct {
		kind   kind
		values map[string]string
	}{{label, m.Labels}, {annotation, m.Annotations}} {
		for _, key := range slices.Sorted(maps.Keys(list.values)) {
			_, known := s.words[key]
			if _, old := s.old[key]; !known && !old {
				continue
			}
			all = append(all, note{place: place{at, list.kind, key}, value: list.values[key], text: isText(m, list.kind, key), away: away})
		}
	}
	return all
}

// isText reports whether a label or annotation is a string.
func isText(m pod.Meta, k kind, key string) bool {
	for _, p := range m.NotText {
		if p.Last().Name == key && p.Parent().Last().Name == string(k) {
			return false
		}
	}
	return true
}

func (s *survey) find(severity pod.Severity, code pod.Code, at, message string) {
	f := pod.Finding{Severity: severity, Code: code, Field: at, Message: message}
	if !slices.Contains(s.findings, f) {
		s.findings = append(s.findings, f)
	}
}

// warn warns of something about the pods of the object.
func (s *survey) warn(code pod.Code, at, format string, args ...any) {
	s.find(pod.Warning, code, at, fmt.Sprintf(format, args...))
}

// put says what is to stand in a place from now on.
func (s *survey) put(p place, value string) {
	s.repairs = append(s.repairs, inject.Repair{Path: p.String(), Value: value})
	if p.meta == s.home() {
		s.have(p.kind)[p.key] = value
	}
}

// drop takes a label or annotation away, also one that was just put there.
func (s *survey) drop(p place) {
	s.repairs = slices.DeleteFunc(s.repairs, func(r inject.Repair) bool { return r.Path == p.String() })
	s.repairs = append(s.repairs, inject.Repair{Path: p.String()})
	if p.meta == s.home() {
		delete(s.have(p.kind), p.key)
	}
}
