package lint

import (
	"strings"

	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
	"github.com/krm-sidecars/krm-sidecars/pkg/servicemesh"
)

// MeshMistakes finds wrong forms of the labels and annotations of meshes in a
// workload. The function that writes them knows them.
type MeshMistakes func(*pod.View) []inject.Mistake

// meshRules are about labels and annotations that injectors read.
func meshRules() []rule {
	return []rule{{
		id: "SC029", name: "mesh-words", severity: pod.Error, check: meshWords,
		about:  "A label or annotation of a mesh stands in the wrong place, has a value that the mesh does not take, or cannot work.",
		remedy: "write it as the mesh reads it",
	}}
}

func meshWords(s *subject) {
	told := map[string]bool{}
	for _, m := range s.config.meshMistakes(s.view) {
		told[m.Field] = true
		s.correct(m.Repairs, m.Field, "%s", m.Message)
	}
	for _, path := range s.view.NotText {
		field, key := path.String(), path.Last().Name
		if told[field] || strings.HasPrefix(key, prometheus) {
			continue
		}
		s.quote(field, path.Parent().Last().Name, key)
	}
	if mesh, _, ok := servicemesh.Of(s.view); ok && s.view.HostNetwork && s.wants(mesh) {
		s.findTo("remove it, or take the pod out of the mesh", "spec.hostNetwork", "is true, and %s injects nothing into pods on the network of the node", mesh.Title)
	}
	s.namespaceToggles()
}

// wants reports whether the pod itself, and not just its namespace, asks for a
// mesh.
func (s *subject) wants(m servicemesh.Mesh) bool {
	for _, ask := range m.Asks {
		key, _, _ := strings.Cut(ask, "=")
		if s.view.Labels[key] != "" || s.view.Annotations[key] != "" {
			return true
		}
	}
	return false
}

// quote is about a label or annotation that is no text.
func (s *subject) quote(field, list, key string) {
	general := s.rule.remedy
	s.rule.remedy = "quote it"
	s.correct(quoted(s, field, list, key), field, "is no text, which the API server refuses")
	s.rule.remedy = general
}

// quoted is the repair of a label or annotation that is no text.
func quoted(s *subject, field, list, key string) []inject.Repair {
	values := s.view.Annotations
	if list == "labels" {
		values = s.view.Labels
	}
	if values[key] == "" { // null, or a list
		return nil
	}
	return []inject.Repair{{Path: field, Value: values[key]}}
}

// namespaceToggles finds a Namespace with both of Istio's labels.
func (s *subject) namespaceToggles() {
	if ns, ok := s.view.Namespace(); ok && ns.Labels["istio-injection"] != "" && ns.Labels["istio.io/rev"] != "" {
		s.beside(ns, "keep one of them", "metadata.labels[\"istio-injection\"]", "stands beside istio.io/rev, which does not count then")
	}
}
