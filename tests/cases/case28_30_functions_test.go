package cases

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
	"github.com/krm-sidecars/krm-sidecars/pkg/manifest"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// hostedWeb is a workload as hosts hand it over, with its Service.
func hostedWeb() string {
	return strings.Replace(hosted, "    spec:\n", "    metadata:\n      labels: {app: web}\n    spec:\n", 1) + strings.Replace(labelledService, "  labels: {app: web}\n",
		"  labels: {app: web}\n  annotations:\n    internal.config.kubernetes.io/index: '0'\n    internal.config.kubernetes.io/path: shop/service.yaml\n", 1)
}

// generators are specs of functions that make objects, and the kinds of these.
func generators() map[string][3]string {
	return map[string][3]string{
		"vault":       {addVault, webSecret, "ConfigMap"},
		"fluent-bit":  {addLogs, appLog + "\nagent: fluent-bit\ndestination: {loki: {url: \"https://loki.example.com\"}}", "ConfigMap"},
		"pod monitor": {addExporter, redis + "discovery: {podMonitor: {}}", "PodMonitor"},
		"service":     {addExporter, redis + "discovery: {serviceMonitor: {}}", "ServiceMonitor"},
		"gmp":         {addExporter, redis + "discovery: {gmp: {}}", "PodMonitoring"},
		"vm":          {addExporter, redis + "discovery: {vmPodScrape: {}}", "VMPodScrape"},
		"jmx":         {addExporter, jmx, "ConfigMap"},
	}
}

// A host needs to know in which file to put an object, and Helm 4 of which
// template it is.
func TestCase28_GeneratedObjectsHaveAPlace(t *testing.T) {
	for name, g := range generators() {
		out, _ := does(t, g[0], g[1]).keeps(hostedWeb())
		text := objectOf(t, out, g[2])
		holds(t, text, "krm-sidecars.dev/generated-by: ", "internal.config.kubernetes.io/path: shop/"+strings.ToLower(g[2])+"_web-",
			"internal.config.kubernetes.io/index: '0'\n", "postrenderer.helm.sh/postrender-filename: templates/web.yaml\n")
		if strings.Contains(text, "config.kubernetes.io/function") || strings.Contains(text, "meta.helm.sh") {
			t.Errorf("%s: the object has annotations that are not about its place:\n%s", name, text)
		}
	}
}

// objectOf returns the text of the one object of a kind.
func objectOf(t *testing.T, out, kind string) string {
	t.Helper()
	s, err := manifest.Read("out.yaml", out)
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range s.Objects {
		if o.Kind == kind {
			return o.Original()
		}
	}
	t.Fatalf("there is no %s:\n%s", kind, out)
	return ""
}

func TestCase28_GeneratedObjectsAreInTheNamespace(t *testing.T) {
	src := strings.ReplaceAll(hostedWeb(), "  name: web\n", "  name: web\n  namespace: shop\n")
	for name, g := range generators() {
		out, _ := does(t, g[0], g[1]).keeps(src)
		if text := objectOf(t, out, g[2]); !strings.Contains(text, "  namespace: shop\n") {
			t.Errorf("%s: the object is in no namespace:\n%s", name, text)
		}
		out, _ = does(t, g[0], g[1]).keeps(hostedWeb())
		if text := objectOf(t, out, g[2]); strings.Contains(text, "namespace: ") {
			t.Errorf("%s: the object is in a namespace that the workload does not name:\n%s", name, text)
		}
	}
}

// An object of the user's that has the name is not touched.
func TestCase28_GeneratedObjectsTakeNoNames(t *testing.T) {
	for name, g := range generators() {
		r := does(t, g[0], g[1])
		out, _ := r.keeps(hostedWeb())
		_, object, _ := strings.Cut(objectOf(t, out, g[2]), "  name: ")
		taken, _, _ := strings.Cut(object, "\n")
		group := map[string]string{"ConfigMap": "v1", "PodMonitoring": "monitoring.googleapis.com/v1", "VMPodScrape": "operator.victoriametrics.com/v1beta1"}[g[2]]
		if group == "" {
			group = "monitoring.coreos.com/v1"
		}
		mine := "---\napiVersion: " + group + "\nkind: " + g[2] + "\nmetadata: {name: " + taken + "}\n"
		if got, report := r.text(hostedWeb() + mine); got != "" || !report.Failed() {
			t.Errorf("%s: an object of the user's was overwritten:\n%s", name, lines(report))
		}
		r.says(hostedWeb()+mine, pod.Error, pod.ObjectConflict, taken)
	}
}

// The workload, its Service and what stands between keep their annotations.
func TestCase28_AmendedServiceKeepsItsPlace(t *testing.T) {
	out, _ := does(t, addExporter, redis+"discovery: {serviceMonitor: {}}").keeps(hostedWeb())
	service := objectOf(t, out, "Service")
	holds(t, service, "    internal.config.kubernetes.io/index: '0'\n    internal.config.kubernetes.io/path: shop/service.yaml\n", "targetPort: 9121", "    name: port-80\n")
}

