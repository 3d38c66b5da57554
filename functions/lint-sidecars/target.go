package lint

import "github.com/krm-sidecars/krm-sidecars/pkg/config"

// Target selects the workloads to look at.
type Target struct {
	// Kinds are Deployment, in any group, or argoproj.io/Rollout.
	// +krm-sidecars:text=kind
	Kinds []string `json:"kinds,omitempty"`
	// Names are names, or shell patterns such as web-*.
	// +krm-sidecars:text=not-empty
	Names []string `json:"names,omitempty"`
	// Namespaces are names, or shell patterns such as team-*.
	// +krm-sidecars:text=not-empty
	Namespaces []string `json:"namespaces,omitempty"`
	// Labels is a selector, such as app=web,tier!=db.
	Labels string `json:"labels,omitempty"`
	// Annotations is a selector, such as example.com/logs.
	Annotations string `json:"annotations,omitempty"`
	// Exclude takes workloads out again.
	Exclude *config.Selector `json:"exclude,omitempty"`
	// TemplatePaths are the places where further kinds hold pod templates.
	TemplatePaths []config.TemplatePath `json:"templatePaths,omitempty"`
	// Required makes it an error when nothing matches.
	Required bool `json:"required,omitempty"`
}

// common is the target as all functions have it.
func (t Target) common() config.Target {
	return config.Target{Kinds: t.Kinds, Names: t.Names, Namespaces: t.Namespaces, Labels: t.Labels, Annotations: t.Annotations,
		Exclude: t.Exclude, TemplatePaths: t.TemplatePaths, Required: t.Required}
}

// target is what an Ignore selects.
func (i Ignore) target() *config.Target {
	if i.Target == nil {
		return &config.Target{}
	}
	t := i.Target
	return &config.Target{Kinds: t.Kinds, Names: t.Names, Namespaces: t.Namespaces, Labels: t.Labels, Annotations: t.Annotations}
}
