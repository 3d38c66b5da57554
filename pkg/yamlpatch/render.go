package yamlpatch

import "github.com/krm-sidecars/krm-sidecars/pkg/edit"

// Render writes a map as a block YAML document.
func Render(v edit.Value) (string, error) {
	n, err := build(v)
	if err != nil {
		return "", err
	}
	w := emitter{eol: "\n"}
	w.entries(n, 0)
	w.b.WriteString("\n")
	return w.b.String(), nil
}