func TestCase28_HooksAndLocalConfigAreSkipped(t *testing.T) {
	for _, kind := range []string{addVault, addExporter, addMesh} {
		r := does(t, kind, map[string]string{addVault: webSecret, addExporter: redis, addMesh: istio}[kind])
		for annotation, code := range map[string]pod.Code{`config.kubernetes.io/local-config: "true"`: pod.LocalConfig, "helm.sh/hook: test": pod.HelmHook} {
			src := withAnnotation(annotation)
			out, report := r.keeps(src)
			if result(t, report, code); out != src {
				t.Errorf("%s: %s is changed:\n%s", kind, annotation, changed(src, out))
			}
		}
	}
}

// selected has what selects by labels: a workload, a Service, a disruption
// budget.
const selected = labelledService + `---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: web}
spec: {minAvailable: 1, selector: {matchLabels: {app: web}}}
`

func TestCase29_SelectorsStayWithAnyFunction(t *testing.T) {
	src := serving(app) + selected
	for kind, spec := range map[string]string{addVault: webSecret, addExporter: redis, addMesh: istio, addLogs: appLog} {
		out, _ := does(t, kind, spec).keeps(src)
		if out == src || !strings.HasSuffix(out, selected) {
			t.Errorf("%s changes what selects pods:\n%s", kind, changed(src, out))
		}
		holds(t, out, "    matchLabels: {app: web}\n")
	}
	does(t, addMesh, istio+"raw: {labels: {app: other}}").refuses(serving(app), "error label-conflict spec.template.metadata.labels.app")
}

// A monitor selects what the workload selects, by labels that cannot change, and
// by none that a function adds.
func TestCase29_MonitorsSelectAsTheWorkload(t *testing.T) {
	const noSelector = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n  labels: {app: web}\nspec:\n  containers:\n  - {name: app, image: app}\n"
	monitor := configured(t, addExporter, "e", redis+"discovery: {podMonitor: {}}")
	inMesh := configured(t, addMesh, "m", istio)
	for _, src := range []string{strings.Replace(serving(app), "      labels: {app: web}", "      labels: {app: web, version: \"7\"}", 1), noSelector} {
		want := objectOf(t, must(t, []*krm.Instance{monitor}, src), "PodMonitor")
		holds(t, want, "    matchLabels:\n      app: web\n  podMetricsEndpoints:\n")
		for _, order := range [][]*krm.Instance{{monitor, inMesh}, {inMesh, monitor}} {
			for _, out := range []string{must(t, order, src), oneByOne(t, order, src)} {
				if diff := cmp.Diff(want, objectOf(t, out, "PodMonitor")); diff != "" {
					t.Errorf("with a mesh, in the order %s (-alone +both):\n%s", owners(order), diff)
				}
			}
		}
	}
}

func TestCase30_ListOfVolumesIsMerged(t *testing.T) {
	const key = "cluster-autoscaler.kubernetes.io/safe-to-evict-local-volumes: "
	for name, s := range sidecars() {
		out, _ := does(t, s[0], s[1]).keeps(annotated("        " + key + "\"cache\"\n"))
		if strings.Contains(out, "emptyDir") && !strings.Contains(out, key+"\"cache,") || strings.Count(out, "safe-to-evict-local-volumes: ") != 1 {
			t.Errorf("%s: the list is\n%s", name, out)
		}
	}
}

// A quota that asks for limits takes all that is added; with resources of the pod
// nothing is added to them.
func TestCase30_ResourcesAreThere(t *testing.T) {
	for name, s := range sidecars() {
		out, _ := does(t, s[0], s[1]).keeps(serving(app))
		for _, c := range added(t, out) {
			r := c.Resources
			if r.Limits.Cpu().IsZero() || r.Limits.Memory().IsZero() || r.Requests.Cpu().IsZero() || r.Requests.Memory().IsZero() {
				t.Errorf("%s: container %s has the resources %v", name, c.Name, r)
			}
		}
		out, _ = does(t, s[0], s[1]).keeps(serving("resources:\n  limits: {memory: 1Gi}" + app))
		for _, c := range added(t, out) {
			if len(c.Resources.Limits)+len(c.Resources.Requests) > 0 {
				t.Errorf("%s: container %s has resources beside those of the pod", name, c.Name)
			}
		}
	}
}

// kubectl takes the first container: it stays the first.
func TestCase30_AppStaysTheFirstContainer(t *testing.T) {
	for name, s := range sidecars() {
		if strings.Contains(s[1], "native") {
			continue
		}
		out, _ := does(t, s[0], s[1]+"\ninjectAs: container").keeps(serving(app))
		if got := podSpec(t, out).Containers[0].Name; got != "app" {
			t.Errorf("%s: the first container is %s", name, got)
		}
	}
}
