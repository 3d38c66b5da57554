package lint

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// prometheus begins the annotations by which Prometheus finds pods.
const prometheus = "prometheus.io/"

// metricsRules are about how metrics are found, and what is made of them.
func metricsRules() []rule {
	return []rule{{
		id: "SC030", name: "scrape-annotation", severity: pod.Warning, check: scrapeAnnotations,
		about:  "The annotations for Prometheus name a port that no container has, are no text, or have room for one of several exporters.",
		remedy: "name a port of a container, as text; use a PodMonitor for several",
	}, {
		id: "SC031", name: "monitor-selects-nothing", severity: pod.Error, check: monitors,
		about:  "A PodMonitor or ServiceMonitor selects everything, or names a port that what it selects does not have.",
		remedy: "select by a label of the app, and name a port that is there",
	}, {
		id: "SC032", name: "port-of-native", severity: pod.Warning, check: namedNativePort,
		about:  "A Service names a port of a native sidecar, which Kubernetes before 1.33 does not always find.",
		remedy: "use the number of the port in targetPort",
	}, {
		id: "SC039", name: "autoscaler-counts-helpers", severity: pod.Info, check: autoscalers,
		about:  "An autoscaler looks at the sum of all containers, so that helpers hide what the app needs.",
		remedy: "use a metric of type ContainerResource that names the app",
	}, {
		id: "SC046", name: "exporter-without-target", severity: pod.Warning, check: untargeted,
		about:  "An exporter is not told where to read, and its default is not where the app answers.",
		remedy: "give it the address; add-exporter does, and lets the app answer",
	}}
}

func scrapeAnnotations(s *subject) {
	for _, path := range s.view.NotText {
		if key := path.Last().Name; strings.HasPrefix(key, prometheus) && path.Parent().Last().Name == "annotations" {
			s.quote(path.String(), "annotations", key)
		}
	}
	const key = prometheus + "port"
	at := `metadata.annotations["` + key + `"]`
	text, given := s.view.Annotations[key]
	port, err := strconv.ParseInt(text, 10, 32)
	switch {
	case !given || s.view.Annotations[prometheus+"scrape"] == "false":
		return
	case err != nil:
		s.findTo("write a number", at, "%q is no port", text)
	case s.declares() && !s.view.HasPort(int32(port)):
		s.findTo("name a port of a container", at, "no container has port %d", port)
	}
	s.several(at)
}

// declares reports whether all containers that run name their ports: one that names
// none may listen on any.
func (s *subject) declares() bool {
	return !slices.ContainsFunc(s.containers, func(c container) bool { return !c.plainInit() && len(c.Ports) == 0 })
}

// several finds exporters that the annotation has no room for.
func (s *subject) several(at string) {
	var exporters []string
	for c := range s.all() {
		if c.role() == metrics && len(c.Ports) > 0 {
			exporters = append(exporters, c.Name)
		}
	}
	if len(exporters) > 1 && len(s.monitorsOf("PodMonitor")) == 0 {
		s.findTo("use a PodMonitor", at, "has room for one port, and %s have one each", strings.Join(exporters, " and "))
	}
}

func namedNativePort(s *subject) {
	const sure = 33
	if s.config.shared.Minor() >= sure {
		return
	}
	native := map[string]string{} // native sidecars by the names of their ports
	for c := range s.all() {
		for _, p := range c.Ports {
			if c.native && p.Name != "" {
				native[p.Name] = c.Name
			}
		}
	}
	for _, service := range s.view.Services() {
		for i, p := range service.Ports {
			if name := native[p.Target]; name != "" {
				s.beside(service.Neighbour, "", fmt.Sprintf("spec.ports[%d].targetPort", i), "names port %s of %s, a native sidecar of %s", p.Target, name, s.view.Object)
			}
		}
	}
}

func autoscalers(s *subject) {
	app := s.app()
	if !slices.ContainsFunc(s.containers, func(c container) bool { return !c.plainInit() && c.Name != app }) {
		return
	}
	for _, n := range s.view.Neighbours("autoscaling/HorizontalPodAutoscaler") {
		ref := n.Texts("spec", "scaleTargetRef")
		if at := sumOf(n); at != "" && ref["kind"] == s.view.Object.Kind && ref["name"] == s.view.Object.Name {
			s.beside(n, "", at, "adds up what all containers of %s use", s.view.Object)
		}
	}
}

// sumOf is where an autoscaler asks for the sum of all containers; "" when it does
// not.
func sumOf(autoscaler pod.Neighbour) string {
	spec, _ := autoscaler.Root.Get("spec")
	if old, _ := spec.Get("targetCPUUtilizationPercentage"); !old.Empty() {
		return "spec.targetCPUUtilizationPercentage"
	}
	metrics, _ := spec.Get("metrics")
	for i, m := range metrics.Items {
		if kind, _ := m.Get("type"); kind.Text == "Resource" {
			return fmt.Sprintf("spec.metrics[%d]", i)
		}
	}
	return ""
}

// sources are the exporters whose default finds nothing, and how they are told
// where to read: options and variables.
func sources() map[string][]string {
	return map[string][]string{
		"nginx-prometheus-exporter":             {"--nginx.scrape-uri", "SCRAPE_URI"},
		"prometheuscommunity/postgres-exporter": {"--config.file", "DATA_SOURCE_NAME", "DATA_SOURCE_URI", "DATA_SOURCE_URI_FILE"},
		"percona/mongodb_exporter":              {"--mongodb.uri", "MONGODB_URI"},
		"prometheus/mysqld-exporter":            {"--config.my-cnf", "--mysqld.address", "DATA_SOURCE_NAME", "MYSQLD_EXPORTER_PASSWORD"},
		"prom/mysqld-exporter":                  {"--config.my-cnf", "--mysqld.address", "DATA_SOURCE_NAME", "MYSQLD_EXPORTER_PASSWORD"},
	}
}

func untargeted(s *subject) {
	for c := range s.all() {
		for _, image := range slices.Sorted(maps.Keys(sources())) {
			ways := sources()[image]
			if !parseImage(c.Image).is(image) || len(c.EnvFrom) > 0 || slices.ContainsFunc(ways, c.told) {
				continue
			}
			if _, _, script := c.script(); !script {
				s.findf(c.at, "is not told where to read, by %s", strings.Join(ways, " or "))
			}
		}
	}
}

// told reports whether an option or a variable is given. Old versions have one dash
// in front of options.
func (c container) told(way string) bool {
	option, isOption := strings.CutPrefix(way, "--")
	if !isOption {
		return slices.ContainsFunc(c.Env, func(e corev1.EnvVar) bool { return e.Name == way })
	}
	return slices.ContainsFunc(c.words(), func(w string) bool { return strings.HasPrefix(strings.TrimLeft(w, "-"), option) })
}
