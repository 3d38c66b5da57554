package meshannotation

import (
	corev1 "k8s.io/api/core/v1"
)

// Consul configures the proxy of Consul.
type Consul struct {
	// Services are the names under which the pod is known, one for each port.
	// Default: the name of the Kubernetes Service that selects the pod.
	Services []string `json:"services,omitempty" mesh:"consul.hashicorp.com/connect-service,dns-labels"`
	// ServicePorts are numbers or names of container ports, in the order of
	// services.
	ServicePorts []Port `json:"servicePorts,omitempty" mesh:"consul.hashicorp.com/connect-service-port,port-or-names"`
	// KubernetesService is the Service to register, where several select the pod.
	KubernetesService string `json:"kubernetesService,omitempty" mesh:"consul.hashicorp.com/kubernetes-service,name"`
	// Namespace is the namespace of Consul that the service is in.
	Namespace string `json:"namespace,omitempty" mesh:"consul.hashicorp.com/consul-namespace,name"`
	// Upstreams are services to reach on local ports, such as db:5432 or
	// db.shop:5432:dc2.
	Upstreams []string `json:"upstreams,omitempty" mesh:"consul.hashicorp.com/connect-service-upstreams,upstreams,merge"`
	// Tags are tags of the service; they join those that are named already.
	Tags []string `json:"tags,omitempty" mesh:"consul.hashicorp.com/service-tags,words,merge"`
	// Meta is metadata of the service, by name.
	Meta map[string]string `json:"meta,omitempty" mesh:"consul.hashicorp.com/service-meta-,text,prefix"`

	// TransparentProxy sends all traffic through the proxy.
	TransparentProxy *bool `json:"transparentProxy,omitempty" mesh:"consul.hashicorp.com/transparent-proxy,parsed-bool,namespace-label"`
	// DNS sends DNS queries to Consul.
	DNS *bool `json:"dns,omitempty" mesh:"consul.hashicorp.com/consul-dns,parsed-bool,namespace-label"`
	// ExcludeInboundPorts are ports whose incoming traffic passes by the proxy; they
	// join those that are named already.
	ExcludeInboundPorts []Port `json:"excludeInboundPorts,omitempty" mesh:"consul.hashicorp.com/transparent-proxy-exclude-inbound-ports,ports,merge"`
	// ExcludeOutboundPorts are ports whose outgoing traffic passes by the proxy,
	// such as that of Vault; they join those that are named already.
	ExcludeOutboundPorts []Port `json:"excludeOutboundPorts,omitempty" mesh:"consul.hashicorp.com/transparent-proxy-exclude-outbound-ports,ports,merge"`
	// ExcludeOutboundCIDRs are addresses that are reached without the proxy; they
	// join those that are named already.
	ExcludeOutboundCIDRs []string `json:"excludeOutboundCIDRs,omitempty" mesh:"consul.hashicorp.com/transparent-proxy-exclude-outbound-cidrs,cidrs,merge"`
	// ExcludeUIDs are users whose traffic passes by the proxy; they join those that
	// are named already.
	ExcludeUIDs []int64 `json:"excludeUIDs,omitempty" mesh:"consul.hashicorp.com/transparent-proxy-exclude-uids,numbers,merge"`
	// OverwriteProbes sends the probes of the kubelet through the proxy.
	OverwriteProbes *bool `json:"overwriteProbes,omitempty" mesh:"consul.hashicorp.com/transparent-proxy-overwrite-probes,parsed-bool"`
	// UseProxyHealthCheck asks the proxy for the health of an app that cannot tell.
	UseProxyHealthCheck *bool `json:"useProxyHealthCheck,omitempty" mesh:"consul.hashicorp.com/use-proxy-health-check,parsed-bool"`

	// Proxy says what the container of the proxy may use.
	Proxy ConsulProxy `json:"proxy,omitempty"`
	// NativeSidecar makes the proxy an init container that keeps running, which
	// starts before all others and lets Jobs end.
	NativeSidecar *bool `json:"nativeSidecar,omitempty" mesh:"consul.hashicorp.com/enable-consul-dataplane-as-sidecar,parsed-bool"`
	// Lifecycle says how the proxy starts and ends.
	Lifecycle ConsulLifecycle `json:"lifecycle,omitempty"`
	// Metrics says where metrics are served.
	Metrics ConsulMetrics `json:"metrics,omitempty"`
	// EnvoyExtraArgs are further arguments of Envoy, such as --log-level debug.
	EnvoyExtraArgs string `json:"envoyExtraArgs,omitempty" mesh:"consul.hashicorp.com/envoy-extra-args,text"`
	// UserVolumes are volumes of the pod for the proxy to mount.
	UserVolumes []corev1.Volume `json:"userVolumes,omitempty" mesh:"consul.hashicorp.com/consul-sidecar-user-volume,json"`
	// UserVolumeMounts are what the proxy mounts.
	UserVolumeMounts []corev1.VolumeMount `json:"userVolumeMounts,omitempty" mesh:"consul.hashicorp.com/consul-sidecar-user-volume-mount,json"`
	// MountVolume names containers that get the volume with the proxy's data.
	MountVolume []string `json:"mountVolume,omitempty" mesh:"consul.hashicorp.com/connect-inject-mount-volume,dns-labels,merge"`
}

