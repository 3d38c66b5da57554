package meshannotation

import (
	corev1 "k8s.io/api/core/v1"
)

// Istio configures the sidecar of Istio and of Google Cloud Service Mesh.
type Istio struct {
	// IncludeInboundPorts are the ports whose incoming traffic goes through the
	// proxy: numbers, ["*"] for all, [] for none.
	IncludeInboundPorts []Port `json:"includeInboundPorts,omitempty" mesh:"traffic.sidecar.istio.io/includeInboundPorts,ports-or-all"`
	// ExcludeInboundPorts are ports whose incoming traffic passes by the proxy;
	// they join those that the pod template names already.
	ExcludeInboundPorts []Port `json:"excludeInboundPorts,omitempty" mesh:"traffic.sidecar.istio.io/excludeInboundPorts,ports,merge"`
	// IncludeOutboundPorts are ports whose outgoing traffic goes through the proxy,
	// whatever its address.
	IncludeOutboundPorts []Port `json:"includeOutboundPorts,omitempty" mesh:"traffic.sidecar.istio.io/includeOutboundPorts,ports"`
	// ExcludeOutboundPorts are ports whose outgoing traffic passes by the proxy,
	// such as that of Vault; they join those that the pod template names already.
	ExcludeOutboundPorts []Port `json:"excludeOutboundPorts,omitempty" mesh:"traffic.sidecar.istio.io/excludeOutboundPorts,ports,merge"`
	// IncludeOutboundIPRanges are the addresses that are reached through the proxy:
	// CIDRs, ["*"] for all, [] for none.
	IncludeOutboundIPRanges []string `json:"includeOutboundIPRanges,omitempty" mesh:"traffic.sidecar.istio.io/includeOutboundIPRanges,cidrs-or-all"`
	// ExcludeOutboundIPRanges are CIDRs that are reached without the proxy; they
	// join those that the pod template names already.
	ExcludeOutboundIPRanges []string `json:"excludeOutboundIPRanges,omitempty" mesh:"traffic.sidecar.istio.io/excludeOutboundIPRanges,cidrs,merge"`
	// ExcludeInterfaces are network interfaces whose traffic passes by the proxy;
	// they join those that the pod template names already.
	ExcludeInterfaces []string `json:"excludeInterfaces,omitempty" mesh:"traffic.sidecar.istio.io/excludeInterfaces,words,merge"`
	// RerouteVirtualInterfaces are interfaces of virtual machines in the pod, whose
	// incoming traffic counts as outgoing.
	RerouteVirtualInterfaces []string `json:"rerouteVirtualInterfaces,omitempty" mesh:"istio.io/reroute-virtual-interfaces,words"`
	// InterceptionMode is REDIRECT, TPROXY or NONE: how traffic gets to the proxy.
	InterceptionMode string `json:"interceptionMode,omitempty" mesh:"sidecar.istio.io/interceptionMode,REDIRECT|TPROXY|NONE"`

	// Proxy says what the container of the proxy is and may use. To set one of its
	// quantities drops Istio's defaults for all four.
	Proxy IstioProxy `json:"proxy,omitempty"`
	// NativeSidecar makes the proxy an init container that keeps running, which
	// starts before all others and lets Jobs end. Default: Istio decides by the
	// version of the nodes.
	NativeSidecar *bool `json:"nativeSidecar,omitempty" mesh:"sidecar.istio.io/nativeSidecar,true|false"`
	// RewriteAppHTTPProbers sends the probes of the kubelet through the proxy's
	// agent.
	RewriteAppHTTPProbers *bool `json:"rewriteAppHTTPProbers,omitempty" mesh:"sidecar.istio.io/rewriteAppHTTPProbers,true|false"`
	// StatusPort is where the proxy tells its status; 0 turns that off. Istio's own
	// default is 15020.
	StatusPort *int32 `json:"statusPort,omitempty" mesh:"status.sidecar.istio.io/port,port-or-zero"`
	// Readiness is the readiness probe of the proxy.
	Readiness IstioReadiness `json:"readiness,omitempty"`
	// UserVolumes are volumes of the pod for the proxy to mount.
	UserVolumes []corev1.Volume `json:"userVolumes,omitempty" mesh:"sidecar.istio.io/userVolume,json"`
	// UserVolumeMounts are what the proxy mounts.
	UserVolumeMounts []corev1.VolumeMount `json:"userVolumeMounts,omitempty" mesh:"sidecar.istio.io/userVolumeMount,json"`
	// MergeMetrics serves the metrics of the app and the proxy on one port.
	MergeMetrics *bool `json:"mergeMetrics,omitempty" mesh:"prometheus.istio.io/merge-metrics,parsed-bool"`
	// BootstrapOverride names a ConfigMap with another bootstrap configuration of
	// Envoy.
	BootstrapOverride string `json:"bootstrapOverride,omitempty" mesh:"sidecar.istio.io/bootstrapOverride,name"`
	// Templates are the injection templates to use, such as sidecar, gateway or
	// grpc-agent.
	Templates []string `json:"templates,omitempty" mesh:"inject.istio.io/templates,words"`

	// LogLevel is trace, debug, info, warning, error, critical or off: what Envoy
	// logs.
	LogLevel string `json:"logLevel,omitempty" mesh:"sidecar.istio.io/logLevel,trace|debug|info|warning|error|critical|off"`
	// ComponentLogLevel holds levels for parts of Envoy, by their names.
	ComponentLogLevel map[string]string `json:"componentLogLevel,omitempty" mesh:"sidecar.istio.io/componentLogLevel,component-levels"`
	// AgentLogLevel is the level of the proxy's agent, such as default:info.
	AgentLogLevel string `json:"agentLogLevel,omitempty" mesh:"sidecar.istio.io/agentLogLevel,text"`

	IstioProxyConfig `json:",inline"`
	IstioLabels      `json:",inline"`
}

