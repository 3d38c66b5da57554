package vaultinit_test

import (
	"testing"

	vaultinit "github.com/krm-sidecars/krm-sidecars/functions/add-vault-init"
	"github.com/krm-sidecars/krm-sidecars/pkg/fntest"
)

func TestCases(t *testing.T) { fntest.Golden(t, vaultinit.Function()) }

func TestReference(t *testing.T) { fntest.Reference(t, vaultinit.Function().New()) }
