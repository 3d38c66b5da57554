package lint_test

import (
	"flag"
	"testing"

	"github.com/krm-sidecars/krm-sidecars/pkg/fntest"
)

func TestMistakes(t *testing.T) { fntest.Mistakes(t, "testdata/mistakes.txt", function()) }

func updating() bool { return flag.Lookup("update").Value.String() == "true" }
