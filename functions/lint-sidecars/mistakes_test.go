package lint_test

import (
	"errors"
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
)

const (
	mistakesFile = "testdata/mistakes.txt"
	header       = "apiVersion: krm-sidecars.dev/v1alpha1\nkind: LintSidecars\nmetadata:\n  name: lint\nspec:\n"
)

// TestMistakes reads the specs in testdata/mistakes.txt, each of which stands in
// front of what is wrong with it.
func TestMistakes(t *testing.T) {
	archive, err := txtar.ParseFile(mistakesFile)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(archive.Files); i += 2 {
		spec, want := archive.Files[i], &archive.Files[i+1]
		t.Run(spec.Name, func(t *testing.T) {
			got := mistakes(t, string(spec.Data))
			if want.Name != spec.Name+": mistakes" || got == "" {
				t.Fatalf("%s has no mistakes of %q", mistakesFile, spec.Name)
			}
			if updating() {
				want.Data = []byte(got)
			}
			if diff := cmp.Diff(string(want.Data), got); diff != "" {
				t.Errorf("mistakes (-want +got):\n%s", diff)
			}
		})
	}
	if updating() {
		if err := os.WriteFile(mistakesFile, txtar.Format(archive), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func updating() bool { return flag.Lookup("update").Value.String() == "true" }

// mistakes reads a config of a spec, and returns what is wrong with it.
func mistakes(t *testing.T, spec string) string {
	t.Helper()
	src := header + "  " + strings.ReplaceAll(strings.TrimSpace(spec), "\n", "\n  ") + "\n"
	_, err := krm.ReadConfigs([]krm.Function{function()}, "config.yaml", src)
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
	f := function()
	if _, err := krm.ReadConfigs([]krm.Function{f}, "example.yaml", f.Example); err != nil {
		t.Error(err)
	}
}
