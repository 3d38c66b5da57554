package krm

import (
	"fmt"
	"slices"
	"strings"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
	"github.com/krm-sidecars/krm-sidecars/pkg/edit"
	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
	"github.com/krm-sidecars/krm-sidecars/pkg/yamlpatch"
)

// sparedBy reads the opt-out annotation: "false", or a list of functions. Who puts
// nothing in has to be named.
func (in *Instance) sparedBy(value string) bool {
	for part := range strings.SplitSeq(value, ",") {
		if part = strings.TrimSpace(part); part == "false" && !in.judges() || part == in.Function.Name {
			return true
		}
	}
	return false
}

// checkOptOut warns about an opt-out on the object that nobody will read as it
// was meant.
func (w *work) checkOptOut(at edit.Path, n *yamlpatch.Node) {
	value := n.Path("metadata", "annotations", inject.OptOut)
	if len(w.engine.instances) == 0 || value == nil {
		return
	}
	at = at.With(edit.Fields("metadata", "annotations", inject.OptOut)...)
	if value.Value().Kind != edit.String {
		w.warn(at, pod.InvalidTemplate, "is no text, which the API server refuses; quote it")
	}
	for part := range strings.SplitSeq(value.Str(), ",") {
		if part = strings.TrimSpace(part); !w.isOptOut(part) {
			w.warn(at, pod.OptedOut, fmt.Sprintf("%q opts out of nothing; write \"false\", or the names of functions such as %s", part, w.engine.instances[0].Function.Name))
		}
	}
}

// isOptOut reports whether a part of the annotation is a word that counts, or
// looks like the name of a function.
func (w *work) isOptOut(part string) bool {
	if part == "false" || part == "true" || part == "" {
		return true
	}
	if !IsFunctionName(part) {
		return false
	}
	return !slices.ContainsFunc(w.engine.instances, func(in *Instance) bool {
		name := in.Function.Name
		return part != name && config.Nearest(part, []string{name}) == name
	})
}

// checkTemplate warns about what stands in a template, or above it, and is not
// what it seems.
func (w *work) checkTemplate(v *pod.View) {
	for _, at := range v.NotText {
		if at.Last().Name != inject.OptOut && !w.engine.judges() {
			w.warn(at, pod.InvalidTemplate, "is no text, which the API server refuses; quote it")
		}
	}
	for i := 1; i < len(v.Path); i++ {
		at := v.Path[:i].With(edit.Fields("metadata", "annotations", inject.OptOut)...)
		if pod.StateOf(w.doc, at).Present {
			w.warn(at, pod.OptedOut, "is not read here; put it on the object or on the pod template")
		}
	}
}

// warn tells a warning about a field, once.
func (w *work) warn(at edit.Path, code pod.Code, message string) {
	if f := (pod.Finding{Severity: pod.Warning, Code: code, Field: at.String(), Message: message}); !w.told(f) {
		w.tell(f)
	}
}
