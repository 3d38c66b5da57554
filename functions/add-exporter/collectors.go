package exporter

import corev1 "k8s.io/api/core/v1"

// collectors are presets for exporters that apps push to, and for those that
// probe an app for each request.
func collectors() []preset {
	return []preset{
		{names: []string{"statsd"}, image: "statsd-exporter", port: 9102, health: "/-/healthy", memory: "128Mi",
			args:  []string{toolkitPort, "--statsd.listen-udp=:9125", "--statsd.listen-tcp=:9125"},
			file:  file{path: "/etc/statsd-exporter/mapping.yml", arg: "--statsd.mapping-config={config}"},
			ports: []corev1.ContainerPort{udp("statsd-udp", 9125), tcp("statsd-tcp", 9125)},
			expose: exposure{env: map[string]string{"STATSD_HOST": "{me}", "STATSD_PORT": "9125"},
				advice: "let the app send its metrics to 127.0.0.1:9125"},
			needs: "metrics sent to STATSD_HOST and STATSD_PORT; they are set"},
		{names: []string{"graphite"}, image: "graphite-exporter", port: 9108, memory: "128Mi",
			args:  []string{toolkitPort, "--graphite.listen-address=:9109"},
			file:  file{path: "/etc/graphite-exporter/mapping.yml", arg: "--graphite.mapping-config={config}"},
			ports: []corev1.ContainerPort{tcp("graphite-tcp", 9109), udp("graphite-udp", 9109)},
			needs: "metrics sent to 127.0.0.1:9109"},
		{names: []string{"blackbox"}, image: "blackbox-exporter", port: 9115, path: "/probe", health: "/-/healthy",
			uri:    "http://{address}",
			args:   []string{toolkitPort, "--config.file={config}"},
			file:   file{path: "/etc/blackbox-exporter/config.yml", text: "modules:\n  http_2xx:\n    prober: http\n"},
			params: map[string]string{"target": "{uri}", "module": "http_2xx"},
			needs:  "an address to probe: spec.appAddress or spec.uri"},
		{names: []string{"json"}, image: "json-exporter", port: 7979, path: "/probe",
			uri:    "http://{address}",
			args:   []string{toolkitPort, "--config.file={config}"},
			file:   file{path: "/etc/json-exporter/config.yml", required: true},
			params: map[string]string{"target": "{uri}", "module": "default"},
			needs:  "an address that serves JSON: spec.appAddress or spec.uri; spec.config holds the module default"},
	}
}
