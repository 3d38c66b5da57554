package vaultinit_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	vaultinit "github.com/krm-sidecars/krm-sidecars/functions/add-vault-init"
	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
)

const header = "apiVersion: krm-sidecars.dev/v1alpha1\nkind: AddVaultInit\nmetadata:\n  name: web\nspec:\n"

// wrong returns what is wrong with a spec, one line for each error.
func wrong(t *testing.T, spec string) string {
	t.Helper()
	spec = strings.NewReplacer("server\n", "address: https://vault.vault.svc:8200\nrole: web\n", "secret\n", "secrets: [{path: secret/data/web}]\n").Replace(spec)
	_, err := krm.ReadConfigs([]krm.Function{vaultinit.Function()}, "", header+"  "+strings.ReplaceAll(strings.TrimSpace(spec), "\n", "\n  ")+"\n")
	var bad *krm.ConfigError
	if errors.As(err, &bad) {
		return bad.Errors.Error() + "\n"
	}
	if err != nil {
		t.Fatal(err)
	}
	return ""
}

func TestErrors(t *testing.T) {
	cases, err := txtar.ParseFile("testdata/errors.txt")
	if err != nil || len(cases.Files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, c := range cases.Files {
		t.Run(c.Name, func(t *testing.T) {
			spec, want, found := strings.Cut(string(c.Data), "---\n")
			if !found {
				t.Fatal("no line ---")
			}
			if diff := cmp.Diff(want, wrong(t, spec)); diff != "" {
				t.Error(diff)
			}
		})
	}
}
