package proxysidecar

import (
	"cmp"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
)

// Envoy is Envoy in front of the app.
type Envoy struct {
	Front `json:",inline"`
	// Config is a ConfigMap with Envoy's bootstrap. Default: one that takes HTTP on
	// port and hands it to the app.
	Config *ConfigFile `json:"config,omitempty"`
	// Protocol of the bootstrap that is generated: http or tcp. Default http.
	// +kubebuilder:validation:Enum=http;tcp
	Protocol string `json:"protocol,omitempty"`
	// TimeoutSeconds bounds a request over HTTP, in the bootstrap that is generated; 0
	// is for ever. Default 15.
	// +kubebuilder:validation:Minimum=0
	TimeoutSeconds *int32 `json:"timeoutSeconds,omitempty"`
	// HealthPort answers GET /ready. With config, it is where that serves it: without
	// it, there are no probes. Default 9902, or the next that is free.
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=65535
	HealthPort int32 `json:"healthPort,omitempty"`
	// LogLevel of Envoy. Default info.
	// +kubebuilder:validation:Enum=trace;debug;info;warning;error;critical;"off"
	// +kubebuilder:default=info
	LogLevel string `json:"logLevel,omitempty"`
	// Args are further arguments.
	Args []string `json:"args,omitempty"`
}

func (e *Envoy) setDefaults() {
	e.LogLevel = cmp.Or(e.LogLevel, "info")
	if e.Config == nil {
		e.Protocol = cmp.Or(e.Protocol, "http")
	}
}

func (e *Envoy) validate() config.Errors {
	errs := e.Front.validate(map[string]int32{"healthPort": e.HealthPort})
	errs = append(errs, config.OneOf("protocol", e.Protocol, "http", "tcp")...)
	errs = append(errs, config.OneOf("logLevel", e.LogLevel, "trace", "debug", "info", "warning", "error", "critical", "off")...)
	errs = append(errs, e.Config.validate("config")...)
	switch {
	case e.Config != nil && e.Port == 0:
		errs.Addf("port", "missing; write the port that your configuration listens on")
	case e.Config == nil && e.TimeoutSeconds != nil && e.Protocol == "tcp":
		errs.Addf("timeoutSeconds", "is for protocol: http; take it out")
	}
	if e.Config != nil && (e.Protocol != "" || e.TimeoutSeconds != nil) {
		errs.Addf("config", "says all by itself; take out protocol and timeoutSeconds")
	}
	if e.TimeoutSeconds != nil && *e.TimeoutSeconds < 0 {
		errs.Addf("timeoutSeconds", "%d is no time", *e.TimeoutSeconds)
	}
	return append(errs, config.NoPasswords("args", e.Args)...)
}

const (
	envoyDir  = "/etc/envoy"
	envoyFile = "envoy.yaml"
)

func (e *Envoy) add(p *plan) {
	app, ok := p.upstream(e.Front)
	if !ok {
		return
	}
	c := p.container("envoy", "envoy")
	port, health, admin := e.Port, e.HealthPort, int32(0)
	if e.Config == nil {
		ports := p.allot(need{port, 10000}, need{health, 9902}, need{usual: 9901})
		port, health, admin = ports[0], ports[1], ports[2]
	}
	c.Args = append([]string{"-c", envoyDir + "/" + envoyFile, "--log-level", e.LogLevel}, inject.Literals(e.Args)...)
	if e.Config != nil {
		p.configMap(&c, e.Config.ConfigMap, envoyDir, corev1.KeyToPath{Key: e.Config.Key, Path: envoyFile})
	} else {
		p.files(&c, envoyDir, map[string]string{envoyFile: e.bootstrap(port, app, health, admin)})
	}
	c.Ports = []corev1.ContainerPort{{Name: inject.PortName(p.View, "envoy", c.Name), ContainerPort: port}}
	if health != 0 {
		c.Ports = append(c.Ports, corev1.ContainerPort{ContainerPort: health})
		c.LivenessProbe, c.ReadinessProbe = inject.Asks("/ready", health, 30), inject.Asks("/ready", health, 10)
	}
	if admin != 0 {
		c.Ports = append(c.Ports, corev1.ContainerPort{ContainerPort: admin}) // that others keep away from it
	}
	p.run(c, inject.RankBeside)
	p.rewire(e.Front, app, port)
}

// bootstrap is Envoy's configuration. The administration, which can stop Envoy,
// listens in the pod only; of it, others reach /ready alone.
func (e *Envoy) bootstrap(port, app, health, admin int32) string {
	timeout := int32(15)
	if e.TimeoutSeconds != nil {
		timeout = *e.TimeoutSeconds
	}
	filter := tcpFilter
	if e.Protocol == "http" {
		filter = httpFilter
	}
	return strings.NewReplacer("{port}", number(port), "{app}", number(app), "{health}", number(health), "{admin}", number(admin), "{timeout}", number(timeout)).
		Replace(strings.Replace(bootstrap, "{filter}\n", filter, 1))
}

const httpFilter = `      - name: envoy.filters.network.http_connection_manager
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
          stat_prefix: ingress
          use_remote_address: true
          upgrade_configs:
          - upgrade_type: websocket
          route_config:
            virtual_hosts:
            - name: app
              domains: ["*"]
              routes:
              - match: {prefix: /}
                route: {cluster: app, timeout: {timeout}s}
          http_filters:
          - name: envoy.filters.http.router
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router
`

const tcpFilter = `      - name: envoy.filters.network.tcp_proxy
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy
          stat_prefix: ingress
          cluster: app
`

const bootstrap = `admin:
  address:
    socket_address: {address: 127.0.0.1, port_value: {admin}}
static_resources:
  listeners:
  - name: ingress
    address:
      socket_address: {address: 0.0.0.0, port_value: {port}}
    filter_chains:
    - filters:
{filter}
  - name: health
    address:
      socket_address: {address: 0.0.0.0, port_value: {health}}
    filter_chains:
    - filters:
      - name: envoy.filters.network.http_connection_manager
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
          stat_prefix: health
          route_config:
            virtual_hosts:
            - name: health
              domains: ["*"]
              routes:
              - match: {path: /ready}
                route: {cluster: admin}
          http_filters:
          - name: envoy.filters.http.router
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router
  clusters:
  - name: app
    type: STATIC
    connect_timeout: 5s
    load_assignment:
      cluster_name: app
      endpoints:
      - lb_endpoints:
        - endpoint:
            address:
              socket_address: {address: 127.0.0.1, port_value: {app}}
  - name: admin
    type: STATIC
    connect_timeout: 1s
    load_assignment:
      cluster_name: admin
      endpoints:
      - lb_endpoints:
        - endpoint:
            address:
              socket_address: {address: 127.0.0.1, port_value: {admin}}
`
