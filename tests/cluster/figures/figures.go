// Package figures keeps what the tests of a package found, for docs/proof.md.
package figures

import (
	"testing"

	"github.com/krm-sidecars/krm-sidecars/tests/box"
	"github.com/krm-sidecars/krm-sidecars/tests/proof/record"
)

// Figures are what tests found, in the order in which they did.
type Figures struct {
	// Name is that of the part of the document.
	Name string
	part record.Part
}

// Found keeps what a test found, unless the test has failed.
func (f *Figures) Found(t *testing.T, what, result string) {
	t.Helper()
	if t.Failed() {
		return
	}
	f.part.Rows = append(f.part.Rows, record.Row{What: what, Result: result})
	box.Check(t, record.Write(f.Name, f.part))
}
