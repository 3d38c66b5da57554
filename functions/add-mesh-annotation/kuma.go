package meshannotation

// Kuma configures the proxy of Kuma and Kong Mesh.
type Kuma struct {
	// Mesh is the name of the mesh that the pod joins.
	Mesh string `json:"mesh,omitempty" mesh:"kuma.io/mesh,dns-label,label,namespace-label"`
	// Workload is the name of the workload in the mesh.
	Workload string `json:"workload,omitempty" mesh:"kuma.io/workload,label-value,label"`
	// Gateway is enabled for a gateway of another maker, builtin for Kuma's own.
	Gateway string `json:"gateway,omitempty" mesh:"kuma.io/gateway,enabled|builtin"`
	// ReachableBackends are what the pod may call: refs, as Kuma's manual has them.
	ReachableBackends map[string]any `json:"reachableBackends,omitempty" mesh:"kuma.io/reachable-backends,json"`

	// ExcludeInboundPorts are ports whose incoming traffic passes by the proxy; they
	// join those that are named already.
	ExcludeInboundPorts []Port `json:"excludeInboundPorts,omitempty" mesh:"traffic.kuma.io/exclude-inbound-ports,ports,merge"`
	// ExcludeOutboundPorts are ports whose outgoing traffic passes by the proxy,
	// such as that of Vault; they join those that are named already.
	ExcludeOutboundPorts []Port `json:"excludeOutboundPorts,omitempty" mesh:"traffic.kuma.io/exclude-outbound-ports,ports,merge"`
	// ExcludeOutboundPortsForUIDs are ports that pass by the proxy for some users:
	// protocol, ports and users, such as tcp:80:1000 or udp:53:1000-1010.
	ExcludeOutboundPortsForUIDs []string `json:"excludeOutboundPortsForUIDs,omitempty" mesh:"traffic.kuma.io/exclude-outbound-ports-for-uids,ports-of-users"`
	// ExcludeInboundIPs are addresses or CIDRs whose incoming traffic passes by the
	// proxy; they join those that are named already.
	ExcludeInboundIPs []string `json:"excludeInboundIPs,omitempty" mesh:"traffic.kuma.io/exclude-inbound-ips,addresses,merge"`
	// ExcludeOutboundIPs are addresses or CIDRs that are reached without the proxy;
	// they join those that are named already.
	ExcludeOutboundIPs []string `json:"excludeOutboundIPs,omitempty" mesh:"traffic.kuma.io/exclude-outbound-ips,addresses,merge"`
	// DropInvalidPackets drops packets that the kernel calls invalid.
	DropInvalidPackets *bool `json:"dropInvalidPackets,omitempty" mesh:"traffic.kuma.io/drop-invalid-packets,kuma-bool"`
	// IptablesLogs logs what the rules of iptables do.
	IptablesLogs *bool `json:"iptablesLogs,omitempty" mesh:"traffic.kuma.io/iptables-logs,kuma-bool"`
	// TransparentProxying sends all traffic through the proxy.
	TransparentProxying *bool `json:"transparentProxying,omitempty" mesh:"kuma.io/transparent-proxying,kuma-switch"`

	// EnvVars are environment variables of the proxy.
	EnvVars map[string]string `json:"envVars,omitempty" mesh:"kuma.io/sidecar-env-vars,env-semicolons"`
	// Concurrency is the number of Envoy's threads; 0 means one for each core.
	Concurrency *int32 `json:"concurrency,omitempty" mesh:"kuma.io/sidecar-proxy-concurrency,number"`
	// DrainTime is how long the proxy finishes requests when the pod ends, such as
	// 30s.
	DrainTime string `json:"drainTime,omitempty" mesh:"kuma.io/sidecar-drain-time,duration"`
	// ContainerPatches are ContainerPatch objects to apply to the proxy, in their
	// order.
	ContainerPatches []string `json:"containerPatches,omitempty" mesh:"kuma.io/container-patches,names"`
	// LogLevel is trace, debug, info, warning, error, critical or off: what Envoy
	// logs.
	LogLevel string `json:"logLevel,omitempty" mesh:"kuma.io/envoy-log-level,trace|debug|info|warning|warn|error|critical|off"`
	// ComponentLogLevel holds levels for parts of Envoy, by their names.
	ComponentLogLevel map[string]string `json:"componentLogLevel,omitempty" mesh:"kuma.io/envoy-component-log-level,component-levels"`
	// InitFirst puts Kuma's init container in front of those of the pod.
	InitFirst *bool `json:"initFirst,omitempty" mesh:"kuma.io/init-first,kuma-bool"`
	// WaitForDataplaneReady starts the app after the proxy is ready.
	WaitForDataplaneReady *bool `json:"waitForDataplaneReady,omitempty" mesh:"kuma.io/wait-for-dataplane-ready,kuma-bool"`
	// ApplicationProbeProxyPort is where the probes of the kubelet arrive; 0 turns
	// that off.
	ApplicationProbeProxyPort *int32 `json:"applicationProbeProxyPort,omitempty" mesh:"kuma.io/application-probe-proxy-port,port-or-zero"`
	// ServiceAccountTokenVolume is the volume with the token that the proxy shows.
	ServiceAccountTokenVolume string `json:"serviceAccountTokenVolume,omitempty" mesh:"kuma.io/service-account-token-volume,dns-label"`
}
