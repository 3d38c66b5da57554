package yamlpatch

import (
	"fmt"

	"sigs.k8s.io/kustomize/kyaml/yaml"
)

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
	if y.Kind != yaml.ScalarNode || y.Value != n.Text || y.Anchor != n.Anchor {
		return fmt.Errorf("line %d: %q instead of %q", y.Line, y.Value, n.Text)
	}
	quoted := y.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) != 0
	if n.orig == nil && isString(n) != (quoted || !looksTyped(y.Value)) {
		return fmt.Errorf("line %d: %q has changed its type", y.Line, n.Text)
	}
	return nil
}
