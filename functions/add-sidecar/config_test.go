package sidecar_test

import (
	"testing"

	sidecar "github.com/krm-sidecars/krm-sidecars/functions/add-sidecar"
	"github.com/krm-sidecars/krm-sidecars/pkg/fntest"
	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
)

const header = "apiVersion: krm-sidecars.dev/v1alpha1\nkind: AddSidecar\nmetadata:\n  name: agent\nspec:\n"

// TestMistakes reads the specs in testdata/mistakes.txt, each of which stands in
// front of what is wrong with it.
func TestMistakes(t *testing.T) { fntest.Mistakes(t, "testdata/mistakes.txt", sidecar.Function()) }

// TestExample: the example is valid.
func TestExample(t *testing.T) {
	f := sidecar.Function()
	if _, err := krm.ReadConfigs([]krm.Function{f}, "example.yaml", f.Example); err != nil {
		t.Error(err)
	}
}
