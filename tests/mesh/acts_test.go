package mesh

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// web is a Deployment in namespace shop, with metadata and a pod spec.
func web(metadata, spec string) string {
	return `apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector:
    matchLabels: {app: web}
  template:
    metadata: {` + metadata + `}
    spec:
      containers:
      - name: app
        image: shop/app:1.4
` + spec
}

// plain is a Deployment that says nothing of a mesh.
func plain() string { return web("labels: {app: web}", "") }

// shop is the namespace, with labels.
func shop(labels string) string {
	return "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  labels: {" + labels + "}\n---\n"
}

const (
	standard = "" // the values of Istio's chart
	canary   = "revision: canary\nrevisionTags: [stable]\n"
	asm      = "revision: asm-managed\n"
	everyone = "sidecarInjectorWebhook: {enableNamespacesByDefault: true}\n"
	selected = "sidecarInjectorWebhook:\n  neverInjectSelector: [{matchLabels: {app: web}}]\n"
	forced   = "sidecarInjectorWebhook: {enableNamespacesByDefault: true, alwaysInjectSelector: [{matchLabels: {app: web}}]}\n"
	optIn    = "global: {proxy: {autoInject: disabled}}\n"
)

// act is a config, and whose proxy the pod gets without and with it: that of a
// revision, or none.
type act struct {
	values        []string // of the control planes; none: one with the chart's own
	spec, in      string
	before, after string
	told          []pod.Code
}

// testActs: the real injector acts where injection was enabled, and does not where
// it was disabled.
func testActs(t *testing.T) {
	t.Helper()
	for name, c := range acts() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cluster := install(t, nativeNode, c.values...)
			if got := revision(t, admit(t, cluster, c.in)); got != c.before {
				t.Errorf("without the function the proxy is of revision %q, not %q", got, c.before)
			}
			out, report := run(t, config(c.spec), c.in)
			if got := revision(t, admit(t, cluster, out)); got != c.after {
				t.Errorf("the proxy is of revision %q, not %q:\n%s", got, c.after, out)
			}
			var told []pod.Code
			for _, r := range report.Results {
				if r.Code != "" && !slices.Contains(told, r.Code) {
					told = append(told, r.Code)
				}
			}
			if d := cmp.Diff(c.told, told); d != "" {
				t.Errorf("told (-want +got):\n%s\n%v", d, report.Results)
			}
		})
	}
}
