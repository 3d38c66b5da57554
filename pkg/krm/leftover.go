package krm

import (
	"maps"
	"slices"
	"strings"

	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
	"github.com/krm-sidecars/krm-sidecars/pkg/manifest"
)

// removeGone takes away what owners have generated for workloads and do not want
// any more, unless other workloads have it, too.
func (g *generator) removeGone(works []*work) {
	if !slices.ContainsFunc(works, func(w *work) bool { return len(w.plan.Gone) > 0 }) {
		return
	}
	named := stillNamed(works)
	for _, w := range works {
		for _, owner := range slices.SortedFunc(maps.Keys(w.plan.Gone), inject.Owner.Compare) {
			for _, name := range w.plan.Gone[owner] {
				if !named[w.objectKey(owner, name)] {
					g.remove(w, owner, name)
				}
			}
		}
	}
}

// stillNamed are the generated objects that stay in the records of workloads.
func stillNamed(works []*work) map[string]bool {
	named := map[string]bool{}
	for _, w := range works {
		for key := range w.had {
			owner, ok := inject.OwnerOf(key)
			if !ok {
				continue
			}
			for _, name := range inject.Generated(w.had, owner) {
				if !slices.Contains(w.plan.Gone[owner], name) {
					named[w.objectKey(owner, name)] = true
				}
			}
		}
	}
	return named
}

// objectKey is the key of an object, given as Kind/name, that an owner generated
// for a workload.
func (w *work) objectKey(owner inject.Owner, kindName string) string {
	return owner.Key() + " " + w.ref.Namespace + "/" + kindName
}

// removeAll takes away everything else that owners have generated, whose workload
// may not be here, but for those that are spared.
func (e *Engine) removeAll(objects []*manifest.Object, works []*work) (gone []ObjectReport) {
	spared := func(by string) bool {
		return slices.ContainsFunc(works, func(w *work) bool {
			return slices.ContainsFunc(w.spared, func(o inject.Owner) bool { return isOf(by, o) })
		})
	}
	for _, o := range objects {
		if o.Removed() || !strings.Contains(o.Original(), inject.GeneratedBy) {
			continue
		}
		d, err := o.Peek()
		if err != nil {
			continue
		}
		by := generatedBy(d)
		if by != "" && e.leftOver(by, spared) {
			gone = append(gone, ObjectReport{Ref: refOf(o, d), Status: Removed, object: o})
			o.Remove()
		}
	}
	return gone
}

// leftOver reports whether an object that was generated for an owner goes although
// no workload asks for that.
func (e *Engine) leftOver(by string, spared func(by string) bool) bool {
	function, instance, _ := strings.Cut(by, ".")
	owner := inject.Owner{Function: function, Instance: instance}
	for _, in := range e.removers {
		if in.removal.everywhere() && in.removal.takes(owner, "") && !e.runs(owner.Key()) {
			e.matched[in] = true
			return true
		}
	}
	gone := e.removing() && slices.ContainsFunc(e.gone, func(o Origin) bool { return isOf(by, o.Owner) })
	return e.all || gone && !spared(by)
}

func (g *generator) remove(w *work, owner inject.Owner, kindName string) {
	kind, name, _ := strings.Cut(kindName, "/")
	o := g.find(kind, w.ref.Namespace, name)
	if o == nil {
		o = g.findRenamed(kind, w.ref.Namespace, name, owner)
	}
	if o == nil {
		return
	}
	if d, err := o.Document(); err == nil && isOf(generatedBy(d), owner) {
		o.Remove()
	}
}
