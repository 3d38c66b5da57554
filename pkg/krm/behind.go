package krm

import (
	"slices"
	"strings"

	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
	"github.com/krm-sidecars/krm-sidecars/pkg/manifest"
)

// behind returns the object to put a generated one behind: the workload, or the
// last of what was generated for it and comes first by owner, and of one owner as
// it is wanted. So the order does not depend on who ran first.
func (g *generator) behind(w *work, owner inject.Owner, wanted inject.Object) *manifest.Object {
	last := w.object
	for _, o := range g.objects[g.indexOf(w.object)+1:] {
		by := generatorOf(o)
		if by == (inject.Owner{}) || !o.SameStream(last) || by.Compare(owner) > 0 || !w.generated(o, by) {
			break
		}
		if by == owner && w.comesFirst(wanted, o, owner) {
			break
		}
		if !o.Removed() {
			last = o
		}
	}
	return last
}

// indexOf is the place of an object among all.
func (g *generator) indexOf(object *manifest.Object) int {
	if g.index == nil {
		g.index = make(map[*manifest.Object]int, len(g.objects))
		for i, o := range g.objects {
			g.index[o] = i
		}
	}
	return g.index[object]
}

// comesFirst reports whether an object that an owner wants comes in front of
// another one that is there.
func (w *work) comesFirst(wanted inject.Object, there *manifest.Object, owner inject.Owner) bool {
	ref, _ := peek(there, there.Kind)
	for _, o := range w.plan.Wanted[owner] {
		if o.Kind == wanted.Kind && o.Name == wanted.Name {
			return true
		}
		if o.Kind == ref.Kind && o.Name == ref.Name {
			return false
		}
	}
	return false
}

// generatorOf returns the owner that generated an object; none for most.
func generatorOf(o *manifest.Object) inject.Owner {
	if !strings.Contains(o.Original(), inject.GeneratedBy) {
		return inject.Owner{}
	}
	d, err := o.Peek()
	if err != nil {
		return inject.Owner{}
	}
	function, instance, _ := strings.Cut(generatedBy(d), ".")
	return inject.Owner{Function: function, Instance: instance}
}

// generated reports whether the record of an owner names an object.
func (w *work) generated(o *manifest.Object, by inject.Owner) bool {
	ref, d := peek(o, o.Kind)
	return d != nil && slices.Contains(inject.Generated(w.annotations, by), ref.Kind+"/"+ref.Name)
}
