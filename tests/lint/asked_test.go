package lint

import (
	"os"
	"strings"
)

// askedLines are cases whose configs, or whose input, ask for what a rule warns of:
// function/case, rules, and the reason.
const askedLines = `
add-exporter/overrides                 SC011  the config sets resources, without a cpu request
add-exporter/port-host                 SC043  the pod is on the network of the node, which the function warns of, too
add-init-container/mesh-cni            SC021  the mesh keeps the network away, which the function warns of, too
add-init-container/migrate-app-assumed SC014  the app's own image runs, and may write where it likes
add-init-container/permissions-nfs     SC013b,SC013c,SC013f,SC013g  allowRoot: true
add-init-container/permissions-root    SC013b,SC013c,SC013f,SC043   allowRoot: true
add-log-sidecar/agent-job              SC011  the config sets resources, without a cpu request
add-log-sidecar/overrides              SC011  the config sets resources, without a cpu request
add-mesh-annotation/ports              SC004  the app has a port of the proxy, which the function warns of, too
add-proxy-sidecar/envoy-config         SC017  nobody knows what the user's own configuration answers
add-proxy-sidecar/overrides            SC011  the config sets resources, without a cpu request
add-sidecar/latest                     SC015  the user's own image
add-sidecar/privileged                 SC013b,SC043  the user's own container
add-sidecar/root                       SC013b,SC013c,SC013d,SC013f,SC014,SC019,SC043  the user's own container
add-sidecar/share-propagation          SC043  privileged: true
add-sidecar/share-app-assumed          SC011  a share of what the app has, which has no memory
add-sidecar/user-of-image-may-be-root  SC013b,SC013e  the user's own container
add-vault-init/dialect-shape           SC014,SC038    the annotations that it translates ask for that
add-vault-init/dialect-user            SC013b,SC013c  the annotations that it translates ask for that
add-vault-init/mesh-cni                SC021  the mesh keeps Vault away, which the function warns of, too
`

// asked is the table, as function/case and rule, each with its reason. Functions
// that are not here have no lines.
func asked() map[string]string {
	reasons := map[string]string{}
	for line := range strings.Lines(askedLines) {
		f := strings.Fields(line)
		if len(f) < 3 {
			continue
		}
		function, _, _ := strings.Cut(f[0], "/")
		if _, err := os.Stat("../../functions/" + function); err != nil {
			continue
		}
		for rule := range strings.SplitSeq(f[1], ",") {
			reasons[f[0]+" "+rule] = strings.Join(f[2:], " ")
		}
	}
	return reasons
}
