package yamlpatch

import (
	"fmt"

	"go.yaml.in/yaml/v3"
)

// reread reads text with our own reader and compares it with the tree that it
// was printed from: the printer is on trial. For plain block YAML, which our
// reader is held to read as kyaml does by fuzzing, that is enough.
func reread(text string, col int, in Context, want *Node) (borrows bool, err error) {
	got, p, err := read(text, col, in)
	if err == nil && !identical(want, got) {
		err = errCannotSplice
	}
	return p.borrows, err
}

// identical reports whether two trees say the same, in the same order.
func identical(a, b *Node) bool {
	if a == nil || b == nil {
		return a == b
	}
	if a.Kind != b.Kind || a.Text != b.Text || len(a.Entries) != len(b.Entries) || (a.extra != nil || b.extra != nil) && a.more().anchor != b.more().anchor {
		return false
	}
	if a.Kind == Scalar && (a.Style == Plain) != (b.Style == Plain) && isString(a) != isString(b) {
		return false
	}
	for i, e := range a.Entries {
		f := b.Entries[i]
		if (e.Key != nil && !identical(e.Key, f.Key)) || !identical(e.Value, f.Value) {
			return false
		}
	}
	return true
}

// verify reads text with kyaml and compares it with the tree that it was
// printed from. Our reader and our printer are both on trial: a mistake of
// either shows as a difference.
func verify(text string, col int, want *Node) error {
	got, err := decode(text, col)
	if err != nil {
		return err
	}
	return same(want, got)
}

// same compares a tree of ours with kyaml's reading of it.
func same(n *Node, y *yaml.Node) error {
	switch {
	case n == nil || y == nil:
		if n != nil || y != nil {
			return fmt.Errorf("a value is missing")
		}
		return nil
	case n.Kind == Alias:
		if y.Kind != yaml.AliasNode || y.Value != n.Text {
			return fmt.Errorf("line %d: alias *%s is lost", y.Line, n.Text)
		}
		return nil
	case n.Kind == Scalar:
		return sameScalar(n, y)
	case n.Kind == Map && y.Kind != yaml.MappingNode, n.Kind == List && y.Kind != yaml.SequenceNode:
		return fmt.Errorf("line %d: a collection has become something else", y.Line)
	}
	return sameEntries(n, y)
}

func sameEntries(n *Node, y *yaml.Node) error {
	step := 1
	if n.Kind == Map {
		step = 2
	}
	if len(n.Entries)*step != len(y.Content) {
		return fmt.Errorf("line %d: %d members instead of %d", y.Line, len(y.Content)/step, len(n.Entries))
	}
	for i, e := range n.Entries {
		if e.Key != nil {
			if err := same(e.Key, y.Content[i*step]); err != nil {
				return err
			}
		}
		if err := same(e.Value, y.Content[i*step+step-1]); err != nil {
			return err
		}
	}
	return nil
}

func sameScalar(n *Node, y *yaml.Node) error {
	quoted := y.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) != 0
	if n.IsNull() && y.Kind == yaml.ScalarNode && !quoted && isNull(y.Value) {
		return nil
	}
	if y.Kind != yaml.ScalarNode || y.Value != n.Text || y.Anchor != n.more().anchor {
		return fmt.Errorf("line %d: %q instead of %q", y.Line, y.Value, n.Text)
	}
	if n.IsNull() && quoted {
		return fmt.Errorf("line %d: null has become a text", y.Line)
	}
	if n.more().orig == nil && isString(n) != (quoted || !looksTyped(y.Value)) {
		return fmt.Errorf("line %d: %q has changed its type", y.Line, n.Text)
	}
	return nil
}
