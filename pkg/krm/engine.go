package krm

import (
	"cmp"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
	"github.com/krm-sidecars/krm-sidecars/pkg/manifest"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
	"github.com/krm-sidecars/krm-sidecars/pkg/yamlpatch"
)

// Engine runs instances of functions over streams.
type Engine struct {
	given            []*Instance     // what was asked for, Composites included
	instances        []*Instance     // what runs
	gone             []Origin        // that want nothing any more; of a Composite, unless they are a part of it
	all              bool            // every owner wants nothing
	removers         []*Instance     // those given that take away what others added
	present          map[string]bool // whose additions a Removal has seen
	table            *pod.Table
	defaultNamespace string
	around           *around
	matched          map[*Instance]bool
	verifying        bool
	inPlace          bool // what is left out of the output is lost
}

// InPlace says that the output replaces the files that the input was read from: no
// object must be left out of it but those that functions generated.
func (e *Engine) InPlace() { e.inPlace = true }

// NewEngine returns an engine that lets the instances want what they want: by
// function and name, so that the order in which configs are given does not
// matter. defaultNamespace is that of objects without one, for selection only.
func NewEngine(instances []*Instance, defaultNamespace string) (*Engine, error) {
	e := &Engine{given: instances, defaultNamespace: defaultNamespace, matched: map[*Instance]bool{},
		removers: removers(instances), present: map[string]bool{}}
	for _, in := range instances {
		if in.Config == nil && !in.Removes() {
			e.gone = append(e.gone, Origin{Owner: in.Owner})
		}
	}
	return e, e.take(nil)
}

// take prepares the instances that were given, their parts, and those that were
// found.
func (e *Engine) take(found []*Instance) error {
	e.instances = found
	for _, in := range e.given {
		e.instances = append(e.instances, in.all()...)
	}
	var more []pod.Location
	for _, in := range e.instances {
		for _, t := range in.Config.Shared().Target.TemplatePaths {
			more = append(more, pod.Location{Group: t.Group, Kind: t.Kind, Paths: []string{t.Path}})
		}
	}
	table, err := pod.NewTable(more...)
	if err != nil {
		return err
	}
	e.table = table
	slices.SortStableFunc(e.instances, func(a, b *Instance) int { return a.Owner.Compare(b.Owner) })
	return distinct(slices.Concat(e.given, e.instances))
}

// find takes in the configs that Composites want to have from among the objects.
func (e *Engine) find(objects []*manifest.Object) error {
	var found []*Instance
	var errs []error
	finds := false
	for _, in := range e.given {
		if in.finder == nil {
			continue
		}
		more, err := in.finder.find(objects, e.inPlace)
		found, errs, finds = append(found, more...), append(errs, err), true
	}
	if err := errors.Join(errs...); err != nil || !finds {
		return err
	}
	return e.take(found)
}

// distinct makes sure that no two configs of a function have the same name: they
// would undo each other.
func distinct(instances []*Instance) error {
	seen := map[inject.Owner]*Instance{}
	for _, in := range instances {
		if other := seen[in.Owner]; other != nil && other != in {
			return fmt.Errorf("%s: another config of %s has the name %q already (%s); give each its own metadata.name",
				cmp.Or(in.Source, "config"), in.Function.Name, in.Owner.Instance, cmp.Or(other.Source, "config"))
		}
		seen[in.Owner] = in
	}
	return nil
}

// NewRemover returns an engine that takes away what came from origins; with none
// given, all that functions added.
func NewRemover(origins ...Origin) (*Engine, error) {
	table, err := pod.NewTable()
	if err != nil {
		return nil, err
	}
	return &Engine{gone: origins, all: len(origins) == 0, table: table}, nil
}

