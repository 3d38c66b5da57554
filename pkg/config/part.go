package config

import (
	"cmp"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/validation"
)

// Part is a functionConfig inside something else. It is written in short, as
// {kind, name, spec}, or in full.
type Part struct {
	// Kind tells the function, such as AddLogSidecar. Required.
	// +required
	// +krm-sidecars:partKind
	Kind string `json:"kind,omitempty"`
	// Name names this use of the function. Default: the name of what it stands in.
	// +krm-sidecars:text=object-name
	Name string `json:"name,omitempty"`
	// Spec is the function's config. Required.
	// +required
	Spec map[string]any `json:"spec,omitempty"`
	// APIVersion is krm-sidecars.dev/v1alpha1; it may be left out.
	// +kubebuilder:validation:Enum=krm-sidecars.dev/v1alpha1
	APIVersion string `json:"apiVersion,omitempty"`
	// Metadata holds the name in the long form.
	Metadata metav1.ObjectMeta `json:"metadata,omitempty"`
}

// Instance returns the name of the instance, "" when the part names none.
func (p Part) Instance() string { return cmp.Or(p.Name, p.Metadata.Name) }

// Validate returns what is wrong around the part's spec, which stands at path.
func (p Part) Validate(path string) Errors {
	var errs Errors
	switch field := path + ".name"; {
	case p.Name != "" && p.Metadata.Name != "":
		errs.Addf(field, "given as name and as metadata.name; keep one")
	case p.Instance() != "" && len(validation.IsDNS1123Subdomain(p.Instance())) > 0:
		if p.Name == "" {
			field = path + ".metadata.name"
		}
		errs.Addf(field, "%q is no valid name; use lower-case letters, digits, - and dots, such as web-logs", p.Instance())
	}
	if p.APIVersion != "" && p.APIVersion != APIVersion {
		errs.Addf(path+".apiVersion", "%q is not known here; write %s", p.APIVersion, APIVersion)
	}
	return errs
}

// FromItems takes functionConfigs that lie among the items that the function is
// given.
type FromItems struct {
	// Kinds are those to take, such as AddLogSidecar. Default: all.
	// +krm-sidecars:partKind
	Kinds []string `json:"kinds,omitempty"`
	// Drop leaves the configs out of the output, as kustomize needs it: a cluster
	// does not know them. Default false.
	Drop bool `json:"drop,omitempty"`
}

// Inherit takes over from what all parts of a config share what c leaves open.
// It comes before Default. What the shared target selects is not taken over: both
// have to select a workload.
func (c *Common) Inherit(shared *Common) {
	for _, f := range []struct{ mine, theirs *string }{
		{&c.KubernetesVersion, &shared.KubernetesVersion},
		{&c.Platform, &shared.Platform},
		{&c.InjectAs, &shared.InjectAs},
		{&c.OnConflict, &shared.OnConflict},
	} {
		*f.mine = cmp.Or(*f.mine, *f.theirs)
	}
	if c.ImagePullSecrets == nil {
		c.ImagePullSecrets = shared.ImagePullSecrets
	}
	t, from := &c.Target, &shared.Target
	if t.Containers == nil {
		t.Containers = from.Containers
	}
	t.TemplatePaths = append(t.TemplatePaths, from.TemplatePaths...)
	t.IncludeHelmHooks = t.IncludeHelmHooks || from.IncludeHelmHooks
	t.Required = t.Required || from.Required
}
