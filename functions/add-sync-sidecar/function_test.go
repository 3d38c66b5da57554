package syncsidecar_test

import (
	"testing"

	syncsidecar "github.com/krm-sidecars/krm-sidecars/functions/add-sync-sidecar"
	"github.com/krm-sidecars/krm-sidecars/pkg/fntest"
)

func TestCases(t *testing.T) { fntest.Golden(t, syncsidecar.Function()) }

func TestReference(t *testing.T) { fntest.Reference(t, syncsidecar.Function().New()) }

func TestMistakes(t *testing.T) {
	fntest.Mistakes(t, "testdata/mistakes.txt", syncsidecar.Function())
}
