package mesh

import (
	"testing"

	"github.com/krm-sidecars/krm-sidecars/tests/mesh/istio"
)

// testAmbient: Istio's agent on the nodes takes the pods into the mesh that are to
// be there, and the injector gives them no proxy.
func testAmbient(t *testing.T) {
	t.Helper()
	nodes, err := istio.Ambient()
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range ambients() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cluster := install(t, nativeNode)
			captured := func(manifests string) bool {
				pod := admit(t, cluster, manifests)
				_, namespace := only(t, manifests)
				if got := revision(t, pod); got != "" && c.after {
					t.Errorf("the pod has a proxy of revision %q", got)
				}
				return nodes.Matches(&pod, namespace)
			}
			if got := captured(c.in); got != c.before {
				t.Errorf("without the function the pod is in the mesh: %t", got)
			}
			out, _ := run(t, config(c.spec), c.in)
			if got := captured(out); got != c.after {
				t.Errorf("the pod is in the mesh: %t\n%s", got, out)
			}
		})
	}
}

// ambient is a config, and whether the pod is in the mesh without and with it.
type ambient struct {
	spec, in      string
	before, after bool
}

func ambients() map[string]ambient {
	return map[string]ambient{
		"enabled":                      {spec: "{mesh: istio-ambient}", in: plain(), after: true},
		"enabled where others are":     {spec: "{mesh: istio-ambient}", in: shop("istio.io/dataplane-mode: ambient") + plain(), before: true, after: true},
		"enabled where others opt out": {spec: "{mesh: istio-ambient}", in: shop("istio.io/dataplane-mode: none") + plain(), after: true},
		"disabled":                     {spec: "{mesh: istio-ambient, injection: disabled}", in: shop("istio.io/dataplane-mode: ambient") + plain(), before: true},
		"a namespace":                  {spec: "{mesh: istio-ambient, scope: namespace}", in: shop("team: shop") + plain(), after: true},
		"a namespace, disabled":        {spec: "{mesh: istio-ambient, scope: namespace, injection: disabled}", in: shop("team: shop") + plain()},
		"on the node's network":        {spec: "{mesh: istio-ambient}", in: web("labels: {app: web}", "      hostNetwork: true\n")},
		"with a proxy beside the app":  {spec: "{mesh: istio}", in: shop("istio.io/dataplane-mode: ambient") + plain(), before: true},
	}
}
