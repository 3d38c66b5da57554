package vaultinit

import (
	"strconv"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
)

// Agent are settings of the agent.
type Agent struct {
	// LogLevel is trace, debug, info, warn or error. Default info.
	// +kubebuilder:validation:Enum=trace;debug;info;warn;error
	// +kubebuilder:default=info
	LogLevel string `json:"logLevel,omitempty"`
	// LogFormat is standard or json. Default standard.
	// +kubebuilder:validation:Enum=standard;json
	// +kubebuilder:default=standard
	LogFormat string `json:"logFormat,omitempty"`
	// Retries is how often a request is tried again. Default 5.
	// +kubebuilder:validation:Minimum=0
	// +kubebuilder:validation:Maximum=100
	Retries *int64 `json:"retries,omitempty"`
	// ClientTimeout is how long a request may take. Default: the agent's, 60s.
	// +krm-sidecars:text=duration
	ClientTimeout string `json:"clientTimeout,omitempty"`
	// MinBackoff is the first wait after a login that failed. Default: the agent's.
	// +krm-sidecars:text=duration
	MinBackoff string `json:"minBackoff,omitempty"`
	// MaxBackoff is the longest wait after a login that failed. Default: the agent's.
	// +krm-sidecars:text=duration
	MaxBackoff string `json:"maxBackoff,omitempty"`
	// ExitOnError ends an agent beside the app when it cannot log in, so that it
	// starts anew. An init container always does. Default false.
	ExitOnError bool `json:"exitOnError,omitempty"`
	// ExitOnRenderError ends an agent that cannot render a file after all retries; else
	// it goes on trying, and an init container does not end. Default true.
	ExitOnRenderError *bool `json:"exitOnRenderError,omitempty"`
	// StaticSecretRenderInterval is how often secrets without a lease are read again.
	// Default: the agent's, 5m.
	// +krm-sidecars:text=duration
	StaticSecretRenderInterval string `json:"staticSecretRenderInterval,omitempty"`
	// LeaseRenewalThreshold is the part of a lease after which a secret that cannot
	// be renewed is read again, such as "0.9"; vault only. Default: the agent's.
	// +krm-sidecars:text=ratio
	LeaseRenewalThreshold string `json:"leaseRenewalThreshold,omitempty"`
	// MaxConnectionsPerHost bounds the connections of templates. Default: the
	// agent's.
	// +kubebuilder:validation:Minimum=0
	MaxConnectionsPerHost int `json:"maxConnectionsPerHost,omitempty"`
	// TokenFile is a file beside the secrets that gets the agent's token, for apps
	// that speak to the server themselves. Default:
	// none.
	// +krm-sidecars:text=file-name
	TokenFile string `json:"tokenFile,omitempty"`
	// RevokeOnShutdown has the sidecar give its token back when the pod ends. Default
	// false.
	RevokeOnShutdown bool `json:"revokeOnShutdown,omitempty"`
	// RevokeGraceSeconds is how long to wait before that. Default 5.
	// +kubebuilder:validation:Minimum=0
	RevokeGraceSeconds *int64 `json:"revokeGraceSeconds,omitempty"`
	// Listener lets the app speak to the server through the sidecar.
	Listener *Listener `json:"listener,omitempty"`
	// DisableIdleConnections are features that keep no idle connections: auto-auth,
	// caching, proxying, templating. Default: none.
	// +kubebuilder:validation:items:Enum=auto-auth;caching;proxying;templating
	DisableIdleConnections []string `json:"disableIdleConnections,omitempty"`
	// DisableKeepAlives are features that use each connection once: auto-auth, caching,
	// proxying, templating. Default: none.
	// +kubebuilder:validation:items:Enum=auto-auth;caching;proxying;templating
	DisableKeepAlives []string `json:"disableKeepAlives,omitempty"`
	// Telemetry holds settings with the keys of the agent's manual. Default: none.
	Telemetry map[string]any `json:"telemetry,omitempty"`
	// Extra are further keys of the agent's config, which win over ours.
	// Default: none.
	Extra map[string]any `json:"extra,omitempty"`
}

// Listener is where the agent listens, on 127.0.0.1.
type Listener struct {
	// Port is where to listen. Default 8200.
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=65535
	// +kubebuilder:default=8200
	Port int32 `json:"port,omitempty"`
	// Cache keeps what was read through it. Default true.
	// +kubebuilder:default=true
	Cache *bool `json:"cache,omitempty"`
	// Token is auto (requests without a token get the agent's), force (all do) or
	// none. Default auto.
	// +kubebuilder:validation:Enum=auto;force;none
	// +kubebuilder:default=auto
	Token string `json:"token,omitempty"`
	// Quit lets the app of a Job stop the sidecar, with a POST to /agent/v1/quit.
	// Default false.
	Quit bool `json:"quit,omitempty"`
}

