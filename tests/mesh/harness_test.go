package mesh

import (
	"encoding/json"
	"os"
	"slices"
	"testing"

	"istio.io/istio/pkg/log"
	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/functions"
	"github.com/krm-sidecars/krm-sidecars/pkg/fntest"
	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
	"github.com/krm-sidecars/krm-sidecars/tests/mesh/istio"
)

// Versions of nodes: Istio's proxy is a native sidecar on nodes from 1.33 on.
const (
	nativeNode = "v1.34.4"
	olderNode  = "v1.32.9"
)

func TestMain(m *testing.M) {
	for _, scope := range log.Scopes() {
		scope.SetOutputLevel(log.NoneLevel)
	}
	os.Exit(m.Run())
}

// install returns a cluster with control planes; by default one with the values of
// the chart.
func install(t *testing.T, node string, values ...string) *istio.Cluster {
	t.Helper()
	stop := make(chan struct{})
	t.Cleanup(func() { close(stop) })
	if len(values) == 0 {
		values = []string{""}
	}
	c, err := istio.Install(stop, node, values...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// config is an AddMeshAnnotation with a spec.
func config(spec string) string {
	return "apiVersion: krm-sidecars.dev/v1alpha1\nkind: AddMeshAnnotation\nmetadata: {name: mesh}\nspec: " + spec + "\n"
}

// run returns what functions do to manifests, and holds all of their promises.
func run(t *testing.T, config, manifests string) (string, krm.Report) {
	t.Helper()
	out, report := fntest.Promises(t, fntest.Instances(t, functions.All(), config), manifests)
	if report.Failed() {
		t.Fatalf("the functions fail: %v", report.Results)
	}
	return out, report
}

// admit returns the pod of manifests as it is after its admission.
func admit(t *testing.T, c *istio.Cluster, manifests string) corev1.Pod {
	t.Helper()
	pod, namespace := only(t, manifests)
	admitted, _, err := c.Admit(pod, namespace)
	if err != nil {
		t.Fatalf("%v\n%s", err, manifests)
	}
	return admitted
}

// revision is that of the control plane that gave the pod its proxy, "" for none.
func revision(t *testing.T, pod corev1.Pod) string {
	t.Helper()
	_, proxied := proxy(pod)
	text, told := pod.Annotations["sidecar.istio.io/status"]
	if proxied != told {
		t.Errorf("a proxy: %t, an annotation that says so: %t", proxied, told)
	}
	if !told {
		return ""
	}
	var status struct{ Revision string }
	if err := json.Unmarshal([]byte(text), &status); err != nil {
		t.Fatal(err)
	}
	return status.Revision
}

// proxy is the container istio-proxy, wherever it stands.
func proxy(pod corev1.Pod) (corev1.Container, bool) {
	return container(slices.Concat(pod.Spec.InitContainers, pod.Spec.Containers), "istio-proxy")
}

func container(all []corev1.Container, name string) (corev1.Container, bool) {
	i := slices.IndexFunc(all, func(c corev1.Container) bool { return c.Name == name })
	if i < 0 {
		return corev1.Container{}, false
	}
	return all[i], true
}