// IstioProxy is the container of Istio's proxy.
type IstioProxy struct {
	// CPU is what the proxy requests, such as 100m.
	CPU string `json:"cpu,omitempty" mesh:"sidecar.istio.io/proxyCPU,quantity"`
	// CPULimit bounds the cores that the proxy may use, such as 500m.
	CPULimit string `json:"cpuLimit,omitempty" mesh:"sidecar.istio.io/proxyCPULimit,quantity"`
	// Memory is what the proxy requests, such as 64Mi.
	Memory string `json:"memory,omitempty" mesh:"sidecar.istio.io/proxyMemory,quantity"`
	// MemoryLimit bounds the memory that the proxy may use, such as 128Mi.
	MemoryLimit string `json:"memoryLimit,omitempty" mesh:"sidecar.istio.io/proxyMemoryLimit,quantity"`
	// Image replaces the image of the proxy.
	Image string `json:"image,omitempty" mesh:"sidecar.istio.io/proxyImage,text"`
	// ImageType is default, debug or distroless.
	ImageType string `json:"imageType,omitempty" mesh:"sidecar.istio.io/proxyImageType,default|debug|distroless"`
}

// IstioReadiness is the readiness probe of Istio's proxy.
type IstioReadiness struct {
	// InitialDelaySeconds go by before the first probe.
	InitialDelaySeconds *int32 `json:"initialDelaySeconds,omitempty" mesh:"readiness.status.sidecar.istio.io/initialDelaySeconds,number"`
	// PeriodSeconds lie between two probes.
	PeriodSeconds *int32 `json:"periodSeconds,omitempty" mesh:"readiness.status.sidecar.istio.io/periodSeconds,number"`
	// FailureThreshold is how often the probe may fail.
	FailureThreshold *int32 `json:"failureThreshold,omitempty" mesh:"readiness.status.sidecar.istio.io/failureThreshold,number"`
	// ApplicationPorts are ports of the app that must be known to the proxy first.
	ApplicationPorts []Port `json:"applicationPorts,omitempty" mesh:"readiness.status.sidecar.istio.io/applicationPorts,ports"`
}

