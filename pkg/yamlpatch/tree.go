package yamlpatch

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/krm-sidecars/krm-sidecars/pkg/edit"
)

// The starts of nodes and entries that do not come from the source.
const (
	fresh   = -1
	staying = -2 // an entry that goes back in its place, if it was there before
)

func (e Entry) isFresh() bool { return e.Start < 0 }

// growth is how many members an edit may add before a copy has to move.
const growth = 2

// own returns a copy of n that may be edited and remembers n, or n itself when
// it is such a copy or was made by an edit.
func (r *Room) own(n *Node) *Node {
	if n.from != nil || n.Start == fresh {
		return n
	}
	c := &r.nodes.take(1, 0)[0]
	*c = *n
	c.from, c.Entries = n, r.entries.take(len(n.Entries)+growth, 0)[:len(n.Entries)]
	copy(c.Entries, n.Entries)
	return c
}

// copied returns a deep copy of n as if an edit had made it.
func (n *Node) copied() *Node {
	n = n.Deref()
	c := *n
	c.Start, c.from, c.Entries = fresh, nil, nil
	if c.extra != nil {
		c.extra = &rare{tag: c.extra.tag, orig: c.extra.orig}
	}
	for _, e := range n.Entries {
		made := Entry{Start: fresh, Value: e.Value.copied()}
		if e.Key != nil {
			made.Key = e.Key.copied()
		}
		c.Entries = append(c.Entries, made)
	}
	return &c
}

// editTree applies edits to the tree below root and returns the edited one;
// root stays as it is. Aliases of what an edit changes are written out first:
// what they mean must not change with it.
func (in Context) editTree(root *Node, edits []edit.Edit) (edited *Node, expanded bool, err error) {
	shared := anchored(root)
	for _, e := range edits {
		next, err := in.editOne(root, e, shared)
		var s *sharedError
		for errors.As(err, &s) {
			delete(shared, s.node)
			root, expanded = in.Room.writtenOut(root, func(target *Node) bool { return target == s.node }), true
			next, err = in.editOne(root, e, shared)
		}
		if err != nil {
			return nil, false, fmt.Errorf("applying edit %s %s: %w", e.Op, e.Path, err)
		}
		root = next
	}
	return root, expanded, nil
}

// sharedError says that a place is also used elsewhere, by an alias.
type sharedError struct{ node *Node }

func (e *sharedError) Error() string { return "the place has an anchor that is used elsewhere" }

// writtenOut returns the tree with the aliases of some targets written out.
func (r *Room) writtenOut(n *Node, wanted func(target *Node) bool) *Node {
	for i, e := range n.Entries {
		value := e.Value
		if target := value.more().target; value.Kind == Alias && target != nil && wanted(target) {
			value = value.copied()
		} else {
			value = r.writtenOut(value, wanted)
		}
		if value != e.Value {
			n = r.own(n)
			n.Entries[i].Value = value
		}
	}
	return n
}

func (in Context) editOne(root *Node, e edit.Edit, shared map[*Node]bool) (*Node, error) {
	if root == nil || len(e.Path) == 0 {
		return nil, fmt.Errorf("the document has no such place")
	}
	root = in.Room.own(root)
	n := root
	for i, step := range e.Path.Parent() {
		at := n.find(step)
		if at < 0 {
			if at = n.unmerge(step, in.Room); at < 0 && e.Op == edit.Prune {
				return root, nil
			} else if at < 0 {
				return nil, fmt.Errorf("%s is not there", e.Path[:i+1])
			}
		}
		child := n.Entries[at].Value
		if used := child.sharedIn(shared); used != nil {
			return nil, &sharedError{used}
		}
		child = in.Room.collection(child, e.Path[i+1])
		n.Entries[at].Value = child
		n = child
	}
	if e.Op == edit.Prune {
		return root, n.prune(e, func(anchor string) *Node {
			target := cmp.Or(root.anchorNamed(anchor), in.named(anchor))
			shared[target] = target != nil // an alias of it may be back
			return target
		})
	}
	return root, n.edit(e, in.Room)
}

// sharedIn returns the node that aliases mean when they mean n.
func (n *Node) sharedIn(shared map[*Node]bool) *Node {
	if n.more().anchor == "" || n.Kind == Alias {
		return nil
	}
	for _, m := range []*Node{n, n.source()} {
		if shared[m] {
			return m
		}
	}
	return nil
}

// source is the node that n was copied from, or n itself.
func (n *Node) source() *Node {
	if n.from != nil {
		return n.from
	}
	return n
}

// anchored returns the nodes that aliases refer to.
func anchored(n *Node) map[*Node]bool {
	used := map[*Node]bool{}
	n.walk(func(m *Node) {
		if m.Kind == Alias && m.more().target != nil {
			used[m.extra.target] = true
		}
	})
	return used
}

func (n *Node) walk(visit func(*Node)) {
	if n == nil {
		return
	}
	visit(n)
	for _, e := range n.Entries {
		e.Value.walk(visit)
	}
}

// collection returns n ready to be edited at a step below: an alias is
// written out, nothing becomes an empty map or list.
func (r *Room) collection(n *Node, below edit.Step) *Node {
	if n.Kind == Alias {
		return n.copied()
	}
	if !n.IsEmpty() {
		return r.own(n)
	}
	if n.Start == fresh && n.Kind != Scalar && !n.isRaw {
		return n
	}
	kind := List
	if below.Kind == edit.ByName {
		kind = Map
	}
	return &Node{Kind: kind, Style: Block, Start: fresh}
}

// find returns the place of a member, or -1.
func (n *Node) find(step edit.Step) int {
	switch {
	case n.Kind == Map && step.Kind == edit.ByName:
		return n.index(step.Name)
	case n.Kind == List && step.Kind == edit.ByIndex && step.Index < len(n.Entries):
		return step.Index
	case n.Kind == List && step.Kind == edit.ByKey:
		return n.named(step.Key, step.Name)
	}
	return -1
}

// named returns the place of the list element whose field key is value.
func (n *Node) named(key, value string) int {
	return slices.IndexFunc(n.Entries, func(e Entry) bool {
		field := e.Value.Get(key)
		return field != nil && field.Kind == Scalar && field.Text == value
	})
}

// unmerge writes out a field that a merge key brings in, and returns its place.
func (n *Node) unmerge(step edit.Step, room *Room) int {
	if n.Kind != Map || step.Kind != edit.ByName {
		return -1
	}
	from := n.merged(step.Name)
	if from == nil {
		return -1
	}
	n.Entries = append(n.Entries, Entry{Start: fresh, Key: room.made(step.Name, styleFor(step.Name)), Value: from.copied()})
	return len(n.Entries) - 1
}

// edit does e to the member of n that its last step names.
func (n *Node) edit(e edit.Edit, room *Room) error {
	at := n.find(e.Path.Last())
	switch {
	case e.Op == edit.Ensure && (at >= 0 || n.unmerge(e.Path.Last(), room) >= 0):
		return nil
	case e.Op == edit.Insert && at >= 0:
		return fmt.Errorf("it is there already")
	case e.Op == edit.Insert || e.Op == edit.Ensure:
		return n.insert(e, room)
	case at < 0:
		return fmt.Errorf("it is not there")
	case e.Op == edit.Delete:
		n.Entries = slices.Delete(n.Entries, at, at+1)
		return nil
	}
	value, err := room.build(e.Value)
	if err != nil {
		return err
	}
	if e.Op == edit.Swap {
		n.Entries[at].Value = value.swapped()
		return nil
	}
	n.Entries[at].Value = value.inStyleOf(n.Entries[at].Value)
	return nil
}
