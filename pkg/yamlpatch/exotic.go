package yamlpatch

import (
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"
)

// fromYAML turns a kyaml tree into ours. Every node remembers the one it was
// read from, so that encode can give comments and styles back. Entries have
// their place for an offset.
func fromYAML(y *yaml.Node, seen map[*yaml.Node]*Node) *Node {
	n := &Node{Style: styleOf(y), Text: y.Value, extra: &rare{anchor: y.Anchor, orig: y}}
	seen[y] = n
	if y.Style&yaml.TaggedStyle != 0 {
		n.extra.tag = y.ShortTag()
	}
	switch y.Kind {
	case yaml.MappingNode:
		n.Kind = Map
		for i := 0; i+1 < len(y.Content); i += 2 {
			n.Entries = append(n.Entries, Entry{Key: fromYAML(y.Content[i], seen), Value: fromYAML(y.Content[i+1], seen), Start: i})
		}
	case yaml.SequenceNode:
		n.Kind = List
		for i, item := range y.Content {
			n.Entries = append(n.Entries, Entry{Value: fromYAML(item, seen), Start: i})
		}
	case yaml.AliasNode:
		n.Kind, n.extra.target = Alias, seen[y.Alias]
	}
	return n
}

func styleOf(y *yaml.Node) Style {
	switch {
	case y.Style&yaml.DoubleQuotedStyle != 0:
		return DoubleQuoted
	case y.Style&yaml.SingleQuotedStyle != 0:
		return SingleQuoted
	case y.Style&yaml.LiteralStyle != 0:
		return Literal
	case y.Style&yaml.FoldedStyle != 0:
		return Folded
	case y.Style&yaml.FlowStyle != 0:
		return Flow
	case y.Kind == yaml.MappingNode || y.Kind == yaml.SequenceNode:
		return Block
	}
	return Plain
}

// toYAML turns an edited tree into kyaml's. Nodes that came from kyaml keep
// their comments and style.
func toYAML(n *Node, made map[*Node]*yaml.Node) (*yaml.Node, error) {
	if n.isRaw {
		return decode(strings.TrimPrefix(n.more().raw, verbatim)+"\n", 0)
	}
	extra := n.more()
	y := &yaml.Node{Value: n.Text}
	if extra.orig != nil {
		*y = *extra.orig
		y.Content, y.Alias = nil, nil
	}
	y.Anchor = extra.anchor
	made[n.source()] = y
	switch n.Kind {
	case Alias:
		y.Kind, y.Alias = yaml.AliasNode, made[extra.target]
		return y, nil
	case Scalar:
		if y.Kind = yaml.ScalarNode; extra.orig == nil {
			y.Style, y.Tag = yamlStyle(n)
		}
		return y, nil
	}
	y.Kind = yaml.MappingNode
	if n.Kind == List {
		y.Kind = yaml.SequenceNode
	}
	var err error
	y.Content, err = contentOf(n, made)
	return y, err
}

// contentOf turns the members of a collection.
func contentOf(n *Node, made map[*Node]*yaml.Node) ([]*yaml.Node, error) {
	var content []*yaml.Node
	for _, e := range n.Entries {
		for _, child := range []*Node{e.Key, e.Value} {
			if child == nil {
				continue
			}
			c, err := toYAML(child, made)
			if err != nil {
				return nil, err
			}
			if n.Style == Flow && child.IsNull() && c.Value == "" {
				c.Value = "null" // go-yaml prints nothing as '' here
			}
			content = append(content, c)
		}
	}
	return content, nil
}

func yamlStyle(n *Node) (yaml.Style, string) {
	switch n.Style {
	case DoubleQuoted:
		return yaml.DoubleQuotedStyle, "!!str"
	case SingleQuoted:
		return yaml.SingleQuotedStyle, "!!str"
	case Literal, Folded:
		return yaml.LiteralStyle, "!!str"
	}
	return 0, ""
}

// encode prints a whole edited tree with kyaml, in the column where the source
// stood.
func (d *Doc) encode(root *Node) (string, error) {
	y, err := toYAML(root, map[*Node]*yaml.Node{})
	if err != nil {
		return "", fmt.Errorf("encoding the document: %w", err)
	}
	var b strings.Builder
	enc := yaml.NewEncoder(&b)
	enc.SetIndent(2)
	if !d.wide() {
		enc.CompactSeqIndent()
	}
	if err := enc.Encode(y); err != nil {
		return "", fmt.Errorf("encoding the document: %w", err)
	}
	if err := enc.Close(); err != nil {
		return "", fmt.Errorf("encoding the document: %w", err)
	}
	text := b.String()
	if d.col > 0 {
		text = strings.ReplaceAll(strings.TrimSuffix(text, "\n"), "\n", "\n"+strings.Repeat(" ", d.col)) + "\n"
	}
	if !strings.HasSuffix(d.src, "\n") {
		text = strings.TrimSuffix(text, "\n")
	}
	return text, nil
}
