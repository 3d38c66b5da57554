package krm

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// Removal is the spec of a function that takes away what others have added.
type Removal interface {
	Spec
	// Leaving says whose additions go.
	Leaving() Leaving
}

// Leaving is what is to go: everything, or what any of the names stands for.
type Leaving struct {
	Target    config.Target // the objects that it goes from; by default all
	All       bool
	Functions []string // all that these added, composites with what came through them
	Owners    []string // what one config added, as <function>.<config>
}

// takes reports whether what an owner added, perhaps through a composite, is to go.
func (l Leaving) takes(owner inject.Owner, via string) bool {
	through, _, _ := strings.Cut(via, ".")
	return l.All || slices.Contains(l.Functions, owner.Function) || via != "" && slices.Contains(l.Functions, through) ||
		slices.ContainsFunc(l.Owners, func(name string) bool { return name == via || isOf(name, owner) })
}

// everywhere reports whether it goes from all objects.
func (l Leaving) everywhere() bool { return l.Target.Unlimited() }

// unknown tells which names are those of no function.
func (l Leaving) unknown(functions []Function) config.Errors {
	var errs config.Errors
	for i, name := range l.Functions {
		if f, ok := Find(functions, name); !ok || f.Name != name {
			errs.Addf(fmt.Sprintf("spec.functions[%d]", i), "%s", Unknown(functions, name))
		}
	}
	for i, owner := range l.Owners {
		function, name, _ := strings.Cut(owner, ".")
		at := fmt.Sprintf("spec.owners[%d]", i)
		if f, ok := Find(functions, function); !ok || f.Name != function {
			errs.Addf(at, "%s", Unknown(functions, function))
		} else if name == "" {
			errs.Addf(at, "%q names no config; write %s.<name of the config>, or put %s under functions", owner, function, function)
		}
	}
	return errs
}

// NewRemoval returns an instance that takes away what l says, without a
// functionConfig; one of functions is a Removal. The error is a *ConfigError.
func NewRemoval(functions []Function, l Leaving) (*Instance, error) {
	in := &Instance{}
	for _, f := range functions {
		if _, ok := f.New().(Removal); ok {
			in.Function = f
		}
	}
	in.header, _ = headerFor(in.Function, nil)
	in.Owner = inject.Owner{Function: in.Function.Name, Instance: in.header.Name}
	if errs := in.leave(l, functions); len(errs) > 0 {
		return nil, &ConfigError{Function: in.Function.Name, Header: in.header, Errors: errs}
	}
	return in, nil
}

// leave makes the instance one that takes away.
func (in *Instance) leave(l Leaving, functions []Function) config.Errors {
	in.removal = &l
	in.matcher, _ = l.Target.Compile()
	return l.unknown(functions)
}

// Removes reports whether the instance takes away what others have added.
func (in *Instance) Removes() bool { return in.removal != nil }

// removers are the instances that take away.
func removers(instances []*Instance) []*Instance {
	return slices.DeleteFunc(slices.Clone(instances), func(in *Instance) bool { return !in.Removes() })
}

// takenBy reports whether a Removal takes away what an owner added to the object.
func (w *work) takenBy(owner inject.Owner, via string) bool {
	taken := false
	for _, in := range w.engine.removers {
		if in.removal.takes(owner, via) && in.selects(w.engine.candidate(w.ref, w.labels, w.annotations)) {
			w.matched = append(w.matched, in)
			taken = true
		}
	}
	return taken && !w.engine.runs(owner.Key())
}

// notePresent notes whose additions there were, for who looks for others in vain.
func (e *Engine) notePresent(works []*work) {
	for _, w := range works {
		for key := range w.had {
			if owner, ok := inject.OwnerOf(key); ok {
				e.present[owner.String()] = true
			}
		}
	}
}

// nothingTaken tells that a Removal found nothing.
func (in *Instance) nothingTaken(present map[string]bool) Result {
	r := in.nothingFound()
	if in.removal.Target.Required {
		r.Severity = pod.Error
	}
	r.Message = "finds nothing to take away; no function has added anything here"
	if len(present) > 0 {
		r.Message = "finds nothing to take away; what is here was added by " + strings.Join(slices.Sorted(maps.Keys(present)), ", ")
	}
	return r
}

// nothingFound is the result of an instance that found nothing in the input.
func (in *Instance) nothingFound() Result {
	return Result{Function: in.Function.Name, Severity: pod.Warning, Code: pod.NothingMatched, Field: "spec",
		Ref: refOfConfig(in.header), File: in.header.Path, Index: in.header.Index}
}

// removing reports whether the engine does nothing but take away.
func (e *Engine) removing() bool {
	return !slices.ContainsFunc(e.given, func(in *Instance) bool { return !in.Removes() })
}
