package lint_test

import (
	"testing"

	meshannotation "github.com/krm-sidecars/krm-sidecars/functions/add-mesh-annotation"
	lint "github.com/krm-sidecars/krm-sidecars/functions/lint-sidecars"
	"github.com/krm-sidecars/krm-sidecars/pkg/fntest"
	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
)

func function() krm.Function { return lint.Function(meshannotation.Mistakes) }

func TestCases(t *testing.T) { fntest.Golden(t, function()) }

func TestReference(t *testing.T) { fntest.Reference(t, function().New()) }
