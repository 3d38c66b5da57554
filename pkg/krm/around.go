package krm

import (
	"sync"

	"github.com/krm-sidecars/krm-sidecars/pkg/manifest"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
	"github.com/krm-sidecars/krm-sidecars/pkg/yamlpatch"
)

// around is the input of a run, as functions see it from one of its workloads.
// Objects are read for it only when a function asks for their kind.
type around struct {
	objects []*manifest.Object
	lock    sync.Mutex
	byKind  map[string][]pod.Neighbour
}

func newAround(objects []*manifest.Object) *around {
	return &around{objects: objects, byKind: map[string][]pod.Neighbour{}}
}

// Neighbours returns the objects of a kind of the core group, as they came.
func (a *around) Neighbours(kind string) []pod.Neighbour {
	a.lock.Lock()
	defer a.lock.Unlock()
	if all, ok := a.byKind[kind]; ok {
		return all
	}
	all := []pod.Neighbour{}
	for _, o := range a.objects {
		if ref, d := peek(o, kind); d != nil && ref.Kind == kind && ref.Group() == "" {
			meta := d.Root.Get("metadata")
			all = append(all, pod.Neighbour{Ref: ref, Root: d.Root.Value(),
				Labels: meta.Get("labels").Strings(), Annotations: meta.Get("annotations").Strings()})
		}
	}
	a.byKind[kind] = all
	return all
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
