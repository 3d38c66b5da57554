package exporter_test

import (
	"testing"

	exporter "github.com/krm-sidecars/krm-sidecars/functions/add-exporter"
	"github.com/krm-sidecars/krm-sidecars/pkg/fntest"
	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
)

func TestMistakes(t *testing.T) { fntest.Mistakes(t, "testdata/mistakes.txt", exporter.Function()) }

// TestExample: the example is valid.
func TestExample(t *testing.T) {
	f := exporter.Function()
	if _, err := krm.ReadConfigs([]krm.Function{f}, "example.yaml", f.Example); err != nil {
		t.Error(err)
	}
}
