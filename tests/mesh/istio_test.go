package mesh

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/krm-sidecars/krm-sidecars/tests/box"
	"github.com/krm-sidecars/krm-sidecars/tests/proof/record"
)

// TestIstio is all that Istio has a say in. What it finds is kept for docs/proof.md.
func TestIstio(t *testing.T) {
	var sources, injected tally
	for _, group := range []struct {
		name string
		test func(*testing.T)
	}{
		{"acts", testActs},
		{"settings", testSettings},
		{"kinds", testKinds},
		{"ambient", testAmbient},
		{"together", testTogether},
		{"merged metrics", testMergedMetrics},
		{"order of functions", testOrderOfFunctions},
		{"injected before", testInjectedBefore},
		{"injected twice", testInjectedTwice},
		{"sources", sources.testSources},
		{"outputs of kube-inject", injected.testInjected},
	} {
		t.Run(group.name, group.test)
	}
	if t.Failed() {
		return
	}
	box.Check(t, record.Write("mesh", record.Part{
		Rows: []record.Row{
			{What: "sidecars enabled, disabled, revisions and tags, on pods and namespaces: whose proxy the pod gets, or none", Result: fmt.Sprintf("%d cases, all as asked", len(acts()))},
			{What: "settings of the block istio: the injected containers bear them, and would not without", Result: fmt.Sprintf("%d cases, all as asked", len(settings()))},
			{What: "ambient: Istio's agent on the nodes takes the pod in, or leaves it", Result: fmt.Sprintf("%d cases, all as asked", len(ambients()))},
			{What: "all four functions on one pod with a native proxy", Result: told(togethers()["native proxy"].order)},
		},
		Tables: []record.Table{
			sources.table("The manifests that Istio tests its injector with: the promises hold, and the real webhook does the same as without the functions", "changed pods", "pods with a proxy"),
			injected.table("What Istio's tests expect of kube-inject, put through the functions: the promises hold", "changed objects"),
		},
	}))
}

// table is what became of files, for each config, with as many columns as there
// are heads.
func (s *tally) table(caption string, heads ...string) record.Table {
	t := record.Table{Caption: caption, Head: append([]string{"functions", "files", "refused with a reason"}, heads...)}
	for _, name := range slices.Sorted(maps.Keys(s.of)) {
		f := s.of[name]
		row := []string{name, fmt.Sprint(f.files), fmt.Sprint(f.refused), fmt.Sprint(f.changed), fmt.Sprint(f.proxied)}
		t.Rows = append(t.Rows, row[:len(t.Head)])
	}
	return t
}

// told writes an order for people.
func told(order string) string {
	before, after, _ := strings.Cut(order, " | ")
	return strings.ReplaceAll(strings.ReplaceAll(before, " ", ", "), "*", " (native)") + "; then " + after
}
