package exporters_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/krm-sidecars/krm-sidecars/tests/cluster/apps"
	"github.com/krm-sidecars/krm-sidecars/tests/cluster/figures"
	"github.com/krm-sidecars/krm-sidecars/tests/cluster/kube"
)

var cluster kube.Cluster

var found = figures.Figures{Name: "exporters"}

func TestMain(m *testing.M) { os.Exit(kube.Main(m, kube.Full, &cluster)) }

// restricted is a namespace that lets in nothing that Pod Security would refuse,
// in a cluster that knows the kinds of monitors.
func restricted(t *testing.T, images ...kube.Image) *kube.Namespace {
	t.Helper()
	apps.Load(t, &cluster, images...)
	n := cluster.Namespace(t, map[string]string{"pod-security.kubernetes.io/enforce": "restricted"})
	for _, m := range monitors() {
		name, group, _ := strings.Cut(m.resource, ".")
		n.Apply(fmt.Sprintf(definition, m.resource, group, m.kind, name, m.version))
		n.Kubectl("wait", "--for=condition=established", "customresourcedefinition/"+m.resource)
	}
	return n
}

// definition makes a kind known, whatever its fields.
const definition = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: %s}
spec:
  group: %s
  scope: Namespaced
  names: {kind: %s, plural: %s}
  versions:
  - name: %s
    served: true
    storage: true
    schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
`
