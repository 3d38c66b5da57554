package injectsidecars_test

import (
	"testing"

	"github.com/krm-sidecars/krm-sidecars/functions"
	injectsidecars "github.com/krm-sidecars/krm-sidecars/functions/inject-sidecars"
	"github.com/krm-sidecars/krm-sidecars/pkg/fntest"
)

func TestCases(t *testing.T) { fntest.Golden(t, functions.All()...) }

func TestMistakes(t *testing.T) {
	fntest.Mistakes(t, "testdata/mistakes.txt", injectsidecars.Function(), functions.All()...)
}

func TestReference(t *testing.T) { fntest.Reference(t, injectsidecars.Function().New()) }
