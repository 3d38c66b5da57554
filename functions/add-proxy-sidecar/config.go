package proxysidecar

import (
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

func (c *Config) choices() []config.Choice[member] {
	return []config.Choice[member]{
		{Field: "oauth2Proxy", Set: c.OAuth2Proxy != nil, Block: c.OAuth2Proxy},
		{Field: "tls", Set: c.TLS != nil, Block: c.TLS},
		{Field: "rbac", Set: c.RBAC != nil, Block: c.RBAC},
		{Field: "envoy", Set: c.Envoy != nil, Block: c.Envoy},
		{Field: "cloudSQL", Set: c.CloudSQL != nil, Block: c.CloudSQL},
		{Field: "alloyDB", Set: c.AlloyDB != nil, Block: c.AlloyDB},
		{Field: "cloudflared", Set: c.Cloudflared != nil, Block: c.Cloudflared},
		{Field: "custom", Set: c.Custom != nil, Block: c.Custom},
	}
}

// chosen returns the members that the config holds: of a valid one, it is one.
func (c *Config) chosen() []config.Choice[member] { return config.Chosen(c.choices()) }

// Default fills in what the user left open.
func (c *Config) Default() {
	c.Common.Default()
	for _, chosen := range c.chosen() {
		chosen.Block.setDefaults()
	}
}

// Validate returns all that is wrong with the config.
func (c *Config) Validate() config.Errors {
	errs := append(c.Common.Validate(), config.OneChoice("no proxy", c.choices())...)
	for _, one := range c.chosen() {
		errs = append(errs, one.Block.validate().Under("spec."+one.Field)...)
	}
	return errs
}
