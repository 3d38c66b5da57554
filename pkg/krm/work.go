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
	room        *yamlpatch.Room
	ref         pod.Ref
	labels      map[string]string
	annotations map[string]string
	had         map[string]string // the annotations as they came
	beside      map[int]spot      // objects that findings are about, by their places
	spared      []inject.Owner    // whose things are those of another config of that name
	absent      []string          // generated objects, as Kind/name, that are recorded and were not there

	matched   []*Instance
	plan      inject.Plan
	text      string   // the object as it is by now
	anchors   []string // whose content has changed
	expanded  bool
	reencoded bool
	mended    int // times that repairs were made
	ignored   int // findings that a config or an annotation asks not to tell
	results   []Result
	status    Status
	code      pod.Code
}

func (w *work) run() {
	doc, err := w.object.DocumentIn(w.room)
	if err != nil {
		w.fail(pod.InvalidInput, err.Error())
		w.results[0].Source, w.results[0].AtLine = whereUnread(err)
		return
	}
	w.doc = doc
	if doc.Root == nil || doc.Root.Kind != yamlpatch.Map {
		return
	}
	w.read()
	if w.later() {
		return
	}
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

// namespaceKind is the kind that some functions can work on besides workloads.
const namespaceKind = "Namespace"

func (w *work) isNamespace() bool { return w.ref.Kind == namespaceKind && w.ref.Group() == "" }

// worthReading decides without parsing whether an object can matter: it holds
// pod templates, or a record of ours.
func (e *Engine) worthReading(o *manifest.Object) bool {
	if o.Kind == namespaceKind && slices.ContainsFunc(e.instances, (*Instance).onNamespaces) {
		return true
	}
	if !o.Sure() || e.table.Holds(o.APIVersion, o.Kind) || e.table.Closed(o.APIVersion, o.Kind) != "" {
		return true
	}
	return strings.Contains(o.Original(), inject.Prefix)
}

func (w *work) read() {
	w.ref = refOf(w.object, w.doc)
	meta := w.doc.Root.Get("metadata")
	w.labels, w.annotations = meta.Get("labels").Strings(), meta.Get("annotations").Strings()
	w.had = w.annotations
}

// apply plans the requests and carries the plan out.
func (w *work) apply(requests []inject.Request, why *pod.Finding) {
	edits, drift := inject.Undo(w.target(nil), requests)
	if !w.stepOn(edits) {
		return
	}
	for again := true; again; {
		views, none := w.views()
		if none != nil && !slices.ContainsFunc(requests, func(r inject.Request) bool { return len(r.Changes) > 0 || w.hasRecord(r.Owner) }) {
			w.without(none)
			return
		}
		w.plan = inject.Make(w.target(views), requests)
		if w.refused(requests) {
			return
		}
		again = w.mend()
	}
	if w.status == Failed || !w.step(w.plan.Edits) {
		return
	}
	w.plan.Findings = append(drift, w.plan.Findings...)
	w.settle(why)
	w.plan.Edits, w.plan.Findings = nil, nil
}

// without skips an object that has no pod template, unless a key that stands twice
// may hide it.
func (w *work) without(none *pod.Finding) {
	if twice := w.doc.Duplicates(); len(twice) > 0 {
		w.applyFailed(&yamlpatch.DuplicateKeyError{Duplicate: twice[0]})
		return
	}
	w.skip(none)
}

func (w *work) target(views []*pod.View) inject.Target {
	return inject.Target{Ref: w.ref, Annotations: w.annotations, Views: views,
		State: func(p edit.Path) pod.State { return pod.StateOf(w.doc, p) },
		Value: func(p edit.Path) edit.Value { return pod.ValueOf(w.doc, p) }}
}

// views reads the pod templates, and why there are none.
func (w *work) views() ([]*pod.View, *pod.Finding) {
	more := inject.TemplatePaths(w.annotations)
	if w.isNamespace() {
		more = append(more, edit.Path{})
	}
	views, none := w.engine.table.Templates(w.ref, w.doc, more...)
	for _, v := range views {
		v.In(w.engine.around)
	}
	return views, none
}

// step carries edits out on the object as it is by now.
func (w *work) step(edits []edit.Edit) (ok bool) {
	res, err := w.doc.Apply(edits)
	if err != nil {
		w.applyFailed(err)
		return false
	}
	w.expanded, w.reencoded = w.expanded || res.Expanded, w.reencoded || res.Reencoded
	w.anchors = append(w.anchors, res.Anchors...)
	w.text = res.Text
	return true
}

// stepOn carries edits out and reads what came of it: more is to follow.
func (w *work) stepOn(edits []edit.Edit) (ok bool) {
	if len(edits) == 0 {
		return true
	}
	if !w.step(edits) {
		return false
	}
	doc, err := w.doc.Reread(w.text)
	if err != nil {
		w.applyFailed(err)
		return false
	}
	w.doc, w.annotations = doc, doc.Root.Path("metadata", "annotations").Strings()
	return true
}

// mend carries the repairs of a plan out. What functions want is then to be
// planned anew, as if the user had made no mistake.
func (w *work) mend() (again bool) {
	if len(w.plan.Repairs) == 0 {
		return false
	}
	edits, err := inject.Mend(w.target(nil), w.plan.Repairs)
	if err != nil {
		w.fail(pod.InternalError, err.Error())
		return false
	}
	for _, f := range w.plan.Findings {
		if f.Verdict != pod.Ignored { // it is found again
			w.tell(f)
		}
	}
	if w.mended++; w.mended > len(w.engine.instances) {
		w.fail(pod.InternalError, "a function does not take its own repairs")
		return false
	}
	return w.stepOn(edits)
}

// refused reports the conflicts of a plan. They fail the run, or leave the
// object alone where the config says so.
func (w *work) refused(requests []inject.Request) bool {
	if !slices.ContainsFunc(w.plan.Findings, pod.Finding.Fatal) {
		return false
	}
	skip := !slices.ContainsFunc(requests, func(r inject.Request) bool { return (r.Want != nil || len(r.Changes) > 0) && !r.Skip })
	for _, f := range w.plan.Findings {
		if !f.Fatal() && (f.Rule == "" || f.Code == pod.Repaired) { // a linter tells all that it has found
			continue
		}
		if skip = skip && f.Code != pod.InvalidRecord; skip { // what cannot be read cannot be taken away
			f.Severity = pod.Warning
		}
		w.tell(f)
	}
	w.plan = inject.Plan{}
	if w.status = Failed; skip {
		w.status, w.code = Skipped, pod.SkippedConflict
	}
	return true
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
func (w *work) settle(why *pod.Finding) {
	changed := w.text != w.object.Original()
	for _, f := range w.plan.Findings {
		if (f.Code != pod.Drift || changed) && !w.told(f) {
			w.tell(f)
		}
	}
	if !changed {
		w.anchors, w.expanded, w.reencoded = nil, false, false
	}
	if w.expanded {
		w.tell(pod.Finding{Severity: pod.Info, Code: pod.AliasExpanded, Message: "has aliases of what has changed; they were written out, and stay so"})
	}
	if w.reencoded {
		w.tell(pod.Finding{Severity: pod.Info, Code: pod.Reencoded, Message: "is written in a style that cannot be edited in place; it was formatted anew"})
	}
	switch {
	case !changed && w.plan.Has:
		w.status = Unchanged
	case !changed && why != nil:
		w.skip(why)
		return
	case !changed && w.code != "":
		w.status = Skipped
		return
	case !changed:
		return
	case !w.plan.Had && w.plan.Has:
		w.status = Injected
	case w.plan.Has || !w.plan.Had: // or nothing of ours, but a repair
		w.status = Updated
	default:
		w.status = Removed
	}
	w.object.SetText(w.text)
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
