package syncsidecar

import (
	"github.com/krm-sidecars/krm-sidecars/pkg/config"
)

// Config configures add-sync-sidecar. It holds one of the sources.
// +krm-sidecars:oneOf=git;bucket;configReload;prometheusReload;resources;reloader
type Config struct {
	config.Common `json:",inline"`

	// Git keeps a directory in step with a git repository (git-sync).
	Git *Git `json:"git,omitempty"`
	// Bucket keeps a directory in step with a bucket, either way (rclone).
	Bucket *Bucket `json:"bucket,omitempty"`
	// ConfigReload tells the app when a ConfigMap or Secret that it mounts has changed
	// (configmap-reload).
	ConfigReload *ConfigReload `json:"configReload,omitempty"`
	// PrometheusReload does that for Prometheus and its kin, and fills variables in
	// (prometheus-config-reloader).
	PrometheusReload *PrometheusReload `json:"prometheusReload,omitempty"`
	// Resources writes ConfigMaps and Secrets of the cluster, chosen by label, to a
	// directory (k8s-sidecar).
	Resources *Resources `json:"resources,omitempty"`
	// Reloader asks the operator Reloader to restart the pods when their ConfigMaps or
	// Secrets change; no container is added.
	Reloader *Reloader `json:"reloader,omitempty"`
}

// member is a source that a config may hold.
type member interface {
	setDefaults()
	validate() config.Errors // with paths below the member's field
	add(p *plan)
}

func (c *Config) choices() []config.Choice[member] {
	return []config.Choice[member]{
		{Field: "git", Set: c.Git != nil, Block: c.Git},
		{Field: "bucket", Set: c.Bucket != nil, Block: c.Bucket},
		{Field: "configReload", Set: c.ConfigReload != nil, Block: c.ConfigReload},
		{Field: "prometheusReload", Set: c.PrometheusReload != nil, Block: c.PrometheusReload},
		{Field: "resources", Set: c.Resources != nil, Block: c.Resources},
		{Field: "reloader", Set: c.Reloader != nil, Block: c.Reloader},
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
	errs := append(c.Common.Validate(), config.OneChoice("nothing to keep in step", c.choices())...)
	for _, one := range c.chosen() {
		errs = append(errs, one.Block.validate().Under("spec."+one.Field)...)
	}
	return errs
}
