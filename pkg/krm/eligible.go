package krm

import (
	"slices"

	"github.com/krm-sidecars/krm-sidecars/pkg/edit"
	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
	"github.com/krm-sidecars/krm-sidecars/pkg/yamlpatch"
)

// requests returns what owners want of the object, or why they want nothing.
func (w *work) requests() (*pod.Finding, []inject.Request) {
	e := w.engine
	var all []inject.Request
	var why *pod.Finding
	for _, in := range e.instances {
		request := in.request()
		reason, wanted := w.eligible(in)
		if wanted && reason == nil {
			request.Want = w.want(in)
		}
		if reason != nil {
			why = reason
			why.Owner = in.Owner.String()
		}
		if request.Want != nil || w.hasRecord(in.Owner) {
			all = append(all, request)
		}
	}
	return why, append(all, w.removals()...)
}

func (w *work) hasRecord(o inject.Owner) bool {
	_, ok := w.annotations[o.Key()]
	return ok
}

// eligible decides whether an instance works on the object. wanted says that
// its target selects it; the finding then says why it is left alone.
func (w *work) eligible(in *Instance) (why *pod.Finding, wanted bool) {
	target := in.Config.Shared().Target
	if !in.selects(w.engine.candidate(w.ref, w.labels, w.annotations)) {
		return nil, false
	}
	closed := w.engine.table.Closed(w.ref.APIVersion, w.ref.Kind)
	holds := w.engine.table.Holds(w.ref.APIVersion, w.ref.Kind)
	if in.onNamespaces() {
		closed, holds = "", w.isNamespace()
	}
	if closed == "" && !holds {
		return nil, false
	}
	w.matched = append(w.matched, in)
	switch {
	case closed != "":
		return skipped(pod.UnsupportedKind, "takes no containers: "+closed), true
	case w.unnamed():
		return skipped(pod.NoName, "has neither metadata.name nor metadata.generateName"), true
	case w.annotations["config.kubernetes.io/local-config"] == "true":
		return skipped(pod.LocalConfig, "is local configuration that no cluster sees"), true
	case w.annotations["helm.sh/hook"] != "" && !target.IncludeHelmHooks && !in.judges():
		return skipped(pod.HelmHook, "is a Helm hook; set spec.target.includeHelmHooks to work on hooks too"), true
	case in.sparedBy(w.annotations[inject.OptOut]):
		return skipped(pod.OptedOut, "has opted out with the annotation "+inject.OptOut), true
	}
	return nil, true
}

// unnamed reports whether the object has no name, and no mistake that hides it.
func (w *work) unnamed() bool {
	meta := w.doc.Root.Get("metadata")
	if !meta.IsNull() && (meta.Kind != yamlpatch.Map || meta.Get("name") != nil || meta.Get("generateName") != nil) {
		return false
	}
	return len(w.doc.Duplicates()) == 0
}

func skipped(code pod.Code, message string) *pod.Finding {
	return &pod.Finding{Severity: pod.Info, Code: code, Message: message}
}

// want asks an instance what it wants of a pod template, unless the template is
// none that it can work on.
func (w *work) want(in *Instance) func(*pod.View) (*inject.Injection, []pod.Finding) {
	return func(v *pod.View) (*inject.Injection, []pod.Finding) {
		var why *pod.Finding
		if len(v.Path) > 0 {
			w.checkOptOut(v.Path, v.Node())
		}
		switch bad := w.malformed(v); {
		case len(bad) > 0:
			return nil, bad
		case len(v.Containers) == 0 && !in.onNamespaces():
			why = skipped(pod.NoContainers, "has no containers")
		case v.OS == "windows" && !in.judges():
			why = skipped(pod.OSWindows, "runs on Windows, the image to inject is for Linux")
		case in.sparedBy(v.Annotations[inject.OptOut]):
			why = skipped(pod.OptedOut, "has opted out with the annotation "+inject.OptOut+" on the pod template")
		default:
			return w.ask(in, v)
		}
		why.Field = v.Path.String()
		w.code = why.Code
		return nil, []pod.Finding{*why}
	}
}

// ask asks an instance what it wants. What it repairs needs no warning; no
// injection means that the template is left alone, for the reason in an info.
func (w *work) ask(in *Instance, v *pod.View) (*inject.Injection, []pod.Finding) {
	inj, findings := in.Config.Injection(v, in.Owner)
	if inj != nil && len(inj.Containers) > 0 {
		inj = in.withPullSecrets(inj)
	}
	if inj == nil || len(inj.Repairs) == 0 {
		w.checkTemplate(v)
	}
	for _, f := range findings {
		if inj == nil && f.Severity == pod.Info {
			w.code = f.Code
		}
	}
	return inj, findings
}

// withPullSecrets adds the Secrets for the registry of what is injected.
func (in *Instance) withPullSecrets(inj *inject.Injection) *inject.Injection {
	names := in.Config.Shared().ImagePullSecrets
	if len(names) == 0 {
		return inj
	}
	more := *inj
	for _, name := range names {
		more.Changes = append(slices.Clip(more.Changes), inject.Change{
			Path: edit.Fields("spec", "imagePullSecrets").With(edit.Elem("name", name)).String(), Value: map[string]string{"name": name}})
	}
	return &more
}

// malformed finds what in a template and its object is not what Kubernetes
// takes.
func (w *work) malformed(v *pod.View) []pod.Finding {
	if len(v.Path) == 0 { // a Pod: they share their metadata
		return v.Malformed
	}
	return slices.Concat(pod.MisshapenMetadata(w.doc.Root), v.Malformed)
}
