package proxysidecar

import (
	"cmp"
	"strconv"

	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// OAuth2Proxy is oauth2-proxy in front of the app.
type OAuth2Proxy struct {
	Front `json:",inline"`
	// Provider, such as oidc, github or google. Default oidc.
	// +kubebuilder:default=oidc
	Provider string `json:"provider,omitempty"`
	// IssuerURL of the provider oidc, which needs it.
	// +krm-sidecars:text=url
	IssuerURL string `json:"issuerURL,omitempty"`
	// RedirectURL that the provider knows, https://.../oauth2/callback. Default: that
	// of the request's host.
	// +krm-sidecars:text=url
	RedirectURL string `json:"redirectURL,omitempty"`
	// SecretName is the Secret with the client and the key of the cookies. Required.
	// +required
	// +krm-sidecars:text=object-name
	SecretName string `json:"secretName,omitempty"`
	// ClientIDKey in the Secret. Default client-id.
	// +kubebuilder:default=client-id
	// +krm-sidecars:text=data-key
	ClientIDKey string `json:"clientIDKey,omitempty"`
	// ClientSecretKey in the Secret. Default client-secret.
	// +kubebuilder:default=client-secret
	// +krm-sidecars:text=data-key
	ClientSecretKey string `json:"clientSecretKey,omitempty"`
	// CookieSecretKey in the Secret; the value has 16, 24 or 32 bytes. Default
	// cookie-secret.
	// +kubebuilder:default=cookie-secret
	// +krm-sidecars:text=data-key
	CookieSecretKey string `json:"cookieSecretKey,omitempty"`
	// EmailDomains of users who may enter; "*" is everybody who can log in. Required.
	// +required
	EmailDomains []string `json:"emailDomains,omitempty"`
	// AllowedGroups of users who may enter, where the provider tells groups.
	AllowedGroups []string `json:"allowedGroups,omitempty"`
	// Scopes to ask for. Default: those of the provider.
	Scopes []string `json:"scopes,omitempty"`
	// SkipAuthRoutes need no login: METHOD=regular expression, such as
	// GET=^/healthz$.
	SkipAuthRoutes []string `json:"skipAuthRoutes,omitempty"`
	// TrustedProxyIPs are the addresses, or ranges, of the ingress controllers whose
	// X-Forwarded headers are believed. Default: nobody's headers are.
	TrustedProxyIPs []string `json:"trustedProxyIPs,omitempty"`
	// InsecureCookies lets cookies go over plain HTTP. Default false.
	InsecureCookies bool `json:"insecureCookies,omitempty"`
	// MetricsPort of the proxy. Default 44180, or the next that is free.
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=65535
	MetricsPort int32 `json:"metricsPort,omitempty"`
	// Args are further arguments.
	Args []string `json:"args,omitempty"`
}

func (o *OAuth2Proxy) setDefaults() {
	o.Provider = cmp.Or(o.Provider, "oidc")
	o.ClientIDKey = cmp.Or(o.ClientIDKey, "client-id")
	o.ClientSecretKey = cmp.Or(o.ClientSecretKey, "client-secret")
	o.CookieSecretKey = cmp.Or(o.CookieSecretKey, "cookie-secret")
}

func (o *OAuth2Proxy) validate() config.Errors {
	errs := o.Front.validate(map[string]int32{"metricsPort": o.MetricsPort})
	if o.Provider == "oidc" && o.IssuerURL == "" {
		errs.Addf("issuerURL", "missing; provider oidc needs the URL of the issuer, such as https://login.example.com/realms/shop")
	}
	errs = append(errs, config.Each("provider", o.Provider, config.SingleLine)...)
	errs = append(errs, config.Each("issuerURL", o.IssuerURL, config.URL("https", "http"))...)
	errs = append(errs, config.Each("redirectURL", o.RedirectURL, config.URL("https", "http"))...)
	errs = append(errs, config.Required("secretName", o.SecretName, "the Secret with client-id, client-secret and cookie-secret", config.ObjectName)...)
	for _, key := range []struct{ path, text string }{{"clientIDKey", o.ClientIDKey}, {"clientSecretKey", o.ClientSecretKey}, {"cookieSecretKey", o.CookieSecretKey}} {
		errs = append(errs, config.Each(key.path, key.text, config.DataKey)...)
	}
	if len(o.EmailDomains) == 0 {
		errs.Addf("emailDomains", `missing; list the domains of the users' addresses, or "*" for everybody who can log in`)
	}
	errs = append(errs, unclean("emailDomains", o.EmailDomains)...)
	errs = append(errs, unclean("allowedGroups", o.AllowedGroups)...)
	errs = append(errs, unclean("scopes", o.Scopes)...)
	errs = append(errs, config.All("skipAuthRoutes", o.SkipAuthRoutes, route)...)
	errs = append(errs, config.All("trustedProxyIPs", o.TrustedProxyIPs, addresses)...)
	return append(errs, config.NoPasswords("args", o.Args)...)
}

func (o *OAuth2Proxy) add(p *plan) {
	app, ok := p.upstream(o.Front)
	if !ok {
		return
	}
	c := p.container("oauth2-proxy", "oauth2-proxy")
	ports := p.allot(need{o.Port, 4180}, need{o.MetricsPort, 44180})
	port, metrics := ports[0], ports[1]
	c.Args = o.args(app, port, metrics)
	for _, e := range []struct{ name, key string }{{"CLIENT_ID", o.ClientIDKey}, {"CLIENT_SECRET", o.ClientSecretKey}, {"COOKIE_SECRET", o.CookieSecretKey}} {
		key := config.SecretKey{Name: o.SecretName, Key: e.key}
		c.Env = append(c.Env, key.Env("OAUTH2_PROXY_"+e.name))
	}
	c.Ports = []corev1.ContainerPort{{Name: inject.PortName(p.View, "oauth2-proxy", c.Name), ContainerPort: port}, {ContainerPort: metrics}}
	c.LivenessProbe, c.ReadinessProbe = inject.Asks("/ping", port, 30), inject.Asks("/ready", port, 10)
	p.run(c, inject.RankBeside)
	p.rewire(o.Front, app, port)
	if o.InsecureCookies {
		p.Findf(pod.Warning, pod.InsecureTransport, "insecureCookies sends the cookies of logged-in users over plain HTTP, where others can read them")
	}
}

func (o *OAuth2Proxy) args(app, port, metrics int32) []string {
	args := inject.Flags("--http-address", everywhere(port), "--metrics-address", everywhere(metrics),
		"--upstream", "http://"+local(app)+"/", "--provider", o.Provider, "--oidc-issuer-url", o.IssuerURL, "--redirect-url", o.RedirectURL,
		"--cookie-secure", strconv.FormatBool(!o.InsecureCookies))
	args = append(args, each("--email-domain", o.EmailDomains)...)
	args = append(args, each("--allowed-group", o.AllowedGroups)...)
	args = append(args, inject.Flags("--scope", joined(o.Scopes))...)
	args = append(args, each("--skip-auth-route", o.SkipAuthRoutes)...)
	if len(o.TrustedProxyIPs) > 0 {
		args = append(args, "--reverse-proxy=true")
		args = append(args, each("--trusted-proxy-ip", o.TrustedProxyIPs)...)
	}
	return append(args, inject.Literals(o.Args)...)
}