// Run works on the objects of streams, in parallel, and reports in their order.
// With an error among the results the streams are not to be used. An engine does
// one run at a time.
func (e *Engine) Run(streams ...*manifest.Stream) Report {
	var objects []*manifest.Object
	for _, s := range streams {
		objects = append(objects, s.Objects...)
	}
	if err := e.find(objects); err != nil {
		return Failure(err)
	}
	e.around = newAround(objects, e.instances)
	works := make([]*work, len(objects))
	var next atomic.Int64
	some := func() {
		room := &yamlpatch.Room{}
		for i := int(next.Add(1)) - 1; i < len(works); i = int(next.Add(1)) - 1 {
			if o := objects[i]; e.worthReading(o) {
				works[i] = e.work(o, room)
			}
		}
	}
	var others sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(objects)) - 1 {
		others.Go(some)
	}
	some()
	others.Wait()
	works = slices.DeleteFunc(works, func(w *work) bool { return w == nil })
	if len(e.instances) > 0 {
		works = append(works, e.amend(objects, works)...)
	}
	return e.conclude(objects, works)
}

// work does everything for one object, and turns a panic into a result.
func (e *Engine) work(o *manifest.Object, room *yamlpatch.Room) (w *work) {
	w = &work{engine: e, object: o, room: room}
	room.Clear()
	defer w.recovered()
	w.run()
	w.doc, w.room, w.beside = nil, nil, nil
	o.Release() // a tree takes much more room than its text
	return w
}

// recovered turns a panic into a result. It is to be deferred.
func (w *work) recovered() {
	if r := recover(); r != nil {
		w.fail(pod.InternalError, Bug(r))
	}
}

// conclude places generated objects and collects what was done.
func (e *Engine) conclude(objects []*manifest.Object, works []*work) Report {
	report := Report{Removing: e.removing()}
	more := generate(objects, works, e.verifying)
	var left []ObjectReport
	if report.Removing || len(e.removers) > 0 {
		left = e.removeAll(objects, works)
	}
	if len(e.removers) > 0 {
		e.notePresent(works)
	}
	writeOut(works)
	said := map[Result]bool{}
	for _, w := range works {
		for _, in := range w.matched {
			e.matched[in] = true
		}
		report.judged(w)
		report.Results = append(report.Results, w.unsaid(said)...)
		if w.status != passed {
			report.Objects = append(report.Objects, w.report())
		}
	}
	report.Objects = append(report.Objects, left...)
	report.Results = append(report.Results, more...)
	return report
}

// writeOut writes aliases out whose anchors stand in another object of the same
// document that was changed below them: what they mean must not change with it.
func writeOut(works []*work) {
	for _, w := range works {
		if len(w.anchors) == 0 {
			continue
		}
		for _, other := range works {
			if other == w || !other.object.SameDocument(w.object) {
				continue
			}
			if wrote, err := other.object.WriteOut(w.anchors); err != nil {
				other.fail(pod.InvalidTemplate, err.Error())
			} else if wrote {
				w.tell(pod.Finding{Severity: pod.Info, Code: pod.AliasExpanded, Message: "has changed what aliases in " + other.object.Position().String() + " mean; they were written out, and stay so"})
			}
		}
	}
}

// Unmatched tells which instances found nothing to work on in all runs so far.
func (e *Engine) Unmatched() Report {
	var report Report
	for _, in := range e.instances {
		if !e.matched[in] {
			report.Results = append(report.Results, in.nothingMatched())
		}
	}
	for _, in := range e.removers {
		if !e.matched[in] {
			report.Results = append(report.Results, in.nothingTaken(e.present))
		}
	}
	return report
}

func (in *Instance) nothingMatched() Result {
	r := in.nothingFound()
	r.Field += ".target"
	r.Message = "selects no workload in the input; change the target, or run the function where the workloads are"
	if in.Config.Shared().Target.Required {
		r.Severity = pod.Error
	}
	return r
}

// candidate is an object as a target sees it.
func (e *Engine) candidate(ref pod.Ref, labels, annotations map[string]string) config.Candidate {
	c := config.Candidate{Group: ref.Group(), Kind: ref.Kind, Name: ref.Name, Namespace: ref.Namespace, Labels: labels, Annotations: annotations}
	if ref.Kind == namespaceKind && c.Group == "" {
		c.Namespace = ref.Name
	}
	if c.Namespace == "" {
		c.Namespace = e.defaultNamespace
	}
	return c
}
