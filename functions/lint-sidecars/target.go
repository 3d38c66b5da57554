package lint

import "github.com/krm-sidecars/krm-sidecars/pkg/config"

// Target selects the workloads to look at.
type Target struct {
	config.Selection `json:",inline"`

	// Exclude takes workloads out again.
	Exclude *config.Selector `json:"exclude,omitempty"`
	// TemplatePaths are the places where further kinds hold pod templates.
	TemplatePaths []config.TemplatePath `json:"templatePaths,omitempty"`
	// Required makes it an error when nothing matches.
	Required bool `json:"required,omitempty"`
}

// common is the target as all functions have it.
func (t Target) common() config.Target {
	return config.Target{Selection: t.Selection, Exclude: t.Exclude, TemplatePaths: t.TemplatePaths, Required: t.Required}
}

// target is what an Ignore selects.
func (i Ignore) target() *config.Target {
	if i.Target == nil {
		return &config.Target{}
	}
	return &config.Target{Selection: i.Target.Selection}
}
