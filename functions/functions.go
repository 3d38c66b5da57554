// Package functions lists the functions of this project.
package functions

import (
	exporter "github.com/krm-sidecars/krm-sidecars/functions/add-exporter"
	initcontainer "github.com/krm-sidecars/krm-sidecars/functions/add-init-container"
	logsidecar "github.com/krm-sidecars/krm-sidecars/functions/add-log-sidecar"
	meshannotation "github.com/krm-sidecars/krm-sidecars/functions/add-mesh-annotation"
	proxysidecar "github.com/krm-sidecars/krm-sidecars/functions/add-proxy-sidecar"
	sidecar "github.com/krm-sidecars/krm-sidecars/functions/add-sidecar"
	syncsidecar "github.com/krm-sidecars/krm-sidecars/functions/add-sync-sidecar"
	vaultinit "github.com/krm-sidecars/krm-sidecars/functions/add-vault-init"
	injectsidecars "github.com/krm-sidecars/krm-sidecars/functions/inject-sidecars"
	lint "github.com/krm-sidecars/krm-sidecars/functions/lint-sidecars"
	removesidecars "github.com/krm-sidecars/krm-sidecars/functions/remove-sidecars"
	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
)

// All returns every function, in the order in which they are listed.
func All() []krm.Function {
	return []krm.Function{
		logsidecar.Function(),
		meshannotation.Function(),
		vaultinit.Function(),
		exporter.Function(),
		initcontainer.Function(),
		syncsidecar.Function(),
		proxysidecar.Function(),
		sidecar.Function(),
		injectsidecars.Function(),
		lint.Function(meshannotation.Mistakes),
		removesidecars.Function(),
	}
}
