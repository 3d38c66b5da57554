package krm

import (
	"slices"
	"strings"

	"github.com/krm-sidecars/krm-sidecars/pkg/edit"
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

// tell turns a finding into a result about the object.
func (w *work) tell(f pod.Finding) {
	if f.Verdict == pod.Ignored {
		w.ignored++
		return
	}
	r := Result{Ref: w.ref, Severity: f.Severity, Code: f.Code, Field: f.Field, Message: f.Message, Rule: f.Rule, Verdict: f.Verdict,
		File: w.hostPath("path"), Index: w.hostPath("index")}
	if r.File == "" && f.Severity != pod.Info && f.Code != pod.InvalidInput {
		r.Where = w.where()
	}
	if f.Rule != "" {
		w.locate(&r)
	}
	if r.Field == "." {
		r.Field = ""
	}
	r.Function, r.Config = w.engine.speaker(f.Owner)
	w.results = append(w.results, r)
}

// locate notes where in the input the field of a result stands.
func (w *work) locate(r *Result) {
	at := w.object.Position()
	r.Source, r.AtLine = at.File, at.Line
	path, err := edit.ParsePath(r.Field)
	if err != nil || w.doc == nil {
		return
	}
	if line := pod.LineOf(w.doc, path); line > 0 {
		at.Line = w.object.LineOf(line)
	}
	if r.AtLine = at.Line; r.Where != "" {
		r.Where = at.String()
	}
}

// told reports whether a finding was told before.
func (w *work) told(f pod.Finding) bool {
	return slices.ContainsFunc(w.results, func(r Result) bool {
		return r.Code == f.Code && r.Field == f.Field && r.Message == f.Message
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
