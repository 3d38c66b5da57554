package vaultinit

import "github.com/krm-sidecars/krm-sidecars/pkg/pod"

// fromAnnotations completes the config with the annotations of a pod template.
func (c *Config) fromAnnotations(v *pod.View) (*Config, []pod.Finding) {
	return nil, []pod.Finding{{Severity: pod.Error, Code: pod.InvalidConfig, Field: v.Path.String(),
		Message: "spec.fromAnnotations is not supported yet; write the secrets into the config"}}
}
