package proxysidecar

import (
	"strings"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
)

// Config configures add-proxy-sidecar. It holds one of the proxies.
// +krm-sidecars:oneOf=oauth2Proxy;tls;rbac;envoy;cloudSQL;alloyDB;cloudflared;custom
type Config struct {
	config.Common `json:",inline"`

	// OAuth2Proxy lets users log in before they reach the app.
	OAuth2Proxy *OAuth2Proxy `json:"oauth2Proxy,omitempty"`
	// TLS takes TLS, also with certificates of clients, and hands the app plain text
	// (ghostunnel).
	TLS *TLS `json:"tls,omitempty"`
	// RBAC asks the API server whether a client may do what it wants (kube-rbac-proxy).
	RBAC *RBAC `json:"rbac,omitempty"`
	// Envoy runs Envoy in front of the app, with your configuration or a small one.
	Envoy *Envoy `json:"envoy,omitempty"`
	// CloudSQL connects the app to databases of Google Cloud SQL.
	CloudSQL *CloudSQL `json:"cloudSQL,omitempty"`
	// AlloyDB connects the app to databases of Google AlloyDB.
	AlloyDB *AlloyDB `json:"alloyDB,omitempty"`
	// Cloudflared opens a Cloudflare Tunnel to the app.
	Cloudflared *Cloudflared `json:"cloudflared,omitempty"`
	// Custom is any other proxy.
	Custom *Custom `json:"custom,omitempty"`
}

// member is a proxy that a config may hold.
type member interface {
	setDefaults()
	validate() config.Errors // with paths below the member's field
	add(p *plan)
}

// choice is a member by the field that holds it.
type choice struct {
	field string
	set   bool
	member
}

func (c *Config) choices() []choice {
	return []choice{
		{"oauth2Proxy", c.OAuth2Proxy != nil, c.OAuth2Proxy},
		{"tls", c.TLS != nil, c.TLS},
		{"rbac", c.RBAC != nil, c.RBAC},
		{"envoy", c.Envoy != nil, c.Envoy},
		{"cloudSQL", c.CloudSQL != nil, c.CloudSQL},
		{"alloyDB", c.AlloyDB != nil, c.AlloyDB},
		{"cloudflared", c.Cloudflared != nil, c.Cloudflared},
		{"custom", c.Custom != nil, c.Custom},
	}
}

// chosen returns the members that the config holds: of a valid one, it is one.
func (c *Config) chosen() []choice {
	var set []choice
	for _, choice := range c.choices() {
		if choice.set {
			set = append(set, choice)
		}
	}
	return set
}

// Default fills in what the user left open.
func (c *Config) Default() {
	c.Common.Default()
	for _, chosen := range c.chosen() {
		chosen.setDefaults()
	}
}

// Validate returns all that is wrong with the config.
func (c *Config) Validate() config.Errors {
	errs := c.Common.Validate()
	chosen := c.chosen()
	switch len(chosen) {
	case 1:
	case 0:
		errs.Addf("spec", "no proxy; choose one of %s", fields(c.choices(), ", "))
	default:
		errs.Addf("spec", "holds %s; keep one of them, and give each of the others a config of its own", fields(chosen, " and "))
	}
	for _, one := range chosen {
		errs = append(errs, one.validate().Under("spec."+one.field)...)
	}
	return errs
}

func fields(choices []choice, between string) string {
	var names []string
	for _, c := range choices {
		names = append(names, c.field)
	}
	return strings.Join(names, between)
}
