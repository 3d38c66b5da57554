package removesidecars_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/krm-sidecars/krm-sidecars/functions"
	removesidecars "github.com/krm-sidecars/krm-sidecars/functions/remove-sidecars"
	"github.com/krm-sidecars/krm-sidecars/pkg/fntest"
)

func TestCases(t *testing.T) { fntest.Golden(t, functions.All()...) }

func TestMistakes(t *testing.T) {
	fntest.Mistakes(t, "testdata/mistakes.txt", removesidecars.Function(), functions.All()...)
}

func TestReference(t *testing.T) { fntest.Reference(t, removesidecars.Function().New()) }

const everything = `apiVersion: krm-sidecars.dev/v1alpha1
kind: RemoveSidecars
metadata:
  name: clean
spec:
  all: true
`

// TestRestoresAll takes away what every golden case of every other function added:
// what is left is what the engine's own removal leaves.
func TestRestoresAll(t *testing.T) {
	cases, err := filepath.Glob("../*/testdata/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	done := 0
	for _, file := range cases {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, part := range archive.Files {
			if part.Name != "out.yaml" || !strings.Contains(string(part.Data), "krm-sidecars.dev/add-") {
				continue
			}
			want, _ := fntest.Remove(t, string(part.Data))
			got, report := fntest.Run(t, fntest.Instances(t, functions.All(), everything), string(part.Data))
			if got != want {
				t.Errorf("%s: the removal differs (-want +got):\n%s\n%v", file, cmp.Diff(want, got), report.Results)
			}
			done++
		}
	}
	if done < 200 {
		t.Errorf("%d outputs had something to take away, expected at least 200", done)
	}
	t.Logf("%d outputs restored", done)
}
