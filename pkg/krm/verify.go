package krm

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// Verify tells, and changes nothing, whether an engine's functions have run on
// files: every workload that they select has their records, of these configs, and
// what they generate is there. What else was made of it since, such as other
// names or images, is a warning. Errors are what fails the run itself, what was
// missed, and configs that select nothing.
func (e *Engine) Verify(texts ...Text) Report {
	e.verifying = true
	_, ran := e.RunTexts(texts...)
	report := Report{Objects: ran.Objects}
	for _, r := range ran.Results {
		if r.Code == pod.Drift {
			r.Message = "what was added was changed since, by a person or another tool; run inject again if that is not meant to be"
		}
		if r.Fatal() || r.Code == pod.Drift {
			report.Results = append(report.Results, r)
		}
	}
	for _, o := range ran.Objects {
		report.Results = append(report.Results, o.missed()...)
	}
	if !ran.Failed() {
		for _, r := range e.Unmatched().Results {
			r.Severity = pod.Error
			report.Results = append(report.Results, r)
		}
	}
	return report
}

// missed are the errors about an object.
func (o ObjectReport) missed() []Result {
	var all []Result
	add := func(function string, code pod.Code, message string) {
		all = append(all, Result{Function: function, Ref: o.Ref, Severity: pod.Error, Code: code, Message: message, Where: o.Where()})
	}
	for _, owner := range o.missing {
		add(owner.Function, pod.NotProcessed, fmt.Sprintf("%s %q has not run on it", owner.Function, owner.Instance))
	}
	for _, owner := range o.outdated {
		add(owner.Function, pod.Outdated, fmt.Sprintf("%s %q ran on it with another config, or in another version", owner.Function, owner.Instance))
	}
	for _, owner := range o.stale {
		add(owner.Function, pod.Outdated, fmt.Sprintf("what %s %q added is still there, and no config wants it any more; run inject again", owner.Function, owner.Instance))
	}
	for _, name := range o.absent {
		add(program, pod.ObjectAbsent, name+", which was generated for it, is not in the input")
	}
	return all
}

// Processed counts the objects that functions had to run on, and those of them
// that are as they should be.
func (r *Report) Processed() (done, all int) {
	for _, o := range r.Objects {
		if o.Status == Skipped || o.Status == Removed {
			continue
		}
		if all++; o.Status != Failed && len(o.missing)+len(o.outdated)+len(o.stale)+len(o.absent) == 0 {
			done++
		}
	}
	return done, all
}

// report is what became of the object.
func (w *work) report() ObjectReport {
	o := ObjectReport{Ref: w.ref, Status: w.status, Code: w.code, object: w.object, absent: w.absent}
	edited := slices.ContainsFunc(w.results, func(r Result) bool { return r.Code == pod.Drift })
	for _, key := range slices.Sorted(maps.Keys(w.plan.Records)) {
		owner, _ := inject.OwnerOf(key)
		switch had, ok := w.had[key]; {
		case !ok:
			o.missing = append(o.missing, owner)
		case !inject.SameRecord(had, w.plan.Records[key], edited):
			o.outdated = append(o.outdated, owner)
		}
	}
	if !w.plan.Had {
		return o
	}
	for _, key := range slices.Sorted(maps.Keys(w.had)) {
		owner, ok := inject.OwnerOf(key)
		ran := w.engine.runs(key) || w.engine.isGone(key, inject.Via(w.had[key]))
		if ok && ran && w.plan.Records[key] == "" {
			o.stale = append(o.stale, owner)
		}
	}
	return o
}

// lookForAll notes which of the generated objects that records name are not there,
// under no name that kustomize can have given them.
func (g *generator) lookForAll(works []*work) {
	for _, w := range works {
		for _, key := range slices.Sorted(maps.Keys(w.plan.Records)) {
			owner, _ := inject.OwnerOf(key)
			for _, kindName := range inject.Generated(w.had, owner) {
				kind, name, _ := strings.Cut(kindName, "/")
				if g.find(kind, w.ref.Namespace, name) == nil && g.findRenamed(kind, w.ref.Namespace, name, owner) == nil {
					w.absent = append(w.absent, kindName)
				}
			}
		}
	}
}
