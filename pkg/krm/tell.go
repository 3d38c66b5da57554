package krm

import (
	"slices"

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

// told reports whether a finding was told before.
func (w *work) told(f pod.Finding) bool {
	return slices.ContainsFunc(w.results, func(r Result) bool {
		return r.Code == f.Code && r.Field == f.Field && r.Message == f.Message
	})
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
