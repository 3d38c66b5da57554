package meshannotation

import (
	corev1 "k8s.io/api/core/v1"
)

// Linkerd configures the proxy of Linkerd. Namespaces hand all of it down to
// their pods.
type Linkerd struct {
	// Mode is enabled, or ingress for ingress controllers that choose endpoints
	// themselves. Default enabled.
	Mode string `json:"mode,omitempty" mesh:"linkerd.io/inject,enabled|ingress,decides,namespace"`

	// SkipInboundPorts are ports and ranges, such as 8000-8100, whose incoming
	// traffic passes by the proxy; they join those that are named already.
	SkipInboundPorts []Port `json:"skipInboundPorts,omitempty" mesh:"config.linkerd.io/skip-inbound-ports,port-ranges,merge,namespace"`
	// SkipOutboundPorts are ports and ranges whose outgoing traffic passes by the
	// proxy, such as that of Vault; they join those that are named already.
	SkipOutboundPorts []Port `json:"skipOutboundPorts,omitempty" mesh:"config.linkerd.io/skip-outbound-ports,port-ranges,merge,namespace"`
	// SkipSubnets are CIDRs whose traffic passes by the proxy; they join those that
	// are named already.
	SkipSubnets []string `json:"skipSubnets,omitempty" mesh:"config.linkerd.io/skip-subnets,cidrs,merge,namespace"`
	// OpaquePorts are ports, ranges and names of container ports on which the proxy
	// does not look for a protocol. They replace Linkerd's own list: 25, 587, 3306,
	// 4444, 5432, 6379, 9300, 11211.
	OpaquePorts []Port `json:"opaquePorts,omitempty" mesh:"config.linkerd.io/opaque-ports,port-names,merge,namespace"`
	// PodInboundPorts are the ports of the pod, where other webhooks add some later.
	PodInboundPorts []Port `json:"podInboundPorts,omitempty" mesh:"config.linkerd.io/pod-inbound-ports,ports,namespace"`
	// RequireIdentityInboundPorts are ports that take mutual TLS only.
	RequireIdentityInboundPorts []Port `json:"requireIdentityInboundPorts,omitempty" mesh:"config.linkerd.io/proxy-require-identity-inbound-ports,port-ranges,namespace"`
	// DefaultInboundPolicy is all-unauthenticated, all-authenticated,
	// cluster-unauthenticated, cluster-authenticated, deny or audit.
	DefaultInboundPolicy string `json:"defaultInboundPolicy,omitempty" mesh:"config.linkerd.io/default-inbound-policy,all-unauthenticated|all-authenticated|cluster-unauthenticated|cluster-authenticated|deny|audit,namespace"`

	// Proxy says what the container of the proxy is and may use.
	Proxy LinkerdProxy `json:"proxy,omitempty"`
	// AccessLog is apache or json: the form of the log of HTTP requests. Default:
	// there is none.
	AccessLog string `json:"accessLog,omitempty" mesh:"config.linkerd.io/access-log,apache|json,namespace"`
	// NativeSidecar makes the proxy an init container that keeps running, which
	// starts before all others and lets Jobs end. Linkerd's own default is true from
	// 2.20 on.
	NativeSidecar *bool `json:"nativeSidecar,omitempty" mesh:"config.linkerd.io/proxy-enable-native-sidecar,parsed-bool,namespace"`
	// Await starts the app after the proxy is ready; a native sidecar does so
	// anyway.
	Await *bool `json:"await,omitempty" mesh:"config.linkerd.io/proxy-await,enabled|disabled,namespace"`
	// WaitBeforeExitSeconds delays the end of the proxy; a native sidecar ignores it.
	WaitBeforeExitSeconds *int32 `json:"waitBeforeExitSeconds,omitempty" mesh:"config.alpha.linkerd.io/proxy-wait-before-exit-seconds,number,namespace"`
	// ShutdownGracePeriod is how long the proxy waits for connections when the pod
	// ends, such as 2m.
	ShutdownGracePeriod string `json:"shutdownGracePeriod,omitempty" mesh:"config.linkerd.io/shutdown-grace-period,duration,namespace"`
	// AdminShutdown lets the app of a Job end the proxy by a request.
	AdminShutdown *bool `json:"adminShutdown,omitempty" mesh:"config.linkerd.io/proxy-admin-shutdown,enabled|disabled,namespace"`
	// DebugSidecar adds Linkerd's container for debugging.
	DebugSidecar *bool `json:"debugSidecar,omitempty" mesh:"config.linkerd.io/enable-debug-sidecar,parsed-bool,namespace"`
	// AdditionalEnv are environment variables of the proxy.
	AdditionalEnv []corev1.EnvVar `json:"additionalEnv,omitempty" mesh:"config.linkerd.io/proxy-additional-env,json,namespace"`

	LinkerdTimeouts `json:",inline"`
	LinkerdPorts    `json:",inline"`
}

