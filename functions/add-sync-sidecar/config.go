package syncsidecar

import (
	"strings"

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

// choice is a member by the field that holds it.
type choice struct {
	field string
	set   bool
	member
}

func (c *Config) choices() []choice {
	return []choice{
		{"git", c.Git != nil, c.Git},
		{"bucket", c.Bucket != nil, c.Bucket},
		{"configReload", c.ConfigReload != nil, c.ConfigReload},
		{"prometheusReload", c.PrometheusReload != nil, c.PrometheusReload},
		{"resources", c.Resources != nil, c.Resources},
		{"reloader", c.Reloader != nil, c.Reloader},
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
		errs.Addf("spec", "nothing to keep in step; choose one of %s", fields(c.choices(), ", "))
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
