package yamlpatch

import (
	"cmp"
	"slices"
)

// reconcile gives back to an edited tree the source nodes that it made anew
// although they say the same: what an edit removed and another one put back in
// the same place has not changed, and its text, comments included, stays. It
// returns the source node itself when nothing is left of the edits.
func reconcile(n *Node) *Node {
	if n.from == nil {
		return n
	}
	gone := n.gone()
	for i := 0; i < len(n.Entries); i++ {
		e := n.Entries[i]
		if !e.isFresh() {
			n.Entries[i].Value = n.restored(e)
			continue
		}
		at := slices.IndexFunc(gone, func(old Entry) bool { return alike(old, e) })
		if at < 0 {
			continue
		}
		back := gone[at].with(merge(gone[at].Value, e.Value))
		switch {
		case n.fits(i, back.Start):
			n.Entries[i] = back
		case e.Start == staying:
			n.Entries = slices.Delete(n.Entries, i, i+1)
			slot := n.slot(back.Start)
			n.Entries = slices.Insert(n.Entries, slot, back)
			if slot > i {
				i-- // another entry has taken place i
			}
		}
	}
	if slices.Equal(n.Entries, n.from.Entries) {
		return n.from
	}
	return n
}

// restored reconciles the value of an entry that stayed: edited, or replaced.
func (n *Node) restored(e Entry) *Node {
	if e.Value.Start != fresh {
		return reconcile(e.Value)
	}
	old := n.from.Entries[n.from.place(e)].Value
	return merge(old, e.Value)
}

// gone returns the source entries that the edited node no longer has.
func (n *Node) gone() []Entry {
	var gone []Entry
	next := 0 // most entries stay, in their order
	for _, old := range n.from.Entries {
		if at := n.stays(old, next); at >= 0 {
			next = at + 1
		} else {
			gone = append(gone, old)
		}
	}
	return gone
}

// stays returns where an edited node has a source entry, which is likely to be at
// next or behind it; -1 when it has no more.
func (n *Node) stays(old Entry, next int) int {
	is := func(e Entry) bool { return e.Start == old.Start }
	if at := slices.IndexFunc(n.Entries[next:], is); at >= 0 {
		return next + at
	}
	return slices.IndexFunc(n.Entries[:next], is)
}

// place returns where a source node has an entry.
func (n *Node) place(e Entry) int {
	at, _ := slices.BinarySearchFunc(n.Entries, e.Start, func(old Entry, start int) int { return cmp.Compare(old.Start, start) })
	return at
}

// sameAs reports whether e is the source entry old of the same collection, its
// value edited or not.
func (e Entry) sameAs(old Entry) bool {
	return !e.isFresh() && e.Start == old.Start
}

// fits reports whether a source entry that begins at start may take place i
// without changing the order of the source.
func (n *Node) fits(i, start int) bool {
	for j, e := range n.Entries {
		if !e.isFresh() && ((j < i && e.Start > start) || (j > i && e.Start < start)) {
			return false
		}
	}
	return true
}

// alike reports whether two entries are the same member: the same key, or list
// elements of one name.
func alike(a, b Entry) bool {
	if a.Key != nil {
		return a.Key.Text == b.Key.Text
	}
	for _, key := range []string{"mountPath", "name", "containerPort"} {
		x, y := a.Value.Get(key), b.Value.Get(key)
		if x != nil || y != nil {
			return x.Str() == y.Str()
		}
	}
	return equal(a.Value, b.Value)
}

// with returns the source entry with another value.
func (e Entry) with(value *Node) Entry {
	return Entry{Key: e.Key, Value: value, Start: e.Start, Mark: e.Mark}
}

// slot returns the place of a source entry that begins at start among those
// that are there.
func (n *Node) slot(start int) int {
	at := slices.IndexFunc(n.Entries, func(e Entry) bool { return e.Start > start })
	if at < 0 {
		return len(n.Entries)
	}
	return at
}

// merge returns old where it equals made, an edited copy of old where only a
// part differs, and made where nothing of old can stay.
func merge(old, made *Node) *Node {
	if made.more().whole {
		return made
	}
	if equal(old, made) {
		return old
	}
	if old.Kind != made.Kind || len(old.Entries) == 0 || len(made.Entries) == 0 || made.isRaw {
		return made
	}
	part := *old
	n := &part
	n.from, n.Entries = old, make([]Entry, len(made.Entries))
	last := fresh
	for i, e := range made.Entries {
		n.Entries[i] = e
		at := slices.IndexFunc(old.Entries, func(o Entry) bool { return alike(o, e) })
		if at < 0 {
			continue
		}
		kept := old.Entries[at]
		if kept.Start <= last {
			return made
		}
		last = kept.Start
		n.Entries[i] = kept.with(merge(kept.Value, e.Value))
	}
	return n
}

// equal reports whether two nodes hold the same data. The order of map keys
// does not count.
func equal(a, b *Node) bool {
	switch {
	case a.Kind == Alias || b.Kind == Alias:
		return a.Kind == b.Kind && a.Text == b.Text
	case a.Kind != b.Kind || len(a.Entries) != len(b.Entries):
		return false
	case a.Kind == Scalar:
		return a.Text == b.Text && isString(a) == isString(b)
	case a.Kind == List:
		return slices.EqualFunc(a.Entries, b.Entries, func(x, y Entry) bool { return equal(x.Value, y.Value) })
	}
	for _, e := range a.Entries {
		if at := b.index(e.Key.Text); at < 0 || !equal(e.Value, b.Entries[at].Value) {
			return false
		}
	}
	return true
}

func isString(n *Node) bool {
	return n.Style != Plain || !looksTyped(n.Text)
}
