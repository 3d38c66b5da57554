package injectsidecars

import (
	"github.com/krm-sidecars/krm-sidecars/pkg/config"
	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
)

// Config configures inject-sidecars.
// +krm-sidecars:anyOf=functions;fromItems
type Config struct {
	// Target selects the workloads for all functions; a function's own target
	// narrows it. Default: all workloads.
	Target config.Target `json:"target,omitempty"`
	// KubernetesVersion is the oldest version that the manifests must run on. It, and
	// the fields below it, are for the functions that do not set them themselves.
	// +krm-sidecars:text=version
	KubernetesVersion string `json:"kubernetesVersion,omitempty"`
	// Platform is kubernetes or openshift.
	// +kubebuilder:validation:Enum=kubernetes;openshift
	Platform string `json:"platform,omitempty"`
	// InjectAs is auto, native or container.
	// +kubebuilder:validation:Enum=auto;native;container
	InjectAs string `json:"injectAs,omitempty"`
	// OnConflict is error or skip.
	// +kubebuilder:validation:Enum=error;skip
	OnConflict string `json:"onConflict,omitempty"`
	// ImagePullSecrets are names of Secrets for the registry of the injected images.
	// +krm-sidecars:text=object-name
	ImagePullSecrets []string `json:"imagePullSecrets,omitempty"`
	// Functions are the configs of the functions to run, each with kind, name and
	// spec, or whole objects.
	Functions []config.Part `json:"functions,omitempty"`
	// FromItems takes configs that lie among the items as well: with kustomize among
	// the resources, with kpt in the package.
	FromItems *config.FromItems `json:"fromItems,omitempty"`
}

// Default leaves all open: it is for the functions to fill in.
func (c *Config) Default() {}

// Validate returns all that is wrong with the config around its functions.
func (c *Config) Validate() config.Errors {
	errs := c.shared().Validate()
	if len(c.Functions) == 0 && c.FromItems == nil {
		errs.Addf("spec.functions", "missing; list the configs of the functions to run, or set fromItems: {}")
	}
	return errs
}

// Composition returns the functions to run.
func (c *Config) Composition() krm.Composition {
	return krm.Composition{Shared: *c.shared(), Parts: c.Functions, FromItems: c.FromItems}
}

func (c *Config) shared() *config.Common {
	return &config.Common{
		Target: c.Target, KubernetesVersion: c.KubernetesVersion, Platform: c.Platform,
		InjectAs: c.InjectAs, OnConflict: c.OnConflict, ImagePullSecrets: c.ImagePullSecrets,
	}
}
