// Package functions lists the functions of this project.
package functions

import (
	logsidecar "github.com/krm-sidecars/krm-sidecars/functions/add-log-sidecar"
	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
)

// All returns every function, in the order in which they are listed.
func All() []krm.Function {
	return []krm.Function{
		logsidecar.Function(),
	}
}
