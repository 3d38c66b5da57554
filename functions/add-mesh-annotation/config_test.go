package meshannotation_test

import (
	"strings"
	"testing"

	meshannotation "github.com/krm-sidecars/krm-sidecars/functions/add-mesh-annotation"
	"github.com/krm-sidecars/krm-sidecars/pkg/fntest"
	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
)

func TestMistakes(t *testing.T) {
	fntest.Mistakes(t, "testdata/mistakes.txt", meshannotation.Function())
}

// TestConfigMap: fields can be written as kpt passes them on, as text.
func TestConfigMap(t *testing.T) {
	list := `apiVersion: config.kubernetes.io/v1
kind: ResourceList
functionConfig:
  apiVersion: v1
  kind: ConfigMap
  metadata:
    name: mesh
  data:
    mesh: istio
    istio.excludeOutboundPorts: 8200,9090
    istio.proxy.cpu: 100m
    istio.nativeSidecar: 'true'
items:
- apiVersion: v1
  kind: Pod
  metadata:
    name: web
  spec:
    containers:
    - name: app
      image: nginx:1.29
`
	out, report, err := krm.RunList([]krm.Function{meshannotation.Function()}, "add-mesh-annotation", list)
	if err != nil || report.Failed() {
		t.Fatal(err, report.Results)
	}
	for _, want := range []string{"excludeOutboundPorts: 8200,9090\n", "proxyCPU: 100m\n", "nativeSidecar: 'true'\n"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %s in\n%s", want, out)
		}
	}
}

func TestReference(t *testing.T) { fntest.Reference(t, meshannotation.Function().New()) }
