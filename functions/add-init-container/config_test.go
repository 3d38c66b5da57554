package initcontainer_test

import (
	"path/filepath"
	"testing"

	initcontainer "github.com/krm-sidecars/krm-sidecars/functions/add-init-container"
	"github.com/krm-sidecars/krm-sidecars/pkg/fntest"
	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
)

const header = "apiVersion: krm-sidecars.dev/v1alpha1\nkind: AddInitContainer\nmetadata:\n  name: prepare\nspec:\n"

// TestMistakes reads the specs in testdata/mistakes*.txt, each of which stands in
// front of what is wrong with it.
func TestMistakes(t *testing.T) {
	files, err := filepath.Glob("testdata/mistakes*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no mistakes in testdata: %v", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) { fntest.Mistakes(t, file, initcontainer.Function()) })
	}
}

// TestExample: the example is valid.
func TestExample(t *testing.T) {
	f := initcontainer.Function()
	if _, err := krm.ReadConfigs([]krm.Function{f}, "example.yaml", f.Example); err != nil {
		t.Error(err)
	}
}