// LinkerdProxy is the container of Linkerd's proxy.
type LinkerdProxy struct {
	// CPU is what the proxy requests, such as 100m.
	CPU string `json:"cpu,omitempty" mesh:"config.linkerd.io/proxy-cpu-request,quantity,namespace"`
	// CPULimit bounds the cores that the proxy may use, such as 500m.
	CPULimit string `json:"cpuLimit,omitempty" mesh:"config.linkerd.io/proxy-cpu-limit,quantity,namespace"`
	// CPURatioLimit bounds the threads of the proxy as a part of the node's cores,
	// such as "0.5".
	CPURatioLimit string `json:"cpuRatioLimit,omitempty" mesh:"config.linkerd.io/proxy-cpu-ratio-limit,ratio,namespace"`
	// Memory is what the proxy requests, such as 64Mi.
	Memory string `json:"memory,omitempty" mesh:"config.linkerd.io/proxy-memory-request,quantity,namespace"`
	// MemoryLimit bounds the memory that the proxy may use, such as 128Mi.
	MemoryLimit string `json:"memoryLimit,omitempty" mesh:"config.linkerd.io/proxy-memory-limit,quantity,namespace"`
	// EphemeralStorage is what the proxy requests, such as 10Mi.
	EphemeralStorage string `json:"ephemeralStorage,omitempty" mesh:"config.linkerd.io/proxy-ephemeral-storage-request,quantity,namespace"`
	// EphemeralStorageLimit bounds what the proxy may store, such as 100Mi.
	EphemeralStorageLimit string `json:"ephemeralStorageLimit,omitempty" mesh:"config.linkerd.io/proxy-ephemeral-storage-limit,quantity,namespace"`
	// Image replaces the image of the proxy, without its tag.
	Image string `json:"image,omitempty" mesh:"config.linkerd.io/proxy-image,text,namespace"`
	// Version is the tag of the image.
	Version string `json:"version,omitempty" mesh:"config.linkerd.io/proxy-version,text,namespace"`
	// ImagePullPolicy is Always, IfNotPresent or Never.
	ImagePullPolicy string `json:"imagePullPolicy,omitempty" mesh:"config.linkerd.io/image-pull-policy,Always|IfNotPresent|Never,namespace"`
	// UID is the user that the proxy runs as. Linkerd's own default is 2102.
	UID *int64 `json:"uid,omitempty" mesh:"config.linkerd.io/proxy-uid,number,namespace"`
	// GID is the group that the proxy runs as.
	GID *int64 `json:"gid,omitempty" mesh:"config.linkerd.io/proxy-gid,number,namespace"`
	// LogLevel is a level with exceptions, such as warn,linkerd=info.
	LogLevel string `json:"logLevel,omitempty" mesh:"config.linkerd.io/proxy-log-level,text,namespace"`
	// LogFormat is plain or json.
	LogFormat string `json:"logFormat,omitempty" mesh:"config.linkerd.io/proxy-log-format,plain|json,namespace"`
	// LogHTTPHeaders says how headers are logged at level debug: redact or insecure.
	LogHTTPHeaders string `json:"logHTTPHeaders,omitempty" mesh:"config.linkerd.io/proxy-log-http-headers,redact|insecure,namespace"`
}

// LinkerdTimeouts are how long Linkerd's proxy waits.
type LinkerdTimeouts struct {
	// InboundConnectTimeout is how long a connection to the app may take, such as
	// 100ms.
	InboundConnectTimeout string `json:"inboundConnectTimeout,omitempty" mesh:"config.linkerd.io/proxy-inbound-connect-timeout,duration,namespace"`
	// OutboundConnectTimeout is how long a connection to others may take, such as 1s.
	OutboundConnectTimeout string `json:"outboundConnectTimeout,omitempty" mesh:"config.linkerd.io/proxy-outbound-connect-timeout,duration,namespace"`
	// InboundDiscoveryCacheUnusedTimeout is how long an unused result of discovery
	// is kept for incoming traffic, such as 90s.
	InboundDiscoveryCacheUnusedTimeout string `json:"inboundDiscoveryCacheUnusedTimeout,omitempty" mesh:"config.linkerd.io/proxy-inbound-discovery-cache-unused-timeout,duration,namespace"`
	// OutboundDiscoveryCacheUnusedTimeout is the same for outgoing traffic, such as
	// 5s.
	OutboundDiscoveryCacheUnusedTimeout string `json:"outboundDiscoveryCacheUnusedTimeout,omitempty" mesh:"config.linkerd.io/proxy-outbound-discovery-cache-unused-timeout,duration,namespace"`
	// DisableInboundProtocolDetectTimeout waits for incoming clients that speak
	// late.
	DisableInboundProtocolDetectTimeout *bool `json:"disableInboundProtocolDetectTimeout,omitempty" mesh:"config.linkerd.io/proxy-disable-inbound-protocol-detect-timeout,parsed-bool,namespace"`
	// DisableOutboundProtocolDetectTimeout waits for an app that speaks late.
	DisableOutboundProtocolDetectTimeout *bool `json:"disableOutboundProtocolDetectTimeout,omitempty" mesh:"config.linkerd.io/proxy-disable-outbound-protocol-detect-timeout,parsed-bool,namespace"`
	// CloseWaitTimeout is how long the node keeps half-closed connections, such as
	// 1m.
	CloseWaitTimeout string `json:"closeWaitTimeout,omitempty" mesh:"config.linkerd.io/close-wait-timeout,duration,namespace"`
}

// LinkerdPorts are the ports of Linkerd's proxy itself.
type LinkerdPorts struct {
	// ControlPort is the port for the control plane. Linkerd's own default is 4190.
	ControlPort *int32 `json:"controlPort,omitempty" mesh:"config.linkerd.io/control-port,port,namespace"`
	// AdminPort is the port of metrics and health. Linkerd's own default is 4191.
	AdminPort *int32 `json:"adminPort,omitempty" mesh:"config.linkerd.io/admin-port,port,namespace"`
	// InboundPort is the port for incoming traffic. Linkerd's own default is 4143.
	InboundPort *int32 `json:"inboundPort,omitempty" mesh:"config.linkerd.io/inbound-port,port,namespace"`
	// OutboundPort is the port for outgoing traffic. Linkerd's own default is 4140.
	OutboundPort *int32 `json:"outboundPort,omitempty" mesh:"config.linkerd.io/outbound-port,port,namespace"`
}
