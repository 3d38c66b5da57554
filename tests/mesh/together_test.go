package mesh

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/krm-sidecars/krm-sidecars/functions"
	"github.com/krm-sidecars/krm-sidecars/pkg/fntest"
	"github.com/krm-sidecars/krm-sidecars/tests/box"
)

// part is a function and what it is to do.
type part struct{ kind, spec string }

// parts are all four functions, with a mode of add-vault-init.
func parts(mode string) []part {
	return []part{
		{"AddMeshAnnotation", "{mesh: istio, istio: {excludeOutboundPorts: [5432]}}"},
		{"AddLogSidecar", "{logs: [{paths: [/var/log/nginx/access.log]}]}"},
		{"AddExporter", `{preset: nginx, appAddress: "127.0.0.1:8080", excludeFromMesh: istio, discovery: {podMonitor: {}}}`},
		{"AddVaultInit", `{address: "https://vault.vault.svc:8200", role: web, mode: ` + mode + `, secrets: [{path: secret/data/web}], mesh: {name: istio, excludePort: true}}`},
	}
}

// alone is the config of one function.
func (p part) alone() string {
	return "apiVersion: krm-sidecars.dev/v1alpha1\nkind: " + p.kind + "\nmetadata: {name: web}\nspec: " + p.spec + "\n"
}

// composite is one config for several functions.
func composite(parts []part) string {
	p := part{"InjectSidecars", "\n  functions:\n"}
	for _, each := range parts {
		p.spec += "  - {kind: " + each.kind + ", spec: " + each.spec + "}\n"
	}
	return p.alone()
}

const nginx = `        ports: [{containerPort: 8080}]
      initContainers:
      - name: migrate
        image: shop/migrate:1.4
`

// testTogether: the proxy of Istio and our containers start in an order in which
// each finds what it needs, and what is to pass by the proxy does.
func testTogether(t *testing.T) {
	t.Helper()
	for name, c := range togethers() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out, _ := run(t, composite(parts(c.mode)), web("labels: {app: web}", nginx))
			pod := admit(t, install(t, c.node), out)
			box.Equal(t, "order", c.order, strings.Join(order(pod), " "))
			got := factsOf(t, pod)
			box.Equal(t, "ports that are left past the proxy", "5432 8200", sorted(got["init -o"]))
			box.Equal(t, "ports that are reached past the proxy", "15020 15021 15090 9113", sorted(got["init -d"]))
		})
	}
}

// start is the version of the nodes and a mode of add-vault-init, and the order of
// the containers that follows.
type start struct{ node, mode, order string }

func togethers() map[string]start {
	return map[string]start{
		"native proxy":                 {nativeNode, "native", "istio-init istio-proxy* vault-agent* migrate nginx-exporter* log-sidecar* | app"},
		"native proxy, secrets once":   {nativeNode, "init", "istio-init istio-proxy* vault-agent-init migrate nginx-exporter* log-sidecar* | app"},
		"proxy beside the app":         {olderNode, "native", "vault-agent* migrate nginx-exporter* log-sidecar* istio-init | app istio-proxy"},
		"proxy beside the app, before": {olderNode, "init", "vault-agent-init migrate nginx-exporter* log-sidecar* istio-init | app istio-proxy"},
	}
}

// testMergedMetrics: where the annotations of the exporter stand, Istio takes them
// for its own: its agent serves those metrics beside the proxy's.
func testMergedMetrics(t *testing.T) {
	t.Helper()
	exporter := part{"AddExporter", `{preset: nginx, appAddress: "127.0.0.1:8080", discovery: {annotations: {}}}`}
	mesh := part{"AddMeshAnnotation", "{mesh: istio}"}
	out, _ := run(t, composite([]part{exporter, mesh}), web("labels: {app: web}", nginx))
	got := factsOf(t, admit(t, install(t, nativeNode), out))
	box.Equal(t, "what the agent scrapes", `{"scrape":"true","path":"/metrics","port":"9113"}`, got["proxy env ISTIO_PROMETHEUS_ANNOTATIONS"])
	box.Equal(t, "what Prometheus scrapes", "15020", got["annotation prometheus.io/port"])
}

// testOrderOfFunctions: whichever function runs first, the pod starts the same, and
// is what it was when all are removed.
func testOrderOfFunctions(t *testing.T) {
	t.Helper()
	cluster := install(t, nativeNode)
	all := parts("native")
	source := web("labels: {app: web}", nginx)
	want := "istio-init istio-proxy* vault-agent* migrate nginx-exporter* log-sidecar* | app"
	for i := range all {
		text := source
		for _, p := range slices.Concat(all[i:], all[:i]) {
			out, report := fntest.Run(t, fntest.Instances(t, functions.All(), p.alone()), text)
			if report.Failed() || report.Changed() == 0 {
				t.Fatalf("%s: %v", p.kind, report.Results)
			}
			text = out
		}
		box.Equal(t, "order, from function "+strconv.Itoa(i)+" on", want, strings.Join(order(admit(t, cluster, text)), " "))
		back, _ := fntest.Remove(t, text)
		box.Equal(t, "removed", source, back)
	}
}

// sorted puts the elements of a list in order.
func sorted(list string) string {
	elements := strings.Split(list, ",")
	slices.Sort(elements)
	return strings.Join(elements, " ")
}
