package vaultinit

import (
	"maps"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// serverAnnotations say where the server is, and how to log in.
func serverAnnotations() []annotation {
	return []annotation{
		{name: "service", field: "spec.address", set: text(func(d *dialect) *string { return &d.config.Address })},
		{name: "namespace", field: "spec.namespace", set: text(func(d *dialect) *string { return &d.config.Namespace })},
		{name: "role", field: "spec.role", set: text(func(d *dialect) *string { return &d.config.Role })},
		{name: "auth-type", field: "spec.auth", set: text(func(d *dialect) *string { return &d.auth.kind })},
		{name: "auth-path", field: "spec.auth.path", set: text(func(d *dialect) *string { return &d.auth.path })},
		{name: "auth-config", named: named, set: func(d *dialect, g given) string {
			if d.auth.config == nil {
				d.auth.config = map[string]any{}
			}
			d.auth.config[setting(g.name)] = g.value
			return ""
		}},
		{name: "auth-min-backoff", field: "spec.agent.minBackoff", set: text(func(d *dialect) *string { return &d.config.Agent.MinBackoff })},
		{name: "auth-max-backoff", field: "spec.agent.maxBackoff", set: text(func(d *dialect) *string { return &d.config.Agent.MaxBackoff })},
		{name: "agent-auto-auth-exit-on-err", field: "spec.agent.exitOnError", set: boolean(func(d *dialect, on bool) { d.config.Agent.ExitOnError = on })},
		{name: "agent-service-account-token-volume-name", set: checked(func(d *dialect, value string) { d.auth.volume = value })},
		{name: "proxy-address", set: variable("HTTPS_PROXY", config.URL("http", "https", "socks5"))},
		{name: "client-timeout", field: "spec.agent.clientTimeout", set: seconds(func(d *dialect) *string { return &d.config.Agent.ClientTimeout })},
		{name: "client-max-retries", field: "spec.agent.retries", set: whole(func(d *dialect, n int64) { d.config.Agent.Retries = &n })},
		{name: "tls-skip-verify", field: "spec.tls.skipVerify", set: boolean(func(d *dialect, on bool) { d.config.TLS.SkipVerify = on })},
		{name: "tls-server-name", field: "spec.tls.serverName", set: text(func(d *dialect) *string { return &d.config.TLS.ServerName })},
		{name: "tls-secret", set: checked(func(d *dialect, value string) { d.agent.tlsSecret = value }, config.ObjectName)},
		{name: "ca-cert", set: flavored("CACERT").then(func(d *dialect) { d.config.TLS.CA = nil })},
		{name: "ca-key", set: flavored("CAPATH").then(func(d *dialect) { d.config.TLS.CA = nil })},
		{name: "client-cert", set: flavored("CLIENT_CERT").then(func(d *dialect) { d.config.TLS.Client = nil })},
		{name: "client-key", set: flavored("CLIENT_KEY").then(func(d *dialect) { d.config.TLS.Client = nil })},
	}
}

// setting is the name of a setting of the agent, as its manual has it.
func setting(name string) string { return strings.ReplaceAll(name, "-", "_") }

// authDraft is what annotations say about logging in.
type authDraft struct {
	kind, path string
	config     map[string]any
	volume     string // of the pod, that holds a token
}

// logIn turns what annotations say into the method. What they leave open is as
// the functionConfig has it.
func (d *dialect) logIn() {
	if d.auth.volume != "" {
		d.useTokenOf(d.auth.volume)
	}
	a := d.auth
	_, said := d.given["role"]
	if role, ok := a.config["role"].(string); ok && !said {
		d.config.Role = role
	}
	delete(a.config, "role")
	if have := d.config.Auth.method("").Type; a.kind == "" {
		a.kind = have
	} else if a.kind != have {
		d.config.Auth = Auth{}
	}
	auth := &d.config.Auth
	switch a.kind {
	case "kubernetes":
		auth.Kubernetes = a.token(auth.Kubernetes)
	case "jwt":
		auth.JWT = a.token(auth.JWT)
	default:
		a.other(auth, d.config.Role)
	}
	d.noteAuth()
	if a.kind == "aws" {
		d.copyAWS()
	}
}

// noteAuth notes which annotations are behind the fields of the method.
func (d *dialect) noteAuth() {
	set, _ := config.Members(d.config.Auth)
	at := "spec.auth." + set[0]
	d.origin[at+".path"] = d.origin["spec.auth.path"]
	for _, g := range d.given {
		if g.row.name == "auth-config" {
			d.origin[at+".config."+setting(g.name)] = g.key
		}
	}
}

// token logs in with a token, by what a config says and what annotations add.
func (a authDraft) token(have *TokenAuth) *TokenAuth {
	var t TokenAuth
	if have != nil {
		t = *have
	}
	if a.path != "" {
		t.Path = a.path
	}
	if len(a.config) > 0 {
		t.Config = maps.Clone(t.Config)
		if t.Config == nil {
			t.Config = map[string]any{}
		}
		maps.Copy(t.Config, a.config)
	}
	return &t
}

// other logs in by any other method, approle by the files that it names included.
func (a authDraft) other(auth *Auth, role string) {
	if auth.AppRole != nil && len(a.config) == 0 {
		approle := *auth.AppRole
		if a.path != "" {
			approle.Path = a.path
		}
		auth.AppRole = &approle
		return
	}
	r := RawAuth{Type: a.kind, Config: map[string]any{}}
	if auth.Raw != nil {
		r.Path = auth.Raw.Path
		maps.Copy(r.Config, auth.Raw.Config)
	}
	if a.path != "" {
		r.Path = a.path
	}
	maps.Copy(r.Config, a.config)
	if role != "" {
		r.Config["role"] = role
	}
	*auth = Auth{Raw: &r}
}

// useTokenOf logs in with a token that the pod has in a volume.
func (d *dialect) useTokenOf(volume string) {
	const dir = "/var/run/secrets/vault.hashicorp.com/serviceaccount"
	key := d.given["agent-service-account-token-volume-name"].key
	v, there := d.view.Volume(volume)
	if !there {
		d.find(pod.Error, pod.AnnotationInvalid, d.place(key), "the pod has no volume named %q", volume)
		return
	}
	file := ""
	sources, _ := v.Source.Get("projected")
	sources, _ = sources.Get("sources")
	for _, s := range sources.Items {
		token, _ := s.Get("serviceAccountToken")
		if path, ok := token.Get("path"); ok {
			file = path.Text
		}
	}
	if file == "" {
		d.find(pod.Error, pod.AnnotationInvalid, d.place(key), "the volume %q has no projected serviceAccountToken", volume)
		return
	}
	d.mount(volume, dir)
	field := map[bool]string{true: "path", false: "token_path"}[d.auth.kind == "jwt"]
	if d.auth.config == nil {
		d.auth.config = map[string]any{}
	}
	if _, set := d.auth.config[field]; !set {
		d.auth.config[field] = dir + "/" + file
	}
}

// copyAWS gives the agents what the app has to be somebody in AWS, as far as the
// manifest shows it. What a webhook of AWS adds, it adds to the agents itself.
func (d *dialect) copyAWS() {
	if region, ok := d.config.Auth.Raw.Config["region"].(string); ok && region != "" {
		d.setEnv("AWS_REGION", region)
	}
	seen := map[string]bool{}
	for _, c := range d.view.Own() {
		for _, e := range c.Env {
			if slices.Contains([]string{"AWS_ROLE_ARN", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_DEFAULT_REGION", "AWS_REGION"}, e.Name) && e.Value != "" && !seen[e.Name] {
				seen[e.Name] = true
				d.addEnv(corev1.EnvVar{Name: e.Name, Value: e.Value})
			}
		}
		for _, m := range c.Mounts {
			if strings.Contains(m.MountPath, "eks.amazonaws.com") && !seen[m.MountPath] {
				seen[m.MountPath] = true
				d.mount(m.Name, m.MountPath)
			}
		}
	}
}
