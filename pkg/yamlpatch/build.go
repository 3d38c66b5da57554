package yamlpatch

import (
	"fmt"
	"slices"

	"github.com/krm-sidecars/krm-sidecars/pkg/edit"
)

func (n *Node) insert(e edit.Edit, room *Room) error {
	step := e.Path.Last()
	if n.Kind != Map && n.Kind != List || (n.Kind == Map) != (step.Kind == edit.ByName) {
		return fmt.Errorf("the place above it is of another type")
	}
	value, err := room.build(e.Value)
	if err != nil {
		return err
	}
	made := Entry{Start: fresh, Value: value}
	if e.Where.Stay || e.Op == edit.Ensure {
		made.Start = staying
	}
	if n.Kind == Map {
		made.Key = room.made(step.Name, styleFor(step.Name))
	}
	n.Entries = slices.Insert(n.Entries, n.position(e.Where, step.Key), made)
	return nil
}

// position finds where among the entries an insertion goes.
func (n *Node) position(where edit.Where, key string) int {
	name := func(e Entry) string {
		if e.Key != nil {
			return e.Key.Text
		}
		return e.Value.Get(key).Str()
	}
	if len(where.Before)+len(where.After) == 0 && !where.First {
		return len(n.Entries)
	}
	for _, sibling := range where.Before {
		if i := slices.IndexFunc(n.Entries, func(e Entry) bool { return name(e) == sibling }); i >= 0 {
			return i
		}
	}
	for i := len(n.Entries) - 1; i >= 0; i-- {
		if slices.Contains(where.After, name(n.Entries[i])) {
			return i + 1
		}
	}
	if where.First {
		return 0
	}
	return len(n.Entries)
}

// inStyleOf gives a string the quotes of the one that it replaces.
func (n *Node) inStyleOf(old *Node) *Node {
	if n.Kind == Scalar && n.Style <= DoubleQuoted && old.Kind == Scalar && !n.isRaw {
		if old.Style == SingleQuoted || old.Style == DoubleQuoted {
			n.Style = old.Style
		}
	}
	return n
}

// swapped marks n as taking the place of all text of what it replaces. Its
// strings stay on one line: a comment may follow.
func (n *Node) swapped() *Node {
	more := n.more()
	more.whole = true
	n.extra = &more
	n.walk(func(m *Node) {
		if m.Style == Literal && !m.isRaw {
			m.Style = DoubleQuoted
		}
	})
	return n
}

// build turns a value into a tree.
func (r *Room) build(v edit.Value) (*Node, error) {
	if v.Kind == edit.Raw {
		return buildRaw(v.Text)
	}
	n := r.made(v.Text, Plain)
	switch v.Kind {
	case edit.String:
		n.Style = styleFor(v.Text)
	case edit.Null:
		n.Text = "null"
	case edit.Map:
		n.Kind, n.Style = Map, Block
	case edit.List:
		n.Kind, n.Style = List, Block
	}
	n.Entries = r.entries.take(len(v.Fields)+len(v.Items), 0)
	for i, f := range v.Fields {
		value, err := r.build(f.Value)
		if err != nil {
			return nil, err
		}
		n.Entries[i] = Entry{Start: fresh, Key: r.made(f.Name, styleFor(f.Name)), Value: value}
	}
	for i, item := range v.Items {
		value, err := r.build(item)
		if err != nil {
			return nil, err
		}
		n.Entries[i] = Entry{Start: fresh, Value: value}
	}
	return n, nil
}

// made returns a node that does not come from the source.
func (r *Room) made(text string, style Style) *Node {
	n := &r.nodes.take(1, 0)[0]
	n.Style, n.Start, n.Text = style, fresh, text
	return n
}
