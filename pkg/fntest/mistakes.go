package fntest

import (
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
)

// Mistakes checks what a function says about specs that are wrong. The file, in
// testdata, holds the specs, each in front of what is wrong with it, as "name" and
// "name: mistakes".
func Mistakes(t *testing.T, file string, f krm.Function) {
	t.Helper()
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(archive.Files); i += 2 {
		spec, want := archive.Files[i], &archive.Files[i+1]
		t.Run(spec.Name, func(t *testing.T) {
			if want.Name != spec.Name+": mistakes" {
				t.Fatalf("%s has no mistakes of %q", file, spec.Name)
			}
			got := mistakes(t, f, string(spec.Data))
			if got == "" {
				t.Error("nothing is wrong with it")
			}
			if *update {
				want.Data = []byte(got)
			} else if diff := cmp.Diff(string(want.Data), got); diff != "" {
				t.Errorf("mistakes (-want +got):\n%s", diff)
			}
		})
	}
	if *update {
		if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// mistakes reads a config of a spec, and returns what is wrong with it.
func mistakes(t *testing.T, f krm.Function, spec string) string {
	t.Helper()
	src := "apiVersion: krm-sidecars.dev/v1alpha1\nkind: " + f.Kind + "\nmetadata:\n  name: some\nspec:\n  " +
		strings.ReplaceAll(strings.TrimSpace(spec), "\n", "\n  ") + "\n"
	_, err := krm.ReadConfigs([]krm.Function{f}, "config.yaml", src)
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
