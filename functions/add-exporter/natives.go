package exporter

import (
	"strconv"
	"strings"
)

// nativeApps lists apps that serve metrics themselves: name, images, port, path,
// and what they need for it.
const nativeApps = `
haproxy      haproxy,haproxy-alpine           8404  /metrics  a frontend with http-request use-service prometheus-exporter if { path /metrics }
rabbitmq     rabbitmq                         15692 /metrics  the plugin rabbitmq_prometheus, which is on by default
envoy        envoy,envoy-distroless           9901  /stats/prometheus the admin listener at 0.0.0.0
traefik      traefik                          8080  /metrics  metrics.prometheus in its configuration
caddy        caddy                            2019  /metrics  the admin endpoint at 0.0.0.0, and the metrics directive
coredns      coredns                          9153  /metrics  the plugin prometheus
etcd         etcd                             2381  /metrics  --listen-metrics-urls=http://0.0.0.0:2381
minio        minio                            9000  /minio/v2/metrics/cluster MINIO_PROMETHEUS_AUTH_TYPE=public
clickhouse   clickhouse-server,clickhouse     9363  /metrics  the section prometheus in its configuration
zookeeper    zookeeper                        7000  /metrics  metricsProvider.className of Prometheus; from ZooKeeper 3.6 on
cockroachdb  cockroach                        8080  /_status/vars nothing
consul       consul                           8500  /v1/agent/metrics?format=prometheus telemetry.prometheus_retention_time
vault        vault,openbao                    8200  /v1/sys/metrics?format=prometheus telemetry.prometheus_retention_time, and unauthenticated_metrics_access
grafana      grafana,grafana-oss,grafana-enterprise 3000 /metrics nothing
keycloak     keycloak                         9000  /metrics  --metrics-enabled=true
pulsar       pulsar,pulsar-all                8080  /metrics  nothing
influxdb     influxdb                         8086  /metrics  nothing
`

// natives are presets for apps that need no exporter.
func natives() []preset {
	var all []preset
	for line := range strings.Lines(nativeApps) {
		f := strings.Fields(line)
		if len(f) < 5 {
			continue
		}
		port, err := strconv.ParseInt(f[2], 10, 32)
		if err != nil {
			continue // a test reads them all
		}
		p := preset{names: f[:1], native: true, apps: strings.Split(f[1], ","), port: int32(port), needs: strings.Join(f[4:], " ")}
		path, query, _ := strings.Cut(f[3], "?")
		if p.path = path; query != "" {
			name, value, _ := strings.Cut(query, "=")
			p.params = map[string]string{name: value}
		}
		all = append(all, p)
	}
	return all
}
