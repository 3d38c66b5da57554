package proxysidecar_test

import (
	"testing"

	proxysidecar "github.com/krm-sidecars/krm-sidecars/functions/add-proxy-sidecar"
	"github.com/krm-sidecars/krm-sidecars/pkg/fntest"
)

func TestCases(t *testing.T) { fntest.Golden(t, proxysidecar.Function()) }

func TestReference(t *testing.T) { fntest.Reference(t, proxysidecar.Function().New()) }

func TestMistakes(t *testing.T) {
	fntest.Mistakes(t, "testdata/mistakes.txt", proxysidecar.Function())
}
