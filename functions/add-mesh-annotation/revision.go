package meshannotation

import (
	"fmt"

	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// bothToggles finds namespaces that have, or would have, both of Istio's labels:
// istio-injection and a revision. They exclude each other; the first wins.
func (s *survey) bothToggles() {
	t, revision := s.mesh.namespace, s.mesh.revision
	if !s.config.OnNamespaces() || revision == "" {
		return
	}
	value, toggled := s.view.Labels[t.key]
	rev, revised := s.view.Labels[revision]
	on, _ := t.means(value)
	wantsRevision := s.want.words[label][revision] != ""
	at := place{s.home(), t.kind, t.key}
	switch {
	case toggled && wantsRevision && !on:
		s.find(pod.Error, pod.LabelConflict, at.String(), fmt.Sprintf("is %q, which wins over %s; remove it, or drop spec.revision", value, revision))
	case revised && s.want.words[label][t.key] != "":
		s.find(pod.Error, pod.LabelConflict, place{s.home(), label, revision}.String(),
			fmt.Sprintf("is %q: the namespace has a revision, which %s would win over; set spec.revision: %s, or remove the label", rev, t.key, rev))
	case toggled && (revised || wantsRevision):
		s.double(at, on)
	}
}

// double is about a switch that wins over a revision.
func (s *survey) double(at place, on bool) {
	message := "wins over " + s.mesh.revision + ", so that the namespace gets the default revision or nothing"
	if s.config.Fix && on {
		s.drop(at)
		s.find(pod.Info, pod.Repaired, at.String(), message+"; removed it")
		return
	}
	s.warn(pod.MeshWrongPlace, at.String(), "%s; keep one of them (fix: true keeps the revision)", message)
}
