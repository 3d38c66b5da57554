package meshannotation

// Dapr configures the sidecar of Dapr.
type Dapr struct {
	// AppID is the name of the app: a DNS label of up to 58 characters. Default: the
	// name of the workload.
	AppID string `json:"appID,omitempty" mesh:"dapr.io/app-id,app-id"`
	// AppPort is the port that the app listens on. Default: it does not.
	AppPort *int32 `json:"appPort,omitempty" mesh:"dapr.io/app-port,port"`
	// AppProtocol is http, https, h2c, grpc or grpcs.
	AppProtocol string `json:"appProtocol,omitempty" mesh:"dapr.io/app-protocol,http|https|h2c|grpc|grpcs"`
	// AppMaxConcurrency bounds the calls that the app gets at a time.
	AppMaxConcurrency *int32 `json:"appMaxConcurrency,omitempty" mesh:"dapr.io/app-max-concurrency,number"`
	// AppTokenSecret is the Secret with the token that Dapr shows to the app.
	AppTokenSecret string `json:"appTokenSecret,omitempty" mesh:"dapr.io/app-token-secret,name"`
	// APITokenSecret is the Secret with the token that the app shows to Dapr.
	APITokenSecret string `json:"apiTokenSecret,omitempty" mesh:"dapr.io/api-token-secret,name"`
	// Config is the Configuration object to use.
	Config string `json:"config,omitempty" mesh:"dapr.io/config,name"`
	// HealthCheck says how Dapr looks after the app.
	HealthCheck DaprHealthCheck `json:"healthCheck,omitempty"`

	// Sidecar says what the container of Dapr is and may use.
	Sidecar DaprSidecar `json:"sidecar,omitempty"`
	// NativeSidecar makes Dapr an init container that keeps running, which starts
	// before the app and lets Jobs end.
	NativeSidecar *bool `json:"nativeSidecar,omitempty" mesh:"dapr.io/enable-native-sidecar,truth"`
	// Metrics turns metrics on or off.
	Metrics *bool `json:"metrics,omitempty" mesh:"dapr.io/enable-metrics,truth"`
	// MetricsPort is where metrics are served. Dapr's own default is 9090.
	MetricsPort *int32 `json:"metricsPort,omitempty" mesh:"dapr.io/metrics-port,port"`
	// LogLevel is debug, info, warn or error.
	LogLevel string `json:"logLevel,omitempty" mesh:"dapr.io/log-level,debug|info|warn|error"`
	// LogAsJSON writes the log as JSON.
	LogAsJSON *bool `json:"logAsJSON,omitempty" mesh:"dapr.io/log-as-json,truth"`
	// APILogging logs the calls of the app.
	APILogging *bool `json:"apiLogging,omitempty" mesh:"dapr.io/enable-api-logging,truth"`
	// Profiling turns on the profiler.
	Profiling *bool `json:"profiling,omitempty" mesh:"dapr.io/enable-profiling,truth"`
	// MaxBodySize bounds a request, such as 16Mi.
	MaxBodySize string `json:"maxBodySize,omitempty" mesh:"dapr.io/max-body-size,quantity"`
	// ReadBufferSize bounds the headers of a request, such as 8Ki.
	ReadBufferSize string `json:"readBufferSize,omitempty" mesh:"dapr.io/read-buffer-size,quantity"`
	// GracefulShutdownSeconds is how long Dapr finishes calls when the pod ends.
	GracefulShutdownSeconds *int32 `json:"gracefulShutdownSeconds,omitempty" mesh:"dapr.io/graceful-shutdown-seconds,number"`
	// BlockShutdownDuration holds the shutdown back while the app is healthy, such
	// as 10s.
	BlockShutdownDuration string `json:"blockShutdownDuration,omitempty" mesh:"dapr.io/block-shutdown-duration,duration"`
	// UnixDomainSocketPath is a directory for sockets in place of ports.
	UnixDomainSocketPath string `json:"unixDomainSocketPath,omitempty" mesh:"dapr.io/unix-domain-socket-path,path"`
	// DisableBuiltinK8sSecretStore keeps Kubernetes Secrets from the app.
	DisableBuiltinK8sSecretStore *bool `json:"disableBuiltinK8sSecretStore,omitempty" mesh:"dapr.io/disable-builtin-k8s-secret-store,truth"`
	// InjectPluggableComponents adds the containers of pluggable components.
	InjectPluggableComponents *bool `json:"injectPluggableComponents,omitempty" mesh:"dapr.io/inject-pluggable-components,truth"`
	// PlacementHostAddress is where actors find each other: host:port, or several.
	PlacementHostAddress []string `json:"placementHostAddress,omitempty" mesh:"dapr.io/placement-host-address,host-ports"`
	// SchedulerHostAddress is where jobs are scheduled: host:port, or several.
	SchedulerHostAddress []string `json:"schedulerHostAddress,omitempty" mesh:"dapr.io/scheduler-host-address,host-ports"`
}

