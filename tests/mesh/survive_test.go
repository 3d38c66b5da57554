package mesh

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/functions"
	"github.com/krm-sidecars/krm-sidecars/pkg/fntest"
	"github.com/krm-sidecars/krm-sidecars/tests/mesh/istio"
)

// testSources: the manifests that Istio tests its injector with survive the
// functions, and the injector does to what comes out what it does without them.
func (s *tally) testSources(t *testing.T) {
	t.Helper()
	inputs := upstream(t, "*.yaml")
	cluster := install(t, nativeNode, everyone)
	for name, config := range configs(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var f figures
			for file, text := range inputs {
				t.Run(file, func(t *testing.T) { f.check(t, cluster, config, text) })
			}
			if s.add(name, f); f.changed == 0 || f.proxied == 0 {
				t.Error("nothing was changed, or nothing got a proxy")
			}
		})
	}
}

func (f *figures) check(t *testing.T, c *istio.Cluster, config, text string) {
	t.Helper()
	f.files++
	out, report := fntest.Promises(t, fntest.Instances(t, functions.All(), config), text)
	if report.Failed() {
		f.refuse(t, report)
		return
	}
	sources, namespaces := pods(t, text)
	outputs, _ := pods(t, out)
	for i, source := range sources {
		f.pods++
		want, _, wantErr := c.Admit(source, namespaces[source.Namespace])
		got, _, gotErr := c.Admit(outputs[i], namespaces[source.Namespace])
		if (wantErr == nil) != (gotErr == nil) {
			t.Errorf("the injector says %v without the functions, %v with them", wantErr, gotErr)
		}
		if wantErr == nil && gotErr == nil {
			f.compare(t, source, outputs[i], want, got)
		}
	}
}

// compare checks that functions and injector do not get into each other's way.
func (f *figures) compare(t *testing.T, source, output, want, got corev1.Pod) {
	t.Helper()
	if !cmp.Equal(source, output) {
		f.changed++
	}
	if _, ok := proxy(got); ok {
		f.proxied++
	}
	if d := cmp.Diff(order(want), without(order(got), added(source, output))); d != "" {
		t.Errorf("the containers of source and Istio have another order (-without +with the functions):\n%s", d)
	}
	moved := func(name string) bool { return strings.HasPrefix(name, "istio-") } // wherever they stood in the source
	if d := cmp.Diff(slices.DeleteFunc(order(output), moved), slices.DeleteFunc(without(order(got), added(output, got)), moved)); d != "" {
		t.Errorf("the containers of source and functions have another order (-before +after the injector):\n%s", d)
	}
}
