package yamlpatch

import (
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"
)

// buildRaw makes a node that prints as the given source text. Only what stands
// on one line can be put back: empty collections, nulls, scalars, aliases.
func buildRaw(text string) (*Node, error) {
	trimmed := strings.TrimSpace(text)
	n := &Node{Kind: Scalar, Style: Plain}
	switch {
	case strings.HasPrefix(trimmed, "*"):
		n.Kind, n.Text = Alias, trimmed[1:]
	case trimmed != "":
		y, err := decode(text+"\n", 0) // the line that it ends has an end
		if err != nil {
			return nil, fmt.Errorf("reading the recorded text %q: %w", text, err)
		}
		if y != nil {
			n = fromYAML(y, map[*yaml.Node]*Node{})
		}
	}
	n.Start, n.isRaw, n.extra = fresh, true, &rare{raw: text}
	return n, nil
}
