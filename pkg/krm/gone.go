package krm

import (
	"fmt"
	"maps"
	"slices"

	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// Origin is where something that was added comes from: an owner, alone or as a
// part of a Composite.
type Origin struct {
	inject.Owner
	Via string // the Composite, as an owner's text; "": none
}

// removals are requests that want nothing, for the owners that have gone.
func (w *work) removals() []inject.Request {
	e := w.engine
	if !e.all && len(e.gone)+len(e.removers) == 0 {
		return nil
	}
	var all []inject.Request
	for _, key := range slices.Sorted(maps.Keys(w.annotations)) {
		owner, ok := inject.OwnerOf(key)
		if !ok {
			continue
		}
		via := inject.Via(w.annotations[key])
		if e.all || e.isGone(key, via) || w.takenBy(owner, via) {
			all = append(all, inject.Request{Owner: owner})
		} else if e.isAnothers(key) {
			w.spare(owner, via)
		}
	}
	return all
}

// isGone reports whether the owner of a record wants nothing any more, or is no
// longer a part of what it came with.
func (e *Engine) isGone(key, via string) bool {
	return !e.runs(key) && slices.ContainsFunc(e.gone, func(o Origin) bool {
		return o.Key() == key && o.Via == via || o.String() == via
	})
}

func (e *Engine) runs(key string) bool {
	return slices.ContainsFunc(e.instances, func(in *Instance) bool { return in.Owner.Key() == key })
}

// isAnothers reports whether a record that is to stay has the name of one that is
// to go.
func (e *Engine) isAnothers(key string) bool {
	return slices.ContainsFunc(e.gone, func(o Origin) bool { return o.Key() == key })
}

// spare tells that what an owner added stays, since it came from another config.
func (w *work) spare(owner inject.Owner, via string) {
	w.spared = append(w.spared, owner)
	w.tell(pod.Finding{Severity: pod.Warning, Code: pod.OtherConfig, Owner: owner.String(),
		Message: fmt.Sprintf("what was added as %q stays, since it came from %s; remove it with that config", owner.Instance, inject.Whence(via))})
}
