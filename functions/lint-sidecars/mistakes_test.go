package lint_test

import (
	"testing"

	"github.com/krm-sidecars/krm-sidecars/pkg/fntest"
)

func TestMistakes(t *testing.T) { fntest.Mistakes(t, "testdata/mistakes.txt", function()) }
