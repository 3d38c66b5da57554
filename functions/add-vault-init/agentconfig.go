package vaultinit

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"strconv"
	"strings"

	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// agentConfig is the file that the agent is started with.
type agentConfig struct {
	ExitAfterAuth  bool            `json:"exit_after_auth,omitempty"`
	LogLevel       string          `json:"log_level,omitempty"`
	LogFormat      string          `json:"log_format,omitempty"`
	Vault          serverBlock     `json:"vault"`
	AutoAuth       authBlock       `json:"auto_auth"`
	TemplateConfig templatesBlock  `json:"template_config"`
	Cache          *struct{}       `json:"cache,omitempty"`
	APIProxy       *proxyBlock     `json:"api_proxy,omitempty"`
	Listeners      []listenerBlock `json:"listener,omitempty"`
	DisableIdle    []string        `json:"disable_idle_connections,omitempty"`
	DisableAlive   []string        `json:"disable_keep_alives,omitempty"`
	Telemetry      map[string]any  `json:"telemetry,omitempty"`
	Templates      []templateBlock `json:"template,omitempty"`
}

type serverBlock struct {
	Address       string     `json:"address"`
	CACert        string     `json:"ca_cert,omitempty"`
	ClientCert    string     `json:"client_cert,omitempty"`
	ClientKey     string     `json:"client_key,omitempty"`
	TLSServerName string     `json:"tls_server_name,omitempty"`
	TLSSkipVerify bool       `json:"tls_skip_verify,omitempty"`
	Retry         retryBlock `json:"retry"`
}

type retryBlock struct {
	NumRetries int64 `json:"num_retries"`
}

// authBlock has a list of one method: an object that holds nothing but objects
// would be taken for one with several labels by the agent's parser.
type authBlock struct {
	Method []methodBlock `json:"method"`
	Sinks  []sinkBlock   `json:"sink,omitempty"`
}

type methodBlock struct {
	Type       string         `json:"type"`
	MountPath  string         `json:"mount_path"`
	ExitOnErr  bool           `json:"exit_on_err,omitempty"`
	MinBackoff string         `json:"min_backoff,omitempty"`
	MaxBackoff string         `json:"max_backoff,omitempty"`
	Config     map[string]any `json:"config,omitempty"`
}

type sinkBlock struct {
	Type   string         `json:"type"`
	Config map[string]any `json:"config"`
}

type templatesBlock struct {
	ExitOnRetryFailure   bool    `json:"exit_on_retry_failure"`
	StaticRenderInterval string  `json:"static_secret_render_interval,omitempty"`
	LeaseRenewal         float64 `json:"lease_renewal_threshold,omitempty"`
	MaxConnections       int     `json:"max_connections_per_host,omitempty"`
}

type proxyBlock struct {
	UseAutoAuthToken any `json:"use_auto_auth_token"` // true or "force"
}

type listenerBlock struct {
	Type       string    `json:"type"`
	Address    string    `json:"address"`
	TLSDisable bool      `json:"tls_disable"`
	AgentAPI   *apiBlock `json:"agent_api,omitempty"`
}

type apiBlock struct {
	EnableQuit bool `json:"enable_quit"`
}

type templateBlock struct {
	Destination    string     `json:"destination"`
	Perms          string     `json:"perms"`
	FailOnMissing  bool       `json:"error_on_missing_key,omitempty"`
	LeftDelimiter  string     `json:"left_delimiter,omitempty"`
	RightDelimiter string     `json:"right_delimiter,omitempty"`
	Source         string     `json:"source,omitempty"`
	Contents       string     `json:"contents,omitempty"`
	Exec           *execBlock `json:"exec,omitempty"`
}

type execBlock struct {
	Command []string `json:"command"`
}

// configText is the config of an agent as a file.
func (p *plan) configText(ends bool) string {
	text, err := p.agentConfig(ends).text(p.Agent.Extra)
	if err != nil {
		p.find(pod.Error, pod.InternalError, err.Error())
	}
	return text
}

// agentConfig is the config of the agent that ends when all is rendered, or of the
// one that goes on.
func (p *plan) agentConfig(ends bool) agentConfig {
	a := p.Agent
	threshold, _ := strconv.ParseFloat(a.LeaseRenewalThreshold, 64) // "" is the agent's own
	ac := agentConfig{
		ExitAfterAuth: ends,
		LogLevel:      unless("info", a.LogLevel),
		LogFormat:     unless("standard", a.LogFormat),
		Vault:         p.serverBlock(),
		AutoAuth:      authBlock{Method: []methodBlock{p.method(ends)}, Sinks: p.sinks(ends)},
		TemplateConfig: templatesBlock{ExitOnRetryFailure: a.ExitOnRenderError == nil || *a.ExitOnRenderError, StaticRenderInterval: a.StaticSecretRenderInterval,
			LeaseRenewal: threshold, MaxConnections: a.MaxConnectionsPerHost},
		DisableIdle: a.DisableIdleConnections, DisableAlive: a.DisableKeepAlives,
		Telemetry: a.Telemetry,
		Templates: p.templates(),
	}
	if a.Listener != nil && !ends {
		a.Listener.into(&ac)
	}
	return ac
}

