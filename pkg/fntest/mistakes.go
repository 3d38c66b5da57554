package fntest

import (
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
)

// Mistakes checks what a function says about specs that are wrong. The file, in
// testdata, holds the specs, each in front of what is wrong with it, as "name" and
// "name: mistakes"; what only looks wrong is followed by "name: no mistakes".
// others are the functions that specs may name.
func Mistakes(t *testing.T, file string, f krm.Function, others ...krm.Function) {
	t.Helper()
	functions := slices.DeleteFunc(slices.Clone(others), func(o krm.Function) bool { return o.Kind == f.Kind })
	functions = append(functions, f)
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(archive.Files); i += 2 {
		spec, told := archive.Files[i], &archive.Files[i+1]
		t.Run(spec.Name, func(t *testing.T) {
			got := mistakes(t, functions, f.Kind, string(spec.Data))
			checkMistakes(t, spec.Name, told, got)
		})
	}
	if *update {
		if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// checkMistakes holds what is wrong with a spec against what the file tells.
func checkMistakes(t *testing.T, spec string, told *txtar.File, got string) {
	t.Helper()
	right := told.Name == spec+": no mistakes"
	if told.Name != spec+": mistakes" && !right {
		t.Fatalf("%q stands where its mistakes should", told.Name)
	}
	if right != (got == "") {
		t.Errorf("its mistakes are %q", got)
	}
	if *update {
		told.Data = []byte(got)
	} else if diff := cmp.Diff(string(told.Data), got); diff != "" {
		t.Errorf("mistakes (-want +got):\n%s", diff)
	}
}

// mistakes reads a config of a spec, and returns what is wrong with it.
func mistakes(t *testing.T, functions []krm.Function, kind, spec string) string {
	t.Helper()
	src := "apiVersion: krm-sidecars.dev/v1alpha1\nkind: " + kind + "\nmetadata:\n  name: some\nspec:\n  " +
		strings.ReplaceAll(strings.TrimSpace(spec), "\n", "\n  ") + "\n"
	_, err := krm.ReadConfigs(functions, "config.yaml", src)
	if err == nil {
		return ""
	}
	var bad *krm.ConfigError
	if !errors.As(err, &bad) {
		t.Fatal(err)
	}
	var lines strings.Builder
	for _, e := range bad.Errors {
		lines.WriteString(e.Path + ": " + e.Msg + "\n")
	}
	return lines.String()
}
