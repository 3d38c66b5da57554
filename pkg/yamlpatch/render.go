package yamlpatch

import (
	"bytes"

	"github.com/krm-sidecars/krm-sidecars/pkg/edit"
)

// Render writes a map or a list as a block YAML document.
func Render(v edit.Value) (string, error) { return render(v, func(*Node) {}) }

// RenderQuoted is Render for a text whose last line end will be cut off: it has
// no block scalars, whose values would lose it too.
func RenderQuoted(v edit.Value) (string, error) {
	return render(v, func(n *Node) {
		if n.Style == Literal {
			n.Style = DoubleQuoted
		}
	})
}

func render(v edit.Value, adapt func(*Node)) (string, error) {
	n, err := (&Room{}).build(v)
	if err != nil {
		return "", err
	}
	n.walk(adapt)
	w := emitter{b: &bytes.Buffer{}, eol: "\n"}
	w.entries(n, 0)
	w.b.WriteString("\n")
	return w.b.String(), nil
}
