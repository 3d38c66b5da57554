// Package images holds the one table of the images that functions inject. Every
// entry can be overridden in a config.
package images

import (
	"strconv"
	"strings"
)

// Image is an image and how it runs without root.
type Image struct {
	Repository string
	Tag        string
	UID        int64 // numeric: the kubelet cannot verify a user by name
}

// String returns the reference, repository:tag.
func (i Image) String() string { return i.Repository + ":" + i.Tag }

// table lists name, repository, tag and user. A name that stands for one use
// of an image, such as the fluentd that has plugins for a destination, has a
// row of its own.
const table = `
busybox                  busybox                                           1.37.0                            65534

fluent-bit               fluent/fluent-bit                                 5.1.1                             65532
fluentd                  fluent/fluentd                                    v1.19.3-2.2                       999
fluentd-elasticsearch    fluent/fluentd-kubernetes-daemonset               v1.19.3-debian-elasticsearch8-1.1 999
fluentd-opensearch       fluent/fluentd-kubernetes-daemonset               v1.19.3-debian-opensearch-1.1     999
fluentd-kafka            fluent/fluentd-kubernetes-daemonset               v1.19.3-debian-kafka2-1.1         999
fluentd-s3               fluent/fluentd-kubernetes-daemonset               v1.19.3-debian-s3-1.1             999
fluentd-cloudwatch       fluent/fluentd-kubernetes-daemonset               v1.19.3-debian-cloudwatch-1.1     999
fluentd-syslog           fluent/fluentd-kubernetes-daemonset               v1.19.3-debian-syslog-1.1         999
filebeat                 docker.elastic.co/beats/filebeat                  9.4.5                             1000
vector                   timberio/vector                                   0.57.0-distroless-static          65532
otel-collector           otel/opentelemetry-collector-contrib              0.159.0                           10001
alloy                    grafana/alloy                                     v1.18.1                           473

vault                    hashicorp/vault                                   2.0.4                             100
openbao                  openbao/openbao                                   2.6.2                             100

nginx-exporter           nginx/nginx-prometheus-exporter                   1.5.3                             1001
nginxlog-exporter        quay.io/martinhelmich/prometheus-nginxlog-exporter v1.11.0                          65532
redis-exporter           oliver006/redis_exporter                          v1.88.0                           59000
postgres-exporter        quay.io/prometheuscommunity/postgres-exporter     v0.20.1                           65534
pgbouncer-exporter       quay.io/prometheuscommunity/pgbouncer-exporter    v0.12.1                           65534
mysqld-exporter          quay.io/prometheus/mysqld-exporter                v0.20.0                           65534
memcached-exporter       quay.io/prometheus/memcached-exporter             v0.16.0                           65534
mongodb-exporter         percona/mongodb_exporter                          0.53.0                            65535
apache-exporter          lusotycoon/apache-exporter                        v1.1.1                            65534
php-fpm-exporter         hipages/php-fpm_exporter                          2.2.0                             65534
haproxy-exporter         quay.io/prometheus/haproxy-exporter               v0.15.0                           65534
rabbitmq-exporter        kbudde/rabbitmq-exporter                          1.0.0                             65535
elasticsearch-exporter   quay.io/prometheuscommunity/elasticsearch-exporter v1.11.0                          65534
kafka-exporter           danielqsj/kafka-exporter                          v1.9.0                            65534
statsd-exporter          quay.io/prometheus/statsd-exporter                v0.30.0                           65534
graphite-exporter        quay.io/prometheus/graphite-exporter              v0.17.0                           65534
blackbox-exporter        quay.io/prometheus/blackbox-exporter              v0.28.0                           65534
json-exporter            quay.io/prometheuscommunity/json-exporter         v0.7.0                            65534
uwsgi-exporter           timonwong/uwsgi-exporter                          v1.3.0                            65534
nats-exporter            natsio/prometheus-nats-exporter                   0.20.1                            65534
sql-exporter             burningalchemist/sql_exporter                     0.24.6                            65534
process-exporter         ncabatoff/process-exporter                        0.8.7                             65534

oauth2-proxy             quay.io/oauth2-proxy/oauth2-proxy                 v7.15.3                           65532
ghostunnel               ghostunnel/ghostunnel                             v1.11.1-distroless                65532
kube-rbac-proxy          quay.io/brancz/kube-rbac-proxy                    v0.20.0                           65532
envoy                    envoyproxy/envoy                                  distroless-v1.39.1                65532
cloud-sql-proxy          gcr.io/cloud-sql-connectors/cloud-sql-proxy       2.25.3                            65532
alloydb-auth-proxy       gcr.io/alloydb-connectors/alloydb-auth-proxy      1.13.6                            65532
cloudflared              cloudflare/cloudflared                            2025.8.1                          65532

git-sync                 registry.k8s.io/git-sync/git-sync                 v4.7.1                            65533
rclone                   rclone/rclone                                     1.75.0                            65534
configmap-reload         ghcr.io/jimmidyson/configmap-reload               v0.15.0                           65534
prometheus-config-reloader quay.io/prometheus-operator/prometheus-config-reloader v0.93.0                    65534
k8s-sidecar              quay.io/kiwigrid/k8s-sidecar                      2.10.1                            65534
curl                     curlimages/curl                                   8.16.0                            65534
kubectl                  registry.k8s.io/kubectl                           v1.37.0                           65532
postgres                 postgres                                          18.6-alpine                       70
mysql                    mysql                                             8.4.6                             999
mariadb                  mariadb                                           11.8.3                            999
redis                    redis                                             8.2.1-alpine                      999
valkey                   valkey/valkey                                     8.1.3-alpine                      999
mongodb                  mongo                                             8.0.13                            999
kafka                    apache/kafka                                      4.1.0                             1000
oras                     ghcr.io/oras-project/oras                         v1.3.0                            65532

golang-migrate           migrate/migrate                                   v4.19.1                           65534
flyway                   flyway/flyway                                     11.10.5                           65534
liquibase                liquibase/liquibase                               5.0.1                             1001
atlas                    arigaio/atlas                                     1.2.3                             65532
dbmate                   ghcr.io/amacneil/dbmate                           2.28.0                            65534

gomplate                 hairyhenderson/gomplate                           v4.3.3-alpine                     65534
`

// Get returns the image of a name of the table. A name that is not there gives
// an Image without a repository; a test of every function that asks keeps that
// from happening.
func Get(name string) Image {
	for line := range strings.Lines(table) {
		f := strings.Fields(line)
		if len(f) != 4 || f[0] != name {
			continue
		}
		uid, err := strconv.ParseInt(f[3], 10, 64)
		if err != nil {
			return Image{}
		}
		return Image{Repository: f[1], Tag: f[2], UID: uid}
	}
	return Image{}
}

// Busybox runs shell scripts and tail.
func Busybox() Image { return Get("busybox") }

// StdoutLinks returns the directories in which images link their log files to
// standard output, by repository name without registry and path. A volume
// mounted there hides the links.
func StdoutLinks() map[string]string {
	return map[string]string{
		"nginx":              "/var/log/nginx",
		"nginx-unprivileged": "/var/log/nginx",
		"openresty":          "/usr/local/openresty/nginx/logs",
		"php":                "/var/log/apache2",
		"wordpress":          "/var/log/apache2",
		"drupal":             "/var/log/apache2",
	}
}
