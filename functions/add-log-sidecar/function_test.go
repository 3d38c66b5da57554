package logsidecar_test

import (
	"os"
	"strings"
	"testing"

	logsidecar "github.com/krm-sidecars/krm-sidecars/functions/add-log-sidecar"
	"github.com/krm-sidecars/krm-sidecars/pkg/fntest"
)

func TestCases(t *testing.T) { fntest.Golden(t, logsidecar.Function()) }

func TestReference(t *testing.T) { fntest.Reference(t, logsidecar.Function().New()) }

// TestManualTables checks that the tables of the README say what agents can do.
func TestManualTables(t *testing.T) {
	manual, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	said := map[string]bool{} // "agent thing"
	var columns []string
	for line := range strings.Lines(string(manual)) {
		cells := strings.Split(strings.ReplaceAll(line, "`", ""), "|")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		switch {
		case len(cells) != 9:
		case cells[2] == "fluent-bit":
			columns = cells
		default:
			for i, cell := range cells[2:8] {
				said[columns[i+2]+" "+cells[1]] = cell == "yes" || cell == "own image"
			}
		}
	}
	for agent, pairs := range agents() {
		for destination := range destinations() {
			if can := hasWord(pairs, destination); said[agent+" "+destination] != can {
				t.Errorf("%s to %s: README %v, table %v", agent, destination, !can, can)
			}
		}
		for _, p := range parsers()[:6] {
			if can := hasWord(p.agents, agent); said[agent+" "+p.name] != can {
				t.Errorf("%s parses %s: README %v, table %v", agent, p.name, !can, can)
			}
		}
	}
}
