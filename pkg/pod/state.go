package pod

import (
	"github.com/krm-sidecars/krm-sidecars/pkg/edit"
	"github.com/krm-sidecars/krm-sidecars/pkg/yamlpatch"
)

// State is how a place of a document looks to somebody who wants to put
// something below it.
type State struct {
	Present bool
	Restore bool // it is there in a form that gives way: an empty collection, null, an alias

	doc   *yamlpatch.Doc
	entry yamlpatch.Entry
}

// Source is the text of what is there, to put it back; "" where it has none of its
// own.
func (s State) Source() string {
	if s.doc == nil {
		return ""
	}
	return s.doc.Source(s.entry)
}

// State returns how the place at path, from the root of the object, looks.
func (v *View) State(path edit.Path) State {
	return stateOf(v.doc.doc, path)
}

// Node returns the pod template as it was read.
func (v *View) Node() *yamlpatch.Node { return v.doc.node }

// StateOf is View.State for an object of which no view was made.
func StateOf(d *yamlpatch.Doc, path edit.Path) State { return stateOf(d, path) }

func stateOf(d *yamlpatch.Doc, path edit.Path) State {
	n := d.Root
	aliased := false // what an alias stands for has its text elsewhere
	for i, step := range path {
		aliased = aliased || n.Kind == yamlpatch.Alias
		e, ok := entry(n.Deref(), step)
		if !ok {
			return State{}
		}
		last := i == len(path)-1
		if last && aliased {
			return State{Present: true}
		}
		if last {
			return State{Present: true, Restore: e.Value.Kind == yamlpatch.Alias || e.Value.IsEmpty(), doc: d, entry: e}
		}
		n = e.Value
	}
	return State{Present: true}
}

// entry finds a member without looking through merge keys: what they bring in
// is not there yet for an edit.
func entry(n *yamlpatch.Node, step edit.Step) (yamlpatch.Entry, bool) {
	if n == nil {
		return yamlpatch.Entry{}, false
	}
	for i, e := range n.Entries {
		switch {
		case step.Kind == edit.ByName && e.Key != nil && e.Key.Text == step.Name,
			step.Kind == edit.ByIndex && i == step.Index,
			step.Kind == edit.ByKey && e.Value.Get(step.Key).Str() == step.Name:
			return e, true
		}
	}
	return yamlpatch.Entry{}, false
}

// ValueOf returns the data at a path of an object; null when there is none.
func ValueOf(d *yamlpatch.Doc, path edit.Path) edit.Value { return valueAt(d.Root, path) }

// Value returns the data at a path below the template; null when there is none.
func (v *View) Value(path edit.Path) edit.Value {
	return valueAt(v.doc.node, path)
}

func valueAt(n *yamlpatch.Node, path edit.Path) edit.Value {
	for _, step := range path {
		if n = n.Step(step); n == nil {
			return edit.Value{}
		}
	}
	return n.Value()
}