// IstioProxyConfig is what goes into the annotation proxy.istio.io/config.
type IstioProxyConfig struct {
	// HoldApplicationUntilProxyStarts starts the app after the proxy is ready. A
	// native sidecar does so anyway.
	HoldApplicationUntilProxyStarts *bool `json:"holdApplicationUntilProxyStarts,omitempty" mesh:"proxy.istio.io/config#holdApplicationUntilProxyStarts,true|false"`
	// Concurrency is the number of Envoy's threads; 0 means one for each core.
	Concurrency *int32 `json:"concurrency,omitempty" mesh:"proxy.istio.io/config#concurrency,number"`
	// TerminationDrainDuration is how long the proxy finishes requests when the pod
	// ends, such as 5s.
	TerminationDrainDuration string `json:"terminationDrainDuration,omitempty" mesh:"proxy.istio.io/config#terminationDrainDuration,duration"`
	// DrainDuration is how long Envoy drains connections of a listener that goes,
	// such as 45s.
	DrainDuration string `json:"drainDuration,omitempty" mesh:"proxy.istio.io/config#drainDuration,duration"`
	// ProxyMetadata are environment variables of the proxy.
	ProxyMetadata map[string]string `json:"proxyMetadata,omitempty" mesh:"proxy.istio.io/config#proxyMetadata,env"`
	// ProxyStatsMatcher chooses the statistics that Envoy keeps: inclusionPrefixes,
	// inclusionSuffixes, inclusionRegexps.
	ProxyStatsMatcher map[string][]string `json:"proxyStatsMatcher,omitempty" mesh:"proxy.istio.io/config#proxyStatsMatcher,object"`
	// ProxyConfig is any other part of Istio's ProxyConfig.
	ProxyConfig map[string]any `json:"proxyConfig,omitempty" mesh:"proxy.istio.io/config#,object"`
}

// IstioLabels say who the pod is.
type IstioLabels struct {
	// Network is the network that the pod is in.
	Network string `json:"network,omitempty" mesh:"topology.istio.io/network,label-value,label,namespace-label"`
	// CanonicalName is the name of the pod's service in telemetry.
	CanonicalName string `json:"canonicalName,omitempty" mesh:"service.istio.io/canonical-name,label-value,label"`
	// CanonicalRevision is the version of the pod's service in telemetry.
	CanonicalRevision string `json:"canonicalRevision,omitempty" mesh:"service.istio.io/canonical-revision,label-value,label"`
}

// Ambient configures Istio without sidecars.
type Ambient struct {
	// Waypoint is the waypoint proxy to use, or none.
	Waypoint string `json:"waypoint,omitempty" mesh:"istio.io/use-waypoint,dns-label,label,namespace-label"`
	// WaypointNamespace is where that waypoint is, if not in the namespace of the
	// pod.
	WaypointNamespace string `json:"waypointNamespace,omitempty" mesh:"istio.io/use-waypoint-namespace,dns-label,label,namespace-label"`
	// BypassInboundCapture lets incoming traffic pass by the mesh.
	BypassInboundCapture *bool `json:"bypassInboundCapture,omitempty" mesh:"ambient.istio.io/bypass-inbound-capture,true|false"`
	// DNSCapture says whether the mesh answers the pod's DNS queries.
	DNSCapture *bool `json:"dnsCapture,omitempty" mesh:"ambient.istio.io/dns-capture,true|false"`
	// RerouteVirtualInterfaces are interfaces of virtual machines in the pod, whose
	// incoming traffic counts as outgoing.
	RerouteVirtualInterfaces []string `json:"rerouteVirtualInterfaces,omitempty" mesh:"istio.io/reroute-virtual-interfaces,words"`
}
