package yamlpatch

import "github.com/krm-sidecars/krm-sidecars/pkg/edit"

// Value returns the data below n, aliases written out. Plain scalars get the
// type that YAML 1.2 gives them.
func (n *Node) Value() edit.Value {
	n = n.Deref()
	switch {
	case n == nil || n.IsNull():
		return edit.Value{}
	case n.Kind == Map:
		v := edit.Value{Kind: edit.Map}
		for _, e := range n.Entries {
			v.Fields = append(v.Fields, edit.Field{Name: e.Key.Text, Value: e.Value.Value()})
		}
		return v
	case n.Kind == List:
		v := edit.Value{Kind: edit.List}
		for _, e := range n.Entries {
			v.Items = append(v.Items, e.Value.Value())
		}
		return v
	}
	return edit.Value{Kind: n.scalarKind(), Text: n.Text}
}

func (n *Node) scalarKind() edit.Kind {
	switch {
	case n.Style != Plain || n.Tag() == "!!str":
		return edit.String
	case isBool(n.Text):
		return edit.Bool
	case isNumber(n.Text):
		return edit.Number
	}
	return edit.String
}

// Step follows one step down from n, through aliases and merge keys; nil when
// nothing is there.
func (n *Node) Step(s edit.Step) *Node {
	if s.Kind == edit.ByName {
		return n.Get(s.Name)
	}
	for i, item := range n.Items() {
		if s.Kind == edit.ByIndex && i == s.Index || s.Kind == edit.ByKey && item.Get(s.Key).Str() == s.Name {
			return item
		}
	}
	return nil
}
