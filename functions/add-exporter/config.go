package exporter

import (
	"cmp"

	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
)

// Config configures add-exporter.
type Config struct {
	config.Common `json:",inline"`

	// Preset names what is to be watched, such as nginx, redis or postgres; the
	// table of presets lists all. custom takes any image. Required.
	// +required
	// +kubebuilder:validation:Enum=custom;native;nginx;nginxlog;apache;php-fpm;haproxy-exporter;uwsgi;redis;valkey;postgres;pgbouncer;mysql;mariadb;memcached;mongodb;elasticsearch;sql;kafka;nats;rabbitmq-exporter;jmx;jmx-standalone;process;statsd;graphite;blackbox;json;haproxy;rabbitmq;envoy;traefik;caddy;coredns;etcd;minio;clickhouse;zookeeper;cockroachdb;consul;vault;grafana;keycloak;pulsar;influxdb
	Preset string `json:"preset,omitempty"`
	// Port is where the metrics are served. auto takes the preset's port, or the
	// next one that no container of the pod has. Arguments, probes, annotations,
	// monitors and Services follow. Default: that of the preset.
	// +krm-sidecars:portOr=auto
	Port intstr.IntOrString `json:"port,omitempty"`
	// Path is where the metrics are served. Default: that of the preset.
	// +krm-sidecars:text=absolute
	Path string `json:"path,omitempty"`
	// AppAddress is where the exporter reaches the app, as host:port. For nginx that
	// is where it serves its status already. Default: that of the preset.
	// +krm-sidecars:text=address
	AppAddress string `json:"appAddress,omitempty"`
	// URI is all that the exporter is told about the app, in place of what the
	// preset makes of appAddress, such as rediss://127.0.0.1:6379. With it, the app
	// is taken to serve its status there already. $(NAME) stands for a variable of
	// the exporter. Default: that of the preset.
	URI string `json:"uri,omitempty"`
	// IPFamily is IPv4 or IPv6: how the containers of the pod reach each other.
	// Default IPv4.
	// +kubebuilder:validation:Enum=IPv4;IPv6
	// +kubebuilder:default=IPv4
	IPFamily string `json:"ipFamily,omitempty"`
	// Credentials are the Secret that holds the exporter's user and password.
	Credentials Credentials `json:"credentials,omitempty"`
	// Args are further arguments of the exporter. $(NAME) stands for a variable of
	// the exporter.
	Args []string `json:"args,omitempty"`
	// Config is the exporter's configuration file, for presets that have one.
	// Default: that of the preset.
	Config ConfigFile `json:"config,omitempty"`
	// LogFile is the access log that the preset nginxlog reads, as the app's
	// container sees it. Default /var/log/nginx/access.log.
	// +krm-sidecars:text=absolute
	LogFile string `json:"logFile,omitempty"`
	// ExposeStatus is auto or off. auto makes the app serve what the exporter
	// reads, for presets that know how. Default auto.
	// +kubebuilder:validation:Enum=auto;"off"
	// +kubebuilder:default=auto
	ExposeStatus string `json:"exposeStatus,omitempty"`
	// JMX says where the jar of the presets jmx and jmx-standalone is.
	JMX *JMX `json:"jmx,omitempty"`
	// Custom is the exporter of the preset custom.
	Custom *Custom `json:"custom,omitempty"`
	// Discovery tells Prometheus where the metrics are: any of annotations,
	// podMonitor, serviceMonitor, gmp and vmPodScrape, or the word none. Default:
	// annotations.
	Discovery *Discovery `json:"discovery,omitempty"`
	// Readiness adds a readiness probe. A pod whose exporter fails then gets no
	// traffic. Default false.
	Readiness bool `json:"readiness,omitempty"`
	// ExcludeFromMesh is istio, linkerd, consul or kuma: the mesh's proxy lets the
	// port of the metrics pass, so that Prometheus needs no certificate of the
	// mesh.
	// +kubebuilder:validation:Enum=istio;linkerd;consul;kuma
	ExcludeFromMesh string `json:"excludeFromMesh,omitempty"`

	preset preset // that Preset names; Default finds it once for all workloads
	known  bool
}

// The words of the config.
const (
	presetCustom     = "custom"
	presetNative     = "native"
	presetStandalone = "jmx-standalone"

	portAuto = "auto"

	ipv4 = "IPv4"
	ipv6 = "IPv6"

	exposeAuto = "auto"
	exposeOff  = "off"

	defaultLogFile = "/var/log/nginx/access.log"
)

// Default fills in what the user left open.
func (c *Config) Default() {
	c.Common.Default()
	c.IPFamily = cmp.Or(c.IPFamily, ipv4)
	c.ExposeStatus = cmp.Or(c.ExposeStatus, exposeAuto)
	if c.Discovery == nil {
		c.Discovery = &Discovery{Annotations: &Annotations{}, byDefault: true}
	}
	if c.Discovery.GMP != nil {
		c.Discovery.GMP.Interval = cmp.Or(c.Discovery.GMP.Interval, defaultInterval)
	}
	c.preset, c.known = c.findPreset()
}

// Port numbers that mean something.
const (
	minPort = 1
	maxPort = 65535
)

// number is the port that the user asks for; 0 for that of the preset.
func (c *Config) number() int32 {
	if c.Port.Type == intstr.Int {
		return c.Port.IntVal
	}
	return 0
}

// moves reports whether the port may give way to one that is taken.
func (c *Config) moves() bool { return c.Port.StrVal == portAuto }