// DaprHealthCheck says how Dapr looks after the app.
type DaprHealthCheck struct {
	// Enabled turns the fields below on.
	Enabled *bool `json:"enabled,omitempty" mesh:"dapr.io/enable-app-health-check,truth"`
	// Path is asked for the health of the app. Dapr's own default is /healthz.
	Path string `json:"path,omitempty" mesh:"dapr.io/app-health-check-path,path"`
	// IntervalSeconds lie between two checks.
	IntervalSeconds *int32 `json:"intervalSeconds,omitempty" mesh:"dapr.io/app-health-probe-interval,number"`
	// TimeoutMilliseconds bound a check.
	TimeoutMilliseconds *int32 `json:"timeoutMilliseconds,omitempty" mesh:"dapr.io/app-health-probe-timeout,number"`
	// Threshold is how often the check may fail.
	Threshold *int32 `json:"threshold,omitempty" mesh:"dapr.io/app-health-threshold,number"`
}

// DaprSidecar is the container of Dapr.
type DaprSidecar struct {
	// CPU is what the sidecar requests, such as 100m.
	CPU string `json:"cpu,omitempty" mesh:"dapr.io/sidecar-cpu-request,quantity"`
	// CPULimit bounds the cores that the sidecar may use, such as 500m.
	CPULimit string `json:"cpuLimit,omitempty" mesh:"dapr.io/sidecar-cpu-limit,quantity"`
	// Memory is what the sidecar requests, such as 64Mi.
	Memory string `json:"memory,omitempty" mesh:"dapr.io/sidecar-memory-request,quantity"`
	// MemoryLimit bounds the memory that the sidecar may use, such as 128Mi.
	MemoryLimit string `json:"memoryLimit,omitempty" mesh:"dapr.io/sidecar-memory-limit,quantity"`
	// Image replaces the image of the sidecar.
	Image string `json:"image,omitempty" mesh:"dapr.io/sidecar-image,text"`
	// SeccompProfileType is RuntimeDefault, Localhost or Unconfined.
	SeccompProfileType string `json:"seccompProfileType,omitempty" mesh:"dapr.io/sidecar-seccomp-profile-type,RuntimeDefault|Localhost|Unconfined"`
	// ListenAddresses are addresses of the pod to listen on.
	ListenAddresses []string `json:"listenAddresses,omitempty" mesh:"dapr.io/sidecar-listen-addresses,words"`
	// Env are environment variables of the sidecar.
	Env map[string]string `json:"env,omitempty" mesh:"dapr.io/env,env-commas"`
	// EnvFromSecret are environment variables from Secrets: variable, and secret or
	// secret:key.
	EnvFromSecret map[string]string `json:"envFromSecret,omitempty" mesh:"dapr.io/env-from-secret,pairs"`
	// VolumeMounts are volumes of the pod that the sidecar mounts read-only, and
	// where.
	VolumeMounts map[string]string `json:"volumeMounts,omitempty" mesh:"dapr.io/volume-mounts,mounts"`
	// VolumeMountsRW are volumes of the pod that the sidecar mounts, and where.
	VolumeMountsRW map[string]string `json:"volumeMountsRW,omitempty" mesh:"dapr.io/volume-mounts-rw,mounts"`
	// Liveness is the liveness probe of the sidecar.
	Liveness DaprLiveness `json:"liveness,omitempty"`
	// Readiness is the readiness probe of the sidecar.
	Readiness DaprReadiness `json:"readiness,omitempty"`
}

// DaprLiveness is the liveness probe of Dapr's sidecar.
type DaprLiveness struct {
	// DelaySeconds go by before the first probe.
	DelaySeconds *int32 `json:"delaySeconds,omitempty" mesh:"dapr.io/sidecar-liveness-probe-delay-seconds,number"`
	// TimeoutSeconds bound a probe.
	TimeoutSeconds *int32 `json:"timeoutSeconds,omitempty" mesh:"dapr.io/sidecar-liveness-probe-timeout-seconds,number"`
	// PeriodSeconds lie between two probes.
	PeriodSeconds *int32 `json:"periodSeconds,omitempty" mesh:"dapr.io/sidecar-liveness-probe-period-seconds,number"`
	// Threshold is how often the probe may fail.
	Threshold *int32 `json:"threshold,omitempty" mesh:"dapr.io/sidecar-liveness-probe-threshold,number"`
}

// DaprReadiness is the readiness probe of Dapr's sidecar.
type DaprReadiness struct {
	// DelaySeconds go by before the first probe.
	DelaySeconds *int32 `json:"delaySeconds,omitempty" mesh:"dapr.io/sidecar-readiness-probe-delay-seconds,number"`
	// TimeoutSeconds bound a probe.
	TimeoutSeconds *int32 `json:"timeoutSeconds,omitempty" mesh:"dapr.io/sidecar-readiness-probe-timeout-seconds,number"`
	// PeriodSeconds lie between two probes.
	PeriodSeconds *int32 `json:"periodSeconds,omitempty" mesh:"dapr.io/sidecar-readiness-probe-period-seconds,number"`
	// Threshold is how often the probe may fail.
	Threshold *int32 `json:"threshold,omitempty" mesh:"dapr.io/sidecar-readiness-probe-threshold,number"`
}
