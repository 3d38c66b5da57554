package logsidecar_test

import (
	"testing"

	logsidecar "github.com/krm-sidecars/krm-sidecars/functions/add-log-sidecar"
	"github.com/krm-sidecars/krm-sidecars/pkg/fntest"
	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
)

const oneLog = `logs: [{paths: [/var/log/app/app.log]}]`

func TestMistakes(t *testing.T) {
	fntest.Mistakes(t, "testdata/mistakes.txt", logsidecar.Function())
}

func TestMistakesOfDestinations(t *testing.T) {
	fntest.Mistakes(t, "testdata/mistakes-destination.txt", logsidecar.Function())
}

// isTaken reports whether nothing is wrong with a spec.
func isTaken(spec string) bool {
	_, err := krm.ReadConfigs([]krm.Function{logsidecar.Function()}, "config.yaml", configFor(spec))
	return err == nil
}
