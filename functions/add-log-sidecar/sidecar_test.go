package logsidecar_test

import (
	"strings"
	"testing"
)

// TestCollectorVersions checks that the names of components follow the image.
func TestCollectorVersions(t *testing.T) {
	for image, names := range map[string]string{
		"otel/opentelemetry-collector-contrib:0.150.1":                         "filelog/log0: otlphttp:",
		"registry.example.com:5000/otelcol:0.151.0":                            "file_log/log0: otlp_http:",
		"registry.example.com/otelcol@sha256:" + strings.Repeat("0123abcd", 8): "file_log/log0: otlp_http:",
		"registry.example.com:5000/otelcol":                                    "file_log/log0: otlp_http:",
	} {
		text := run(t, `{agent: otel-collector, container: {image: "`+image+`"}, `+oneLog+`, destination: {otlp: {url: "http://otel:4318"}}}`).text()
		if !containsAll(text, names) {
			t.Errorf("%s: no %s in\n%s", image, names, text)
		}
	}
}

// TestMemoryLimit checks that Go is told the limit of the container that comes
// out in the end.
func TestMemoryLimit(t *testing.T) {
	for name, c := range map[string]struct{ spec, input, want string }{
		"default":      {"", web, "204MiB"},
		"own":          {"container: {resources: {limits: {memory: 1Gi}}}, ", web, "819MiB"},
		"none":         {"container: {resources: {requests: {memory: 1Gi}}}, ", web, ""},
		"of the pod":   {"", strings.Replace(web, "      containers:", "      resources: {limits: {memory: 1Gi}}\n      containers:", 1), ""},
		"own variable": {"container: {env: [{name: GOMEMLIMIT, value: 1MiB}]}, ", web, "1MiB"},
	} {
		got := ""
		for _, e := range runOn(t, "{agent: otel-collector, "+c.spec+oneLog+"}", c.input).sidecar().Env {
			if e.Name == "GOMEMLIMIT" {
				got += e.Value
			}
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// TestLongNames checks that names stay within what Kubernetes takes, and apart.
func TestLongNames(t *testing.T) {
	long := strings.Repeat("w", 63)
	m := runOn(t, "{agent: fluentd, container: {name: "+strings.Repeat("l", 63)+"}, "+oneLog+"}", strings.Replace(web, "name: web", "name: "+long, 1))
	seen := map[string]bool{}
	for _, v := range m.deployment.Spec.Template.Spec.Volumes {
		if len(v.Name) > 63 || seen[v.Name] {
			t.Errorf("volume %q", v.Name)
		}
		seen[v.Name] = true
	}
	if len(seen) != 4 || m.config.Name != long+"-"+strings.Repeat("l", 63) {
		t.Errorf("volumes %v, ConfigMap %s", seen, m.config.Name)
	}
}

// TestHealth checks that probes ask where the configuration says that health is
// served, and nobody asks tail.
func TestHealth(t *testing.T) {
	for agent := range agents() {
		m := run(t, "{agent: "+agent+", healthPort: 4711, readiness: true, flushSeconds: 42, "+oneLog+"}")
		c := m.sidecar()
		if c.Ports[0].ContainerPort != 4711 || c.LivenessProbe == nil || c.ReadinessProbe.HTTPGet.Port.IntValue() != 4711 ||
			!strings.Contains(m.text()+strings.Join(c.Args, " "), "4711") {
			t.Errorf("%s: ports %v, probe %v, args %v", agent, c.Ports, c.ReadinessProbe, c.Args)
		}
	}
	if c := run(t, "{agent: vector, "+oneLog+", config: {existing: {configMap: own}}}").sidecar(); c.LivenessProbe != nil || len(c.Ports) > 0 {
		t.Errorf("a configuration of which nothing is known: %v, %v", c.LivenessProbe, c.Ports)
	}
	if c := run(t, "{"+oneLog+"}").sidecar(); c.LivenessProbe != nil || len(c.Ports) > 0 {
		t.Errorf("tail: %v, %v", c.LivenessProbe, c.Ports)
	}
}

// TestUser checks that every image runs as a user of its own, by number.
func TestUser(t *testing.T) {
	for agent, pairs := range agents() {
		for to := range strings.FieldsSeq(pairs) {
			c := run(t, pairSpec(agent, to)).sidecar()
			if uid := c.SecurityContext.RunAsUser; uid == nil || *uid == 0 || c.SecurityContext.RunAsGroup == nil || strings.HasPrefix(c.Image, ":") {
				t.Errorf("%s to %s: image %s runs as %+v", agent, to, c.Image, c.SecurityContext)
			}
		}
	}
}
