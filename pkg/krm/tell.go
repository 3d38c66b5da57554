package krm

import (
	"slices"
	"strings"

	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

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

// tell turns a finding into a result about the object, or about one beside it.
func (w *work) tell(f pod.Finding) {
	if f.Verdict == pod.Ignored {
		w.ignored++
		return
	}
	at := w.spot(f)
	r := Result{Ref: at.ref, Severity: f.Severity, Code: f.Code, Field: f.Field, Message: f.Message, Rule: f.Rule, Verdict: f.Verdict,
		File: hostPath(at.annotations, "path"), Index: hostPath(at.annotations, "index")}
	if r.File == "" && f.Severity != pod.Info && f.Code != pod.InvalidInput {
		r.Where = at.object.Position().String()
	}
	if f.Rule != "" {
		at.locate(&r)
	}
	if r.Field == "." {
		r.Field = ""
	}
	r.Function, r.Config = w.engine.speaker(f.Owner)
	w.results = append(w.results, r)
}

// told reports whether a finding was told before.
func (w *work) told(f pod.Finding) bool {
	ref := w.spot(f).ref
	return slices.ContainsFunc(w.results, func(r Result) bool {
		return r.Ref == ref && r.Code == f.Code && r.Field == f.Field && r.Message == f.Message
	})
}

// speaker names who speaks: the function of an owner, and its config where that
// function has several; for nobody in particular the one function that runs, or
// the program.
func (e *Engine) speaker(owner string) (function, config string) {
	if owner == "" && len(e.instances) == 1 {
		return e.instances[0].Function.Name, ""
	}
	if owner == "" {
		return program, ""
	}
	function, name, _ := strings.Cut(owner, ".")
	configs := 0
	for _, in := range e.instances {
		if in.Function.Name == function {
			configs++
		}
	}
	if configs > 1 {
		config = name
	}
	return function, config
}
