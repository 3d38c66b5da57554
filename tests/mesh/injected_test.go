package mesh

import (
	"slices"
	"strings"
	"testing"

	"github.com/krm-sidecars/krm-sidecars/pkg/fntest"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
	"github.com/krm-sidecars/krm-sidecars/tests/box"
)

// testInjectedBefore: where kube-inject has written the proxy into the manifest,
// what the functions add stands where it would, had the injector come last.
func testInjectedBefore(t *testing.T) {
	t.Helper()
	for name, c := range map[string]struct {
		node, mode, order string
	}{
		"native proxy":                 {nativeNode, "native", "istio-init istio-proxy* vault-agent* migrate nginx-exporter* log-sidecar* | app"},
		"native proxy, secrets once":   {nativeNode, "init", "istio-init istio-proxy* vault-agent-init migrate nginx-exporter* log-sidecar* | app"},
		"proxy beside the app":         {olderNode, "native", "vault-agent* migrate istio-init nginx-exporter* log-sidecar* | app istio-proxy"},
		"proxy beside the app, before": {olderNode, "init", "vault-agent-init migrate istio-init nginx-exporter* log-sidecar* | app istio-proxy"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			injected, err := install(t, c.node).Manifests(web("labels: {app: web}", nginx))
			box.Check(t, err)
			out, _ := run(t, withoutMesh(c.mode), injected)
			made, _ := only(t, out)
			box.Equal(t, "order", c.order, strings.Join(order(made), " "))
		})
	}
}

// withoutMesh is a config for all functions but that of the mesh.
func withoutMesh(mode string) string {
	return composite(slices.DeleteFunc(parts(mode), func(p part) bool { return p.kind == "AddMeshAnnotation" }))
}

// testInjectedTwice: a proxy that stands in the manifest is told of where the
// function asks for one more, and the webhook adds none.
func testInjectedTwice(t *testing.T) {
	t.Helper()
	cluster := install(t, nativeNode)
	injected, err := cluster.Manifests(plain())
	box.Check(t, err)
	out, report := run(t, config("{mesh: istio}"), injected)
	if !fntest.Has(report, pod.MeshSeveral) {
		t.Errorf("nothing is told of the proxy that is there: %v", report.Results)
	}
	box.Equal(t, "order", "istio-init istio-proxy* | app", strings.Join(order(admit(t, cluster, out)), " "))
}
