package accepted

import (
	"maps"
	"slices"
	"strconv"
	"testing"

	"github.com/krm-sidecars/krm-sidecars/tests/box"
	"github.com/krm-sidecars/krm-sidecars/tests/proof/record"
)

// TestAccepted: the API server takes what the functions make.
func TestAccepted(t *testing.T) {
	j := &judge{known: map[string]bool{}}
	table, asked := record.Table{Head: headings()}, 0
	for _, source := range []struct {
		name  string
		cases func(*testing.T) map[string]output
	}{
		{"golden cases", goldens},
		{"examples", examples},
		{"configs on restricted apps", restrictedApps},
		{"example configs on foreign manifests", corpus},
	} {
		t.Run(source.name, func(t *testing.T) {
			cases, total := source.cases(t), &figures{}
			t.Run("of", func(t *testing.T) {
				for _, name := range slices.Sorted(maps.Keys(cases)) {
					t.Run(name, func(t *testing.T) {
						t.Parallel()
						j.output(t, total, cases[name])
					})
				}
			})
			if t.Log(total); total.objects == 0 {
				t.Error("nothing was judged")
			}
			table.Rows = append(table.Rows, total.row(source.name))
			asked += total.asked
		})
	}
	if t.Failed() {
		return
	}
	rows := []record.Row{{What: "containers of ours that Pod Security refuses because their config asks for that", Result: strconv.Itoa(asked)}}
	box.Check(t, record.Write("accepted", record.Part{Rows: rows, Tables: []record.Table{table}}))
}
