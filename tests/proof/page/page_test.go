package page

import (
	"os"
	"testing"

	"github.com/krm-sidecars/krm-sidecars/tests/box"
	"github.com/krm-sidecars/krm-sidecars/tests/proof/record"
)

// TestPageIsWhatWasMeasured: docs/proof.md says what the kept measurements say, and
// they say something about every section.
func TestPageIsWhatWasMeasured(t *testing.T) {
	parts, err := record.ReadAll("../results")
	box.Check(t, err)
	for _, s := range sections() {
		if p := parts[s.name]; len(p.Rows)+len(p.Tables) == 0 {
			t.Errorf("tests/proof/results/%s.json holds nothing; run %s with %s", s.name, s.command, record.Variable)
		}
	}
	text, err := os.ReadFile("../../../docs/proof.md")
	box.Check(t, err)
	box.Equal(t, "docs/proof.md, which make proof writes", Of(parts), string(text))
}

// TestOfTellsWhatIsMissing: a section that nobody measured is not left out.
func TestOfTellsWhatIsMissing(t *testing.T) {
	got := Of(map[string]record.Part{"faster": {Tables: []record.Table{{Head: []string{"a|b"}, Rows: [][]string{{"1\n2"}}}}}})
	box.Contains(t, "page", got, "## Accepted by an API server", "Not measured.", `| a\|b |`, "| 1 2 |")
}
