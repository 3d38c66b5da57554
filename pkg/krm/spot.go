package krm

import (
	"slices"

	"github.com/krm-sidecars/krm-sidecars/pkg/edit"
	"github.com/krm-sidecars/krm-sidecars/pkg/manifest"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
	"github.com/krm-sidecars/krm-sidecars/pkg/yamlpatch"
)

// spot is the object that a finding is about.
type spot struct {
	ref         pod.Ref
	annotations map[string]string
	object      *manifest.Object
	doc         *yamlpatch.Doc // nil when nobody could read it
}

// spot is the object of the work, or the one beside it that the finding names,
// which is read once for all that is told of it.
func (w *work) spot(f pod.Finding) spot {
	if f.About == nil {
		return spot{w.ref, w.annotations, w.object, w.doc}
	}
	s, ok := w.beside[f.About.Place]
	if !ok {
		s = spot{ref: f.About.Ref, annotations: f.About.Annotations, object: w.engine.around.objects[f.About.Place]}
		_, s.doc = peek(s.object, f.About.Kind)
		if w.beside == nil {
			w.beside = map[int]spot{}
		}
		w.beside[f.About.Place] = s
	}
	return s
}

// locate notes where in the input the field of a result stands.
func (s spot) locate(r *Result) {
	at := s.object.Position()
	r.Source, r.AtLine = at.File, at.Line
	path, err := edit.ParsePath(r.Field)
	if err != nil || s.doc == nil {
		return
	}
	if line := pod.LineOf(s.doc, path); line > 0 {
		at.Line = s.object.LineOf(line)
	}
	if r.AtLine = at.Line; r.Where != "" {
		r.Where = at.String()
	}
}

// hostPath reads where the object's file lies, from the annotations of hosts.
func hostPath(annotations map[string]string, name string) string {
	for _, prefix := range []string{"internal.config.kubernetes.io/", "config.kubernetes.io/"} {
		if v := annotations[prefix+name]; v != "" {
			return v
		}
	}
	return ""
}

// unsaid are the results of a work but for what others have said of the same
// object, such as a ConfigMap that two workloads use.
func (w *work) unsaid(said map[Result]bool) []Result {
	return slices.DeleteFunc(slices.Clone(w.results), func(r Result) bool {
		if r.Ref == w.ref {
			return false
		}
		again := said[r]
		said[r] = true
		return again
	})
}
