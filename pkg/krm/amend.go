package krm

import (
	"maps"
	"slices"
	"strings"

	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
	"github.com/krm-sidecars/krm-sidecars/pkg/manifest"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// amendable is the kind of the core group whose objects functions amend: they
// wait until all workloads have said what they want of them.
const amendable = "Service"

// later reports whether the object waits for what workloads want of it.
func (w *work) later() bool {
	return len(w.engine.instances) > 0 && w.ref.Kind == amendable && w.ref.Group() == ""
}

// amend works on the objects that workloads want to change, or wanted to.
func (e *Engine) amend(objects []*manifest.Object, works []*work) []*work {
	wanted := amendments(works)
	var amended []*work
	for _, o := range objects {
		if len(wanted) == 0 && !strings.Contains(o.Original(), inject.Prefix) {
			continue
		}
		if ref, d := peek(o, amendable); d != nil && ref.Kind == amendable && ref.Group() == "" {
			if w := e.amendOne(o, wanted[ref]); w != nil {
				amended = append(amended, w)
			}
		}
	}
	return amended
}

// amendments gathers what workloads want of other objects.
func amendments(works []*work) map[pod.Ref]map[inject.Owner][]inject.Change {
	wanted := map[pod.Ref]map[inject.Owner][]inject.Change{}
	for _, w := range works {
		for _, owner := range slices.SortedFunc(maps.Keys(w.plan.Amend), inject.Owner.Compare) {
			for _, a := range w.plan.Amend[owner] {
				if wanted[a.Object] == nil {
					wanted[a.Object] = map[inject.Owner][]inject.Change{}
				}
				wanted[a.Object][owner] = merged(wanted[a.Object][owner], a.Changes)
			}
		}
	}
	return wanted
}

// merged adds changes that are not there yet: several workloads may stand
// behind one Service.
func merged(have, more []inject.Change) []inject.Change {
	for _, c := range more {
		if !slices.ContainsFunc(have, func(h inject.Change) bool { return h.Path == c.Path }) {
			have = append(have, c)
		}
	}
	return have
}

// amendOne is nil for an object that nobody has changed or wants to.
func (e *Engine) amendOne(o *manifest.Object, wanted map[inject.Owner][]inject.Change) *work {
	w := &work{engine: e, object: o}
	defer w.recovered()
	doc, err := o.Document()
	if err != nil {
		return nil // nobody could have wanted anything of it
	}
	w.doc = doc
	w.read()
	var requests []inject.Request
	for _, in := range e.instances {
		if changes := wanted[in.Owner]; len(changes) > 0 || w.hasRecord(in.Owner) {
			requests = append(requests, inject.Request{Owner: in.Owner, Changes: changes, Skip: in.request().Skip})
		}
	}
	if len(requests) == 0 {
		return nil
	}
	w.apply(requests, nil)
	w.doc = nil
	o.Release()
	return w
}
