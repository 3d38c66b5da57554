package meshannotation

import (
	"fmt"
	"strings"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// mistake is what is wrong with a label or annotation.
type mistake struct {
	code    pod.Code // "" where the engine warns of it
	message string   // what it is, as the end of a sentence
	lost    bool     // nobody can tell what it should be
}

// look finds one sort of mistake in a note, and corrects the note.
type look func(*survey, *note) *mistake

// looks are the sorts of mistakes, in the order in which they are put right: each
// gets what those before it made of the note.
func looks() []look {
	return []look{outdated, misused, miskind, misplaced, unquoted, misspelt}
}

// mistakes finds what is wrong with the labels and annotations, and mends it
// where the config says so.
func (s *survey) mistakes() {
	for _, n := range s.notes() {
		if right, wrong := s.examine(n); len(wrong) > 0 {
			s.judge(n, right, wrong)
		}
	}
	s.bothToggles()
}

// examine finds what is wrong with a note, and what it should be.
func (s *survey) examine(n note) (right note, wrong []*mistake) {
	right = n
	for _, look := range looks() {
		m := look(s, &right)
		if m == nil {
			continue
		}
		if wrong = append(wrong, m); m.lost {
			break
		}
	}
	if s.harmless(n, right) {
		return n, nil
	}
	return right, wrong
}

// harmless reports a copy of what stands where the mesh looks, such as the one
// that kustomize's commonLabels make.
func (s *survey) harmless(n, right note) bool {
	value, there := of(s.given, right.kind)[right.key]
	return n.away && n.kind == right.kind && n.key == right.key && there && value == n.value
}

// judge warns of mistakes, or mends them.
func (s *survey) judge(n, right note, wrong []*mistake) {
	lost := wrong[len(wrong)-1].lost
	if s.config.Fix && !lost {
		if !s.contrary(n, right) {
			s.find(pod.Info, pod.Repaired, n.String(), said(wrong)+"; "+s.mend(n, right))
		}
		return
	}
	for _, m := range wrong {
		switch {
		case m.code == "":
		case lost:
			s.warn(m.code, n.String(), "%s", m.message)
		default:
			s.warn(m.code, n.String(), "%s (fix: true corrects it)", m.message)
		}
	}
	if !lost {
		s.contrary(n, right)
	}
}

// said is what was wrong, in a sentence.
func said(wrong []*mistake) string {
	var all []string
	for _, m := range wrong {
		message, _, _ := strings.Cut(m.message, "; did you mean")
		all = append(all, message)
	}
	return strings.Join(all, ", and ")
}

// mend puts a note right, and says how.
func (s *survey) mend(n, right note) (done string) {
	switch there, taken := s.have(right.kind)[right.key]; {
	case right.place == n.place && right.value == n.value:
		s.put(n.place, right.value)
		return "quoted it"
	case right.place == n.place:
		s.put(n.place, right.value)
		return fmt.Sprintf("wrote %q", right.value)
	case taken:
		s.drop(n.place)
		return fmt.Sprintf("removed it, as %s says %q", right.place, there)
	}
	s.drop(n.place)
	s.put(right.place, right.value)
	return fmt.Sprintf("moved it to %s, with the value %q", right.place, right.value)
}

// contrary reports a value that cannot be moved, as the config wants another:
// what is meant is for the user to say.
func (s *survey) contrary(n, right note) bool {
	want, ok := s.want.words[right.kind][right.key]
	if _, taken := s.have(right.kind)[right.key]; !ok || taken || right.place == n.place || s.same(right.key, right.value, want) {
		return false
	}
	code := pod.AnnotationConflict
	if right.kind == label {
		code = pod.LabelConflict
	}
	s.find(pod.Error, code, n.String(), fmt.Sprintf("is %q, but the config wants %s to be %q; remove it, or change the config", n.value, right.key, want))
	return true
}

// same reports whether two values mean the same to the mesh.
func (s *survey) same(key, a, b string) bool {
	t := s.mesh.toggle(s.config.Scope)
	aOn, aKnown := t.means(a)
	bOn, bKnown := t.means(b)
	_, said := s.setting(key)
	return a == b || key == t.key && !said && aKnown && bKnown && aOn == bOn
}

// outdated finds keys that the mesh no longer wants.
func outdated(s *survey, n *note) *mistake {
	d, ok := s.old[n.key]
	if !ok {
		return nil
	}
	if d.by == "" {
		return &mistake{code: pod.MeshDeprecatedKey, message: "is deprecated; " + d.advice, lost: true}
	}
	n.key, n.value = d.by, d.value(n.value)
	return &mistake{code: pod.MeshDeprecatedKey, message: "is deprecated in favour of " + d.by}
}

// misused finds words for namespaces on pods, and the reverse.
func misused(s *survey, n *note) *mistake {
	if s.words[n.key].in(s.config.Scope) != nowhere {
		return nil
	}
	others, ours := s.mesh.namespace, s.mesh.pod
	if s.config.OnNamespaces() {
		others, ours = ours, others
	}
	on, known := others.means(n.value)
	if n.key != others.key || ours.key == "" || !known {
		return &mistake{code: pod.MeshWrongPlace, message: "is not read from " + s.config.objects() + "; remove it", lost: true}
	}
	n.key, n.kind, n.value = ours.key, ours.kind, ours.value(on)
	return &mistake{code: pod.MeshWrongPlace, message: fmt.Sprintf("is not read from %s; they have the %s %s", s.config.objects(), ours.kind.one(), ours.key)}
}

// miskind finds annotations that are read as labels, and the reverse.
func miskind(s *survey, n *note) *mistake {
	right := s.words[n.key].in(s.config.Scope)
	if right == n.kind {
		return nil
	}
	m := &mistake{code: pod.MeshWrongPlace, message: fmt.Sprintf("has to be %s for %s", right.article(), s.mesh.name)}
	if value, there := s.have(right)[n.key]; there && value != n.value {
		m.message += fmt.Sprintf(", and that %s wins with %q", right.one(), value)
	}
	n.kind = right
	return m
}

// misplaced finds what stands on the workload and not on its pods.
func misplaced(s *survey, n *note) *mistake {
	if !n.away {
		return nil
	}
	n.meta, n.away = s.home(), false
	return &mistake{code: pod.MeshWrongPlace, message: fmt.Sprintf("stands where %s does not look, which is %s", s.mesh.name, s.home())}
}

// unquoted finds booleans and numbers. The engine warns of those on pods.
func unquoted(_ *survey, n *note) *mistake {
	if n.text {
		return nil
	}
	n.text = true
	return &mistake{message: "was no text, which Kubernetes refuses"}
}

// misspelt finds values that the mesh does not take.
func misspelt(s *survey, n *note) *mistake {
	f := s.words[n.key].format
	wrong := f.value(n.value)
	if wrong == "" {
		return nil
	}
	m := &mistake{code: pod.MeshBadValue, message: fmt.Sprintf("%q %s", n.value, wrong)}
	value, ok := f.mended(n.value)
	if m.lost = !ok || n.kind == label && config.LabelValue(value) != ""; !m.lost {
		n.value = value
	}
	return m
}
