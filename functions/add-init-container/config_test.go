package initcontainer_test

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	initcontainer "github.com/krm-sidecars/krm-sidecars/functions/add-init-container"
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
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for i := 0; i+1 < len(archive.Files); i += 2 {
			spec, want := archive.Files[i], archive.Files[i+1]
			t.Run(filepath.Base(file)+"/"+spec.Name, func(t *testing.T) {
				if want.Name != spec.Name+": mistakes" || len(want.Data) == 0 {
					t.Fatalf("%s has no mistakes of %q", file, spec.Name)
				}
				if diff := cmp.Diff(string(want.Data), mistakes(t, string(spec.Data))); diff != "" {
					t.Errorf("mistakes (-want +got):\n%s", diff)
				}
			})
		}
	}
}

// mistakes reads a config of a spec, and returns what is wrong with it.
func mistakes(t *testing.T, spec string) string {
	t.Helper()
	src := header + "  " + strings.ReplaceAll(strings.TrimSpace(spec), "\n", "\n  ") + "\n"
	_, err := krm.ReadConfigs([]krm.Function{initcontainer.Function()}, "config.yaml", src)
	var bad *krm.ConfigError
	if err == nil {
		return ""
	}
	if !errors.As(err, &bad) {
		t.Fatal(err)
	}
	var lines strings.Builder
	for _, e := range bad.Errors {
		lines.WriteString(e.Path + ": " + e.Msg + "\n")
	}
	return lines.String()
}

// TestExample: the example is valid.
func TestExample(t *testing.T) {
	f := initcontainer.Function()
	if _, err := krm.ReadConfigs([]krm.Function{f}, "example.yaml", f.Example); err != nil {
		t.Error(err)
	}
}
