package cases

import (
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// exporter is a container with a port named metrics.
func exporter() inject.Injection {
	c := beside("exporter")
	c.Ports = []corev1.ContainerPort{{Name: "metrics", ContainerPort: 9187}}
	return containers(c)
}

func TestCase10_PortClash(t *testing.T) {
	ports := func(ports string) string { return deployment(app + "  ports: [" + ports + "]") }
	const at = " spec.template.spec.containers[name=app]"
	for _, c := range []struct{ name, src, want string }{
		{"number", ports("{containerPort: 9187}"), "error port-conflict" + at},
		{"number with protocol", ports("{containerPort: 9187, protocol: TCP, name: x}"), "error port-conflict" + at},
		{"name", ports("{containerPort: 80, name: metrics}"), "error port-name-conflict" + at},
		{"UDP", ports("{containerPort: 9187, protocol: UDP}"), ""},
		{"hostPort of another port", ports("{containerPort: 80, hostPort: 9187}"), ""},
		{"neighbour", ports("{containerPort: 9188}"), ""},
		{"native sidecar", deployment("initContainers:\n- name: n\n  image: n\n  restartPolicy: Always\n  ports: [{containerPort: 9187}]" + app),
			"error port-conflict spec.template.spec.initContainers[name=n]"},
		{"init container that has ended", deployment("initContainers:\n- name: n\n  image: n\n  ports: [{containerPort: 9187}]" + app), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := wants(t, exporter())
			if strings.HasPrefix(c.want, "error") {
				r.refuses(c.src, c.want)
				return
			}
			_, report := r.keeps(c.src)
			r.results(report, nil)
		})
	}
}

func TestCase10_PortClashNamesAFreePort(t *testing.T) {
	_, report := wants(t, exporter()).text(deployment(app + "  ports: [{containerPort: 9187}, {containerPort: 9188}]"))
	says(t, result(t, report, pod.PortConflict), `"app"`, "9187", "9189")
}

// Two functions of one plan may clash as well.
func TestCase10_PortClashBetweenFunctions(t *testing.T) {
	r := run{t, nil}
	other := exporter()
	other.Containers[0].Name = "other"
	r.instances = append(r.instances, instance(t, "add-a", "", exporter()), instance(t, "add-b", "", other))
	r.refuses(deployment(app), "error port-conflict spec.template.spec.initContainers[name=exporter]",
		"error port-name-conflict spec.template.spec.initContainers[name=exporter]")
}

func scraped() inject.Injection {
	return inject.Injection{Annotations: map[string]string{"prometheus.io/port": "9187", "prometheus.io/scrape": "true"}}
}

func annotated(annotations string) string {
	return strings.Replace(deployment(app), "    spec:\n      c", "    metadata:\n      annotations:\n"+annotations+"    spec:\n      c", 1)
}

func TestCase11_AnnotationsOfTheUserStay(t *testing.T) {
	src := annotated("        prometheus.io/port: \"8080\"\n")
	at := `spec.template.metadata.annotations["prometheus.io/port"]`
	wants(t, scraped()).refuses(src, "error annotation-conflict "+at)
	wantsWith(t, "onConflict: skip", scraped()).passes(src, "warning annotation-conflict "+at)
	_, report := wants(t, scraped()).text(src)
	says(t, result(t, report, pod.AnnotationConflict), `"8080"`, `"9187"`)
}

func TestCase11_SameAnnotationIsNotOwned(t *testing.T) {
	wants(t, scraped()).changes(annotated("        prometheus.io/port: \"9187\" # mine\n"), `
+  annotations:
+    krm-sidecars.dev/add-probe.p: RECORD
+        prometheus.io/scrape: 'true'
`)
}

// An annotation that is a number is refused by the API server.
func TestCase11_NonStringAnnotationIsReported(t *testing.T) {
	src := annotated("        prometheus.io/path: /metrics\n        example.com/port: 8080\n")
	_, report := wants(t, scraped()).keeps(src)
	at := `spec.template.metadata.annotations["example.com/port"]`
	for _, res := range report.Results {
		if res.Field == at && res.Severity == pod.Warning {
			says(t, res, "quote")
			return
		}
	}
	t.Errorf("nothing is said about %s:\n%s", at, lines(report))
}

// The number 9187 is not the text "9187".
func TestCase11_NonStringAnnotationOfOurKey(t *testing.T) {
	src := annotated("        prometheus.io/port: 9187\n")
	out, report := wants(t, scraped()).text(src)
	if strings.Contains(out, "prometheus.io/port: 9187\n") && len(report.Results) == 0 {
		t.Error("a number where a text must be was taken for ours, without a word")
	}
}
