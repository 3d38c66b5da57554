package vaultinit

import (
	"encoding/json"
	"strconv"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
)

// agentDraft is what annotations say about the agents that is settled together,
// or that a config has no words for.
type agentDraft struct {
	before, only *bool // the app waits for an init container; there is no sidecar
	first        bool  // the init container runs before those of the pod
	sameUser     *bool

	format   string // json, else lines of key: value
	preserve bool   // the case of secrets' names

	cache, quit *bool
	port, token string // of the listener; whose token requests get

	configMap, extraSecret, tlsSecret string
	copyFrom                          string // a container, whose mounts the agents get
	patch, initPatch                  jsonPatch
}

// agentAnnotations are settings of the agent.
func agentAnnotations() []annotation {
	return []annotation{
		{name: "log-level", field: "spec.agent.logLevel", set: text(func(d *dialect) *string { return &d.config.Agent.LogLevel })},
		{name: "log-format", field: "spec.agent.logFormat", set: text(func(d *dialect) *string { return &d.config.Agent.LogFormat })},
		{name: "agent-telemetry", named: named, set: telemetry},
		{name: "agent-disable-idle-connections", field: "spec.agent.disableIdleConnections",
			set: list(func(d *dialect) *[]string { return &d.config.Agent.DisableIdleConnections })},
		{name: "agent-disable-keep-alives", field: "spec.agent.disableKeepAlives",
			set: list(func(d *dialect) *[]string { return &d.config.Agent.DisableKeepAlives })},

		{name: "template-config-exit-on-retry-failure", field: "spec.agent.exitOnRenderError",
			set: boolean(func(d *dialect, on bool) { d.config.Agent.ExitOnRenderError = &on })},
		{name: "template-static-secret-render-interval", field: "spec.agent.staticSecretRenderInterval",
			set: seconds(func(d *dialect) *string { return &d.config.Agent.StaticSecretRenderInterval })},
		{name: "template-max-connections-per-host", field: "spec.agent.maxConnectionsPerHost",
			set: whole(func(d *dialect, n int64) { d.config.Agent.MaxConnectionsPerHost = int(n) })},
		{name: "template-lease-renewal-threshold", field: "spec.agent.leaseRenewalThreshold",
			set: text(func(d *dialect) *string { return &d.config.Agent.LeaseRenewalThreshold })},

		{name: "agent-cache-enable", field: "spec.agent.listener", set: boolean(func(d *dialect, on bool) { d.agent.cache = &on })},
		{name: "agent-cache-listener-port", field: "spec.agent.listener.port",
			set: checked(func(d *dialect, value string) { d.agent.port = value }, config.Port)},
		{name: "agent-cache-use-auto-auth-token", field: "spec.agent.listener.token",
			set: checked(func(d *dialect, value string) { d.agent.token = value }, config.Word("true", "false", tokenForce))},
		{name: "agent-cache-exit-on-err", why: "is about a cache that the init container hands on to the sidecar; here each agent reads for itself, so remove it"},
		{name: "agent-enable-quit", field: "spec.agent.listener.quit", set: boolean(func(d *dialect, on bool) { d.agent.quit = &on })},

		{name: "agent-revoke-on-shutdown", field: "spec.agent.revokeOnShutdown", set: boolean(func(d *dialect, on bool) { d.config.Agent.RevokeOnShutdown = on })},
		{name: "agent-revoke-grace", field: "spec.agent.revokeGraceSeconds", set: whole(func(d *dialect, n int64) { d.config.Agent.RevokeGraceSeconds = &n })},
	}
}

// telemetry is a setting whose value is JSON, or a text.
func telemetry(d *dialect, g given) string {
	var value any
	if err := json.Unmarshal([]byte(g.value), &value); err != nil {
		value = g.value
	}
	if d.config.Agent.Telemetry == nil {
		d.config.Agent.Telemetry = map[string]any{}
	}
	d.config.Agent.Telemetry[setting(g.name)] = value
	return ""
}

// setListener has the sidecar listen where annotations ask for its cache, or for a
// way to stop it.
func (d *dialect) setListener() {
	a, l := d.agent, d.config.Agent.Listener
	if a.cache != nil && !*a.cache {
		l = nil
	}
	switch yes := true; {
	case a.cache != nil && *a.cache:
		l = orNew(l)
		l.Cache, l.Token = &yes, map[string]string{"false": tokenNone, tokenForce: tokenForce}[a.token]
	case a.quit != nil && *a.quit && l == nil:
		l = &Listener{Token: tokenNone}
	}
	if l != nil && a.quit != nil {
		l.Quit = *a.quit
	}
	if port, err := strconv.ParseUint(a.port, 10, 16); l != nil && err == nil {
		l.Port = int32(port)
	}
	d.config.Agent.Listener = l
}

func orNew[T any](p *T) *T {
	if p == nil {
		return new(T)
	}
	return p
}
