package vaultinit_test

import (
	"testing"

	vaultinit "github.com/krm-sidecars/krm-sidecars/functions/add-vault-init"
	"github.com/krm-sidecars/krm-sidecars/pkg/fntest"
)

const header = "apiVersion: krm-sidecars.dev/v1alpha1\nkind: AddVaultInit\nmetadata:\n  name: web\nspec:\n"

func TestMistakes(t *testing.T) { fntest.Mistakes(t, "testdata/mistakes.txt", vaultinit.Function()) }
