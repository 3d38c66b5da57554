package cases

import (
	"strings"
	"testing"

	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

func portsOfApp(ports string) string { return serving(app + "  ports: [" + ports + "]") }

func TestCase10_ExporterPortIsTaken(t *testing.T) {
	for _, ports := range []string{"{containerPort: 9121}", "{containerPort: 9121, protocol: TCP}", "{name: x, containerPort: 80}, {containerPort: 9121}"} {
		does(t, addExporter, redis).says(portsOfApp(ports), pod.Error, pod.PortConflict, `"app"`, "9121", "9122")
		does(t, addExporter, redis+"port: 9200").keeps(portsOfApp(ports))
	}
	does(t, addExporter, redis).silent(portsOfApp("{containerPort: 9121, protocol: UDP}"), pod.PortConflict)
}

// With port: auto all places that name the port follow.
func TestCase10_ExporterPortAuto(t *testing.T) {
	out, _ := does(t, addExporter, redis+"port: auto\ndiscovery: {annotations: {}, serviceMonitor: {}}").keeps(
		portsOfApp("{containerPort: 9121}, {containerPort: 9122}") + labelledService)
	holds(t, out, "containerPort: 9123", "prometheus.io/port: '9123'", "targetPort: 9123", "port: 9123")
	for _, port := range []string{"9121", "9122"} {
		if n := strings.Count(out, port); n != 1 {
			t.Errorf("port %s stands %d times in:\n%s", port, n, out)
		}
	}
}

const labelledService = `---
apiVersion: v1
kind: Service
metadata:
  name: web
  labels: {app: web}
spec:
  selector: {app: web}
  ports:
  - port: 80
`

// A name that is taken gives way: ours is short, lower-case, and everywhere the
// same.
func TestCase10_ExporterPortNameIsTaken(t *testing.T) {
	out, report := does(t, addExporter, redis+"discovery: {podMonitor: {}}").keeps(portsOfApp("{name: metrics, containerPort: 80}"))
	name := portName(out, "9121")
	if name == "metrics" || name == "" || len(name) > 15 || strings.ToLower(name) != name {
		t.Errorf("the exporter's port has the name %q", name)
	}
	holds(t, out, "  - port: "+name+"\n")
	does(t, addExporter, redis).results(report, nil)
}

// portName is the name of the container port with a number, written in front of
// it.
func portName(out, number string) string {
	before, _, _ := strings.Cut(out, "containerPort: "+number+"\n")
	_, name, _ := strings.Cut(before[strings.LastIndex(before, "- name: "):], "- name: ")
	return strings.TrimSpace(name)
}

func TestCase10_ExporterOnTheNodesNetwork(t *testing.T) {
	does(t, addExporter, redis).says(serving("hostNetwork: true"+app), pod.Warning, pod.HostNetwork, "9121", "spec.port")
	does(t, addExporter, redis).says(serving("hostNetwork: true"+app+"  ports: [{containerPort: 9121, hostPort: 9121}]"), pod.Error, pod.PortConflict, "9121")
}

func TestCase10_ExporterAndPortsOfMeshes(t *testing.T) {
	for port, mesh := range map[string]string{"15090": "Istio", "15021": "Istio", "4191": "Linkerd", "4143": "Linkerd"} {
		does(t, addExporter, redis+"port: "+port).says(serving(app), pod.Warning, pod.ReservedPort, port, mesh)
	}
	does(t, addExporter, redis).silent(serving(app), pod.ReservedPort)
	native := serving("initContainers:" + native("other") + "\n  ports: [{containerPort: 9121}]" + app)
	does(t, addExporter, redis).says(native, pod.Error, pod.PortConflict, `"other"`)
}

// Two exporters of one preset: the second takes another port, and its objects
// have names of their own.
func TestCase10_TwoExporters(t *testing.T) {
	both := run{t, []*krm.Instance{
		configured(t, addExporter, "one", redis+"port: auto\ndiscovery: {podMonitor: {}}"),
		configured(t, addExporter, "two", redis+"port: auto\nappAddress: 127.0.0.1:6380\ndiscovery: {podMonitor: {}}"),
	}}
	out, _ := both.keeps(serving(app))
	holds(t, out, "containerPort: 9121\n", "containerPort: 9122\n")
	if one, two := portName(out, "9121"), portName(out, "9122"); one == two {
		t.Errorf("both ports have the name %q:\n%s", one, out)
	}
	if n := strings.Count(out, "kind: PodMonitor\n"); n != 2 {
		t.Errorf("%d PodMonitors for two exporters:\n%s", n, out)
	}
}

func scrapedAt(annotations string) string {
	return strings.Replace(serving(app), "      labels: {app: web}\n", "      labels: {app: web}\n      annotations:\n"+annotations, 1)
}

func TestCase11_ExporterKeepsAnnotationsOfTheUser(t *testing.T) {
	for _, annotations := range []string{
		"        prometheus.io/port: \"8080\"\n",
		"        prometheus.io/scrape: \"true\"\n        prometheus.io/port: \"8080\"\n        prometheus.io/path: /actuator\n",
		"        prometheus.io/scrape: \"false\"\n",
	} {
		src := scrapedAt(annotations)
		r := does(t, addExporter, redis)
		r.says(src, pod.Error, pod.AnnotationConflict, "podMonitor")
		if out, _ := r.text(src); out != "" {
			t.Errorf("a run that failed gives a text:\n%s", out)
		}
		out, _ := does(t, addExporter, redis+"discovery: {podMonitor: {}}").keeps(src)
		holds(t, out, annotations, "kind: PodMonitor\n")
	}
}

// The user has written what we would write.
func TestCase11_ExporterFindsItsAnnotations(t *testing.T) {
	annotations := "        prometheus.io/port: \"9121\" # mine\n"
	out, _ := does(t, addExporter, redis).keeps(scrapedAt(annotations))
	holds(t, out, annotations, "prometheus.io/scrape: 'true'\n")
	if n := strings.Count(out, "prometheus.io/port"); n != 1 {
		t.Errorf("prometheus.io/port stands %d times:\n%s", n, out)
	}
}

// Values of annotations are texts: ours are quoted, and the user's that are not
// are told.
func TestCase11_ExporterAnnotationsAreTexts(t *testing.T) {
	out, _ := does(t, addExporter, redis).keeps(serving(app))
	holds(t, out, "prometheus.io/port: '9121'\n", "prometheus.io/scrape: 'true'\n", "prometheus.io/path: /metrics\n")
	_, report := does(t, addExporter, redis).text(scrapedAt("        prometheus.io/port: 9121\n"))
	if !warnsAbout(report, `annotations["prometheus.io/port"]`) {
		t.Errorf("nothing is said about a port that is no text:\n%s", lines(report))
	}
}
