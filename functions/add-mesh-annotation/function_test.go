package meshannotation_test

import (
	"testing"

	meshannotation "github.com/krm-sidecars/krm-sidecars/functions/add-mesh-annotation"
	"github.com/krm-sidecars/krm-sidecars/pkg/fntest"
)

func TestCases(t *testing.T) { fntest.Golden(t, meshannotation.Function()) }
