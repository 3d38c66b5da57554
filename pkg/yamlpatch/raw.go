package yamlpatch

import (
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"
)

// verbatim marks a source text that stands less deep than its key, so that it
// cannot be moved. No such text begins like that: what follows a colon is white
// space or, in JSON, a value.
const verbatim = "="

// relative takes the indentation of the line on which a key stands from the other
// lines of its source text: hosts indent what they wrap in a list.
func relative(text string, indent int) string {
	first, rest, more := strings.Cut(text, "\n")
	if !more {
		return text
	}
	lines := strings.Split(rest, "\n")
	for i, line := range lines {
		switch {
		case isBlank(line):
		case len(line)-len(strings.TrimLeft(line, " ")) < indent:
			return verbatim + text
		default:
			lines[i] = line[indent:]
		}
	}
	return first + "\n" + strings.Join(lines, "\n")
}

// absolute undoes relative, where the key may stand deeper or less deep by now.
func absolute(text string, indent int) string {
	if text, ok := strings.CutPrefix(text, verbatim); ok {
		return text
	}
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if i > 0 && !isBlank(line) {
			lines[i] = strings.Repeat(" ", indent) + line
		}
	}
	return strings.Join(lines, "\n")
}

func isBlank(line string) bool { return line == "" || line == "\r" }

// buildRaw makes a node that prints as the given source text.
func buildRaw(text string) (*Node, error) {
	bare := strings.TrimPrefix(text, verbatim)
	trimmed := strings.TrimSpace(bare)
	n := &Node{Kind: Scalar, Style: Plain}
	switch {
	case strings.HasPrefix(trimmed, "*"):
		n.Kind, n.Text = Alias, trimmed[1:]
	case trimmed != "":
		y, err := decode(bare+"\n", 0) // the line that it ends has an end
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
