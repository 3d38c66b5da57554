package krm

import (
	"strings"
	"sync"

	"github.com/krm-sidecars/krm-sidecars/pkg/edit"
	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
	"github.com/krm-sidecars/krm-sidecars/pkg/manifest"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
	"github.com/krm-sidecars/krm-sidecars/pkg/yamlpatch"
)

// around is the input of a run, as functions see it from one of its workloads.
// Objects are read for it only when a function asks for their kind.
type around struct {
	objects []*manifest.Object
	running []inject.Request // whose changes are not shown
	lock    sync.Mutex
	byKind  map[string][]pod.Neighbour
}

func newAround(objects []*manifest.Object, instances []*Instance) *around {
	var running []inject.Request
	for _, in := range instances {
		running = append(running, inject.Request{Owner: in.Owner})
	}
	return &around{objects: objects, running: running, byKind: map[string][]pod.Neighbour{}}
}

// Neighbours returns the objects of a kind, without what earlier runs of the same
// owners have changed in them.
func (a *around) Neighbours(groupKind string) []pod.Neighbour {
	a.lock.Lock()
	defer a.lock.Unlock()
	if all, ok := a.byKind[groupKind]; ok {
		return all
	}
	all := []pod.Neighbour{}
	group, kind, ok := strings.Cut(groupKind, "/")
	if !ok {
		group, kind = "", groupKind
	}
	for i, o := range a.objects {
		if ref, d := peek(o, kind); d != nil && ref.Kind == kind && ref.Group() == group {
			d = a.undone(d)
			meta := d.Root.Get("metadata")
			all = append(all, pod.Neighbour{Ref: ref, Root: d.Root.Value(), Place: i,
				Labels: meta.Get("labels").Strings(), Annotations: meta.Get("annotations").Strings()})
		}
	}
	a.byKind[groupKind] = all
	return all
}

// undone is the object as it was before the owners that run changed it.
func (a *around) undone(d *yamlpatch.Doc) *yamlpatch.Doc {
	target := inject.Target{Annotations: d.Root.Path("metadata", "annotations").Strings(),
		State: func(p edit.Path) pod.State { return pod.StateOf(d, p) },
		Value: func(p edit.Path) edit.Value { return pod.ValueOf(d, p) }}
	edits, _ := inject.Undo(target, a.running)
	if len(edits) == 0 {
		return d
	}
	res, err := d.Apply(edits)
	if err != nil {
		return d
	}
	before, err := d.Reread(res.Text)
	if err != nil {
		return d
	}
	return before
}

// peek reads an object that may be of a kind, apart from those that work on it;
// nil when it cannot be, or cannot be read.
func peek(o *manifest.Object, kind string) (pod.Ref, *yamlpatch.Doc) {
	if o.Sure() && o.Kind != kind {
		return pod.Ref{}, nil
	}
	d, err := o.Peek()
	if err != nil || d.Root == nil {
		return pod.Ref{}, nil
	}
	return refOf(o, d), d
}

// refOf names an object; items of typed lists do not say their type.
func refOf(o *manifest.Object, d *yamlpatch.Doc) pod.Ref {
	ref := pod.RefOf(d.Root)
	if ref.Kind == "" {
		ref.APIVersion, ref.Kind = o.APIVersion, o.Kind
	}
	return ref
}