// The words of listener.token.
const (
	tokenAuto  = "auto"
	tokenForce = "force"
	tokenNone  = "none"
)

func (a *Agent) setDefaults() {
	setDefault(&a.LogLevel, "info")
	setDefault(&a.LogFormat, "standard")
	if a.Retries == nil {
		retries := int64(5)
		a.Retries = &retries
	}
	if a.RevokeOnShutdown && a.RevokeGraceSeconds == nil {
		seconds := int64(5)
		a.RevokeGraceSeconds = &seconds
	}
	if a.Listener != nil {
		setDefault(&a.Listener.Port, 8200)
		setDefault(&a.Listener.Token, tokenAuto)
		if a.Listener.Cache == nil {
			yes := true
			a.Listener.Cache = &yes
		}
	}
}

func (a Agent) validate(c *Config) config.Errors {
	const at = "spec.agent"
	errs := config.Each("logLevel", a.LogLevel, config.Word("trace", "debug", "info", "warn", "error"))
	errs = append(errs, config.Each("logFormat", a.LogFormat, config.Word("standard", "json"))...)
	if a.Retries != nil && (*a.Retries < 0 || *a.Retries > 100) {
		errs.Addf("retries", "must be from 0 to 100")
	}
	for _, d := range []struct{ name, text string }{
		{"clientTimeout", a.ClientTimeout}, {"minBackoff", a.MinBackoff}, {"maxBackoff", a.MaxBackoff},
		{"staticSecretRenderInterval", a.StaticSecretRenderInterval},
	} {
		errs = append(errs, config.Each(d.name, d.text, config.Duration)...)
	}
	errs = append(errs, config.Each("leaseRenewalThreshold", a.LeaseRenewalThreshold, fraction)...)
	if a.MaxConnectionsPerHost < 0 {
		errs.Addf("maxConnectionsPerHost", "must not be below 0")
	}
	errs = append(errs, config.Each("tokenFile", a.TokenFile, fileName)...)
	parts := config.Word("auto-auth", "caching", "proxying", "templating")
	errs = append(errs, config.All("disableIdleConnections", a.DisableIdleConnections, parts)...)
	errs = append(errs, config.All("disableKeepAlives", a.DisableKeepAlives, parts)...)
	errs = append(errs, a.validateOpenBao(c.Flavor)...)
	return append(errs, a.validateSidecar(c.Mode)...).Under(at)
}

// validateOpenBao refuses what that agent would leave unread.
func (a Agent) validateOpenBao(flavor string) config.Errors {
	var errs config.Errors
	if flavor != flavorOpenBao {
		return nil
	}
	if a.LeaseRenewalThreshold != "" {
		errs.Addf("leaseRenewalThreshold", "openbao has no such setting; drop it")
	}
	if a.MaxConnectionsPerHost != 0 {
		errs.Addf("maxConnectionsPerHost", "openbao has no such setting; drop it")
	}
	return errs
}

// validateSidecar refuses what needs an agent beside the app.
func (a Agent) validateSidecar(mode string) config.Errors {
	var errs config.Errors
	if mode == modeInit {
		for _, f := range []struct {
			name string
			set  bool
		}{{"revokeOnShutdown", a.RevokeOnShutdown}, {"listener", a.Listener != nil}, {"exitOnError", a.ExitOnError}} {
			if f.set {
				errs.Addf(f.name, "needs an agent beside the app; use mode sidecar, init+sidecar or native")
			}
		}
	}
	if a.RevokeGraceSeconds != nil && (!a.RevokeOnShutdown || *a.RevokeGraceSeconds < 0) {
		errs.Addf("revokeGraceSeconds", "must not be below 0, and needs revokeOnShutdown: true")
	}
	return append(errs, a.Listener.validate().Under("listener")...)
}

func (l *Listener) validate() config.Errors {
	if l == nil {
		return nil
	}
	errs := config.Each("port", strconv.Itoa(int(l.Port)), config.Port)
	return append(errs, config.Each("token", l.Token, config.Word(tokenAuto, tokenForce, tokenNone))...)
}

// fraction is a part of a whole.
func fraction(text string) string {
	if f, err := strconv.ParseFloat(text, 64); err != nil || f <= 0 || f > 1 {
		return "is no part of a lease; write a number from 0 to 1, such as \"0.9\""
	}
	return ""
}
