package initcontainer

import (
	"github.com/krm-sidecars/krm-sidecars/pkg/config"
)

// Config configures add-init-container. It holds one of the patterns.
// +krm-sidecars:oneOf=waitFor;migrate;fetch;permissions;render;register;check;script;custom
type Config struct {
	config.Common `json:",inline"`

	// WaitFor holds the app back until all of these are there.
	WaitFor []Wait `json:"waitFor,omitempty"`
	// Migrate brings the schema of a database up to date.
	Migrate *Migrate `json:"migrate,omitempty"`
	// Fetch brings files from elsewhere.
	Fetch *Fetch `json:"fetch,omitempty"`
	// Permissions gives the app access to its volumes.
	Permissions *Permissions `json:"permissions,omitempty"`
	// Render makes files out of templates.
	Render *Render `json:"render,omitempty"`
	// Register tells a service discovery about the pod.
	Register *Register `json:"register,omitempty"`
	// Check stops a pod that is not as it should be.
	Check *Check `json:"check,omitempty"`
	// Script runs a script of yours, such as one that prepares a file.
	Script *Script `json:"script,omitempty"`
	// Custom is any other container.
	Custom *Custom `json:"custom,omitempty"`

	// TimeoutSeconds bounds the whole of it: after that, the container fails and
	// says why, and Kubernetes starts it anew. Default 300.
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:default=300
	TimeoutSeconds int32 `json:"timeoutSeconds,omitempty"`
	// IntervalSeconds lie between two attempts. Default 2.
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:default=2
	IntervalSeconds int32 `json:"intervalSeconds,omitempty"`
	// Namespace is that of the pods, where the manifests have none and rights are
	// to be given: a RoleBinding has to name it.
	// +krm-sidecars:text=dns-label
	Namespace string `json:"namespace,omitempty"`
}

// Limits of time, in seconds.
const (
	defaultTimeout  = 300
	defaultInterval = 2
)

// Default fills in what the user left open.
func (c *Config) Default() {
	c.Common.Default()
	if c.TimeoutSeconds == 0 {
		c.TimeoutSeconds = defaultTimeout
	}
	if c.IntervalSeconds == 0 {
		c.IntervalSeconds = defaultInterval
	}
	for _, chosen := range c.chosen() {
		chosen.Block.setDefaults()
	}
}
