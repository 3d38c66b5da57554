package krm

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/krm-sidecars/krm-sidecars/pkg/edit"
	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
	"github.com/krm-sidecars/krm-sidecars/pkg/manifest"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
	"github.com/krm-sidecars/krm-sidecars/pkg/yamlpatch"
)

// work is what is done to one object.
type work struct {
	engine      *Engine
	object      *manifest.Object
	doc         *yamlpatch.Doc
	ref         pod.Ref
	labels      map[string]string
	annotations map[string]string

	matched []*Instance
	plan    inject.Plan
	anchors []string // whose content has changed
	results []Result
	status  Status
	code    pod.Code
}

func (w *work) run() {
	doc, err := w.object.Document()
	if err != nil {
		w.fail(pod.InvalidInput, err.Error())
		return
	}
	w.doc = doc
	if doc.Root == nil || doc.Root.Kind != yamlpatch.Map {
		return
	}
	w.read()
	if w.engine.table.Holds(w.ref.APIVersion, w.ref.Kind) {
		w.checkOptOut(nil, w.doc.Root)
	}
	why, requests := w.requests()
	switch {
	case len(requests) == 0:
		w.skip(why)
	default:
		w.apply(requests, why)
	}
}

// worthReading decides without parsing whether an object can matter: it holds
// pod templates, or a record of ours.
func (e *Engine) worthReading(o *manifest.Object) bool {
	if !o.Sure() || e.table.Holds(o.APIVersion, o.Kind) || e.table.Closed(o.APIVersion, o.Kind) != "" {
		return true
	}
	return strings.Contains(o.Original(), inject.Prefix)
}

func (w *work) read() {
	w.ref = pod.RefOf(w.doc.Root)
	if w.ref.Kind == "" { // an item of a typed list
		w.ref.APIVersion, w.ref.Kind = w.object.APIVersion, w.object.Kind
	}
	meta := w.doc.Root.Get("metadata")
	w.labels, w.annotations = meta.Get("labels").Strings(), meta.Get("annotations").Strings()
}

// apply plans the requests and carries the plan out.
func (w *work) apply(requests []inject.Request, why *pod.Finding) {
	views, none := w.engine.table.Templates(w.ref, w.doc, inject.TemplatePaths(w.annotations)...)
	if none != nil && !slices.ContainsFunc(requests, func(r inject.Request) bool { return w.hasRecord(r.Owner) }) {
		w.skip(none)
		return
	}
	w.plan = inject.Make(inject.Target{Ref: w.ref, Annotations: w.annotations, Views: views,
		State: func(p edit.Path) pod.State { return pod.StateOf(w.doc, p) }}, requests)
	if w.refused(requests) {
		return
	}
	res, err := w.doc.Apply(w.plan.Edits)
	if err != nil {
		w.applyFailed(err)
		return
	}
	w.settle(res, why)
	w.plan.Edits, w.plan.Findings = nil, nil
}

// refused reports the conflicts of a plan. They fail the run, or leave the
// object alone where the config says so.
func (w *work) refused(requests []inject.Request) bool {
	conflict := false
	skip := !slices.ContainsFunc(requests, func(r inject.Request) bool { return r.Want != nil && !r.Skip })
	for _, f := range w.plan.Findings {
		if f.Severity != pod.Error {
			continue
		}
		conflict = true
		if skip {
			f.Severity = pod.Warning
		}
		w.tell(f)
	}
	if conflict {
		w.plan = inject.Plan{}
		if w.status = Failed; skip {
			w.status, w.code = Skipped, pod.SkippedConflict
		}
	}
	return conflict
}

func (w *work) applyFailed(err error) {
	var twice *yamlpatch.DuplicateKeyError
	if errors.As(err, &twice) {
		w.fail(pod.DuplicateKey, fmt.Sprintf("key %q is defined twice (line %d); remove one of them", twice.Key, w.object.LineOf(twice.Line)))
		return
	}
	w.fail(pod.InvalidTemplate, err.Error())
}

// settle keeps the new text and decides what to call it.
func (w *work) settle(res yamlpatch.Result, why *pod.Finding) {
	for _, f := range w.plan.Findings {
		if f.Code != pod.Drift || res.Changed {
			w.tell(f)
		}
	}
	if res.Expanded {
		w.tell(pod.Finding{Severity: pod.Info, Code: pod.AliasExpanded, Message: "has aliases of what has changed; they were written out, and stay so"})
	}
	if res.Reencoded {
		w.tell(pod.Finding{Severity: pod.Info, Code: pod.Reencoded, Message: "is written in a style that cannot be edited in place; it was formatted anew"})
	}
	switch {
	case !res.Changed && w.plan.Has:
		w.status = Unchanged
	case !res.Changed && why != nil:
		w.skip(why)
		return
	case !res.Changed && w.code != "":
		w.status = Skipped
		return
	case !res.Changed:
		return
	case !w.plan.Had:
		w.status = Injected
	case w.plan.Has:
		w.status = Updated
	default:
		w.status = Removed
	}
	w.object.SetText(res.Text)
	w.anchors = res.Anchors
	w.noteImmutable()
}

// noteImmutable tells that a cluster will not take the change as an update.
func (w *work) noteImmutable() {
	what := ""
	switch {
	case w.ref.Group() == "" && w.ref.Kind == "Pod":
		what = "a Pod"
	case w.ref.Group() == "batch" && w.ref.Kind == "Job":
		what = "the template of a Job"
	default:
		return
	}
	w.tell(pod.Finding{Severity: pod.Info, Code: pod.ImmutablePod,
		Message: what + " cannot change once it is in the cluster; delete it there before you apply this"})
}

// skip leaves the object alone for a reason, if there is one.
func (w *work) skip(why *pod.Finding) {
	if why == nil {
		return
	}
	w.status, w.code = Skipped, why.Code
	w.tell(*why)
}

func (w *work) fail(code pod.Code, message string) {
	w.status = Failed
	w.tell(pod.Finding{Severity: pod.Error, Code: code, Message: message})
}

// tell turns a finding into a result about the object.
func (w *work) tell(f pod.Finding) {
	r := Result{Function: w.function(), Ref: w.ref, Severity: f.Severity, Code: f.Code, Field: f.Field, Message: f.Message,
		File: w.hostPath("path"), Index: w.hostPath("index")}
	if r.File == "" && f.Severity != pod.Info && f.Code != pod.InvalidInput {
		r.Where = w.where()
	}
	if r.Field == "." {
		r.Field = ""
	}
	w.results = append(w.results, r)
}

// function names who speaks: the one function that runs, or the program.
func (w *work) function() string {
	if len(w.engine.instances) == 1 {
		return w.engine.instances[0].Function.Name
	}
	return program
}

// hostPath reads where the object's file lies, from the annotations of hosts.
func (w *work) hostPath(name string) string {
	for _, prefix := range []string{"internal.config.kubernetes.io/", "config.kubernetes.io/"} {
		if v := w.annotations[prefix+name]; v != "" {
			return v
		}
	}
	return ""
}

func (w *work) where() string {
	return w.object.Position().String()
}