// ConsulProxy is the container of Consul's proxy.
type ConsulProxy struct {
	// CPU is what the proxy requests, such as 100m.
	CPU string `json:"cpu,omitempty" mesh:"consul.hashicorp.com/sidecar-proxy-cpu-request,quantity"`
	// CPULimit bounds the cores that the proxy may use, such as 500m.
	CPULimit string `json:"cpuLimit,omitempty" mesh:"consul.hashicorp.com/sidecar-proxy-cpu-limit,quantity"`
	// Memory is what the proxy requests, such as 64Mi.
	Memory string `json:"memory,omitempty" mesh:"consul.hashicorp.com/sidecar-proxy-memory-request,quantity"`
	// MemoryLimit bounds the memory that the proxy may use, such as 128Mi.
	MemoryLimit string `json:"memoryLimit,omitempty" mesh:"consul.hashicorp.com/sidecar-proxy-memory-limit,quantity"`
	// Concurrency is the number of Envoy's threads.
	Concurrency *int32 `json:"concurrency,omitempty" mesh:"consul.hashicorp.com/consul-envoy-proxy-concurrency,number"`
	// StartupFailureSeconds is how long the startup probe may fail.
	StartupFailureSeconds *int32 `json:"startupFailureSeconds,omitempty" mesh:"consul.hashicorp.com/sidecar-proxy-startup-failure-seconds,number"`
	// LivenessFailureSeconds is how long the liveness probe may fail.
	LivenessFailureSeconds *int32 `json:"livenessFailureSeconds,omitempty" mesh:"consul.hashicorp.com/sidecar-proxy-liveness-failure-seconds,number"`
}

// ConsulLifecycle says how Consul's proxy starts and ends.
type ConsulLifecycle struct {
	// Enabled turns the fields below on.
	Enabled *bool `json:"enabled,omitempty" mesh:"consul.hashicorp.com/enable-sidecar-proxy-lifecycle,parsed-bool"`
	// ShutdownDrainListeners finishes requests before the proxy ends.
	ShutdownDrainListeners *bool `json:"shutdownDrainListeners,omitempty" mesh:"consul.hashicorp.com/enable-sidecar-proxy-lifecycle-shutdown-drain-listeners,parsed-bool"`
	// ShutdownGracePeriodSeconds is how long the proxy goes on when the pod ends.
	ShutdownGracePeriodSeconds *int32 `json:"shutdownGracePeriodSeconds,omitempty" mesh:"consul.hashicorp.com/sidecar-proxy-lifecycle-shutdown-grace-period-seconds,number"`
	// StartupGracePeriodSeconds is how long the app waits for the proxy.
	StartupGracePeriodSeconds *int32 `json:"startupGracePeriodSeconds,omitempty" mesh:"consul.hashicorp.com/sidecar-proxy-lifecycle-startup-grace-period-seconds,number"`
	// GracefulPort is the port of the requests that start and end the proxy.
	// Consul's own default is 20600.
	GracefulPort *int32 `json:"gracefulPort,omitempty" mesh:"consul.hashicorp.com/sidecar-proxy-lifecycle-graceful-port,port"`
	// GracefulShutdownPath is the path of the request that ends the proxy.
	GracefulShutdownPath string `json:"gracefulShutdownPath,omitempty" mesh:"consul.hashicorp.com/sidecar-proxy-lifecycle-graceful-shutdown-path,path"`
	// GracefulStartupPath is the path of the request that waits for the proxy.
	GracefulStartupPath string `json:"gracefulStartupPath,omitempty" mesh:"consul.hashicorp.com/sidecar-proxy-lifecycle-graceful-startup-path,path"`
}

// ConsulMetrics says where metrics are served.
type ConsulMetrics struct {
	// Enabled serves the metrics of the proxy.
	Enabled *bool `json:"enabled,omitempty" mesh:"consul.hashicorp.com/enable-metrics,parsed-bool"`
	// Merging serves those of the app with them.
	Merging *bool `json:"merging,omitempty" mesh:"consul.hashicorp.com/enable-metrics-merging,parsed-bool"`
	// MergedPort is where the merged metrics are gathered.
	MergedPort *int32 `json:"mergedPort,omitempty" mesh:"consul.hashicorp.com/merged-metrics-port,port"`
	// ScrapePort is the port for Prometheus. Consul's own default is 20200.
	ScrapePort *int32 `json:"scrapePort,omitempty" mesh:"consul.hashicorp.com/prometheus-scrape-port,port"`
	// ScrapePath is the path for Prometheus.
	ScrapePath string `json:"scrapePath,omitempty" mesh:"consul.hashicorp.com/prometheus-scrape-path,path"`
	// ServicePort is where the app serves its metrics: a number or the name of a
	// container port.
	ServicePort Port `json:"servicePort,omitempty" mesh:"consul.hashicorp.com/service-metrics-port,port-or-name"`
	// ServicePath is the path there.
	ServicePath string `json:"servicePath,omitempty" mesh:"consul.hashicorp.com/service-metrics-path,path"`
}