// method is how the agent logs in. One that is waited for gives up when it
// cannot, so that the kubelet shows why.
func (p *plan) method(ends bool) methodBlock {
	m := p.Auth.method(p.Role)
	m.ExitOnErr, m.MinBackoff, m.MaxBackoff = ends || p.Agent.ExitOnError, p.Agent.MinBackoff, p.Agent.MaxBackoff
	return m
}

func unless(usual, text string) string {
	if text == usual {
		return ""
	}
	return text
}

func (p *plan) serverBlock() serverBlock {
	s := serverBlock{Address: p.Address, TLSServerName: p.TLS.ServerName, TLSSkipVerify: p.TLS.SkipVerify, Retry: retryBlock{NumRetries: *p.Agent.Retries}}
	if s.Retry.NumRetries == 0 {
		s.Retry.NumRetries = -1 // the agent takes 0 for its default
	}
	if p.TLS.CA != nil {
		s.CACert = tlsDir + "/" + caFile
	}
	if p.TLS.Client != nil {
		s.ClientCert, s.ClientKey = tlsDir+"/"+clientCertFile, tlsDir+"/"+clientKeyFile
	}
	return s
}

// sinks are the files that get the token.
func (p *plan) sinks(ends bool) []sinkBlock {
	var sinks []sinkBlock
	if p.Agent.RevokeOnShutdown && !ends {
		sinks = append(sinks, fileSink(p.tokenFile(), "0600", ""))
	}
	if p.Agent.TokenFile != "" {
		sinks = append(sinks, fileSink(p.agentDir("")+"/"+p.Agent.TokenFile, p.access.defaultMode(), p.access.group))
	}
	return sinks
}

// fileSink is a file of a mode and a group. Without one the agent would give it to
// its own group, where other files get that of the volume.
func fileSink(path, mode, group string) sinkBlock {
	bits, _ := strconv.ParseUint(mode, 8, 32)
	settings := map[string]any{"path": path, "mode": bits}
	if group != "" {
		settings["group"] = json.Number(group)
	}
	return sinkBlock{Type: "file", Config: settings}
}

func (l *Listener) into(ac *agentConfig) {
	block := listenerBlock{Type: "tcp", Address: fmt.Sprintf("127.0.0.1:%d", l.Port), TLSDisable: true}
	if l.Quit {
		block.AgentAPI = &apiBlock{EnableQuit: true}
	}
	ac.Listeners = []listenerBlock{block}
	if *l.Cache {
		ac.Cache = &struct{}{}
	}
	switch l.Token {
	case tokenAuto:
		ac.APIProxy = &proxyBlock{UseAutoAuthToken: true}
	case tokenForce:
		ac.APIProxy = &proxyBlock{UseAutoAuthToken: tokenForce}
	}
}

func (p *plan) templates() []templateBlock {
	var all []templateBlock
	for _, s := range p.Secrets {
		if p.envOnly(s) {
			continue
		}
		dir := p.agentDir(s.Dir)
		t := templateBlock{Destination: dir + "/" + s.file(), Perms: s.mode(p.access), FailOnMissing: !s.AllowMissingKeys, Source: s.TemplateFile, Contents: s.contents(p.access, dir)}
		if len(s.Delimiters) == 2 {
			t.LeftDelimiter, t.RightDelimiter = s.Delimiters[0], s.Delimiters[1]
		}
		if len(s.Command) > 0 {
			t.Exec = &execBlock{Command: s.Command}
		}
		all = append(all, t)
	}
	if len(p.Env) > 0 {
		all = append(all, templateBlock{Destination: envDir + "/" + envFile, Perms: p.envMode(), FailOnMissing: true, Contents: p.envContents()})
	}
	return all
}

// text is the config as JSON. The agent reads it with a parser that leaves what
// stands in ${} undecoded, so that the dollar is written as an escape.
func (ac agentConfig) text(extra map[string]any) (string, error) {
	var whole any = ac
	if len(extra) > 0 {
		fields, err := overlaid(ac, extra)
		if err != nil {
			return "", err
		}
		whole = fields
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(whole); err != nil {
		return "", err
	}
	return strings.ReplaceAll(b.String(), "${", `\u0024{`), nil
}

// overlaid returns the fields of a config, with those of a user in the place of
// ours.
func overlaid(ac agentConfig, extra map[string]any) (map[string]any, error) {
	text, err := json.Marshal(ac)
	if err != nil {
		return nil, err
	}
	fields := map[string]json.RawMessage{}
	if err := json.Unmarshal(text, &fields); err != nil {
		return nil, err
	}
	all := map[string]any{}
	for key, value := range fields {
		all[key] = value
	}
	maps.Copy(all, extra)
	return all, nil
}
