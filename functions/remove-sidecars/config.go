package removesidecars

import (
	"github.com/krm-sidecars/krm-sidecars/pkg/config"
	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
)

// Config configures remove-sidecars. What is to go is named by all, functions or
// owners.
// +krm-sidecars:anyOf=all;functions;owners
type Config struct {
	// Target selects the objects that it goes from. Default: all.
	Target Target `json:"target,omitempty"`
	// All takes away everything that functions of this project added.
	All bool `json:"all,omitempty"`
	// Functions are names such as add-log-sidecar: everything that they added goes.
	// inject-sidecars stands for all that came through it.
	// +krm-sidecars:text=not-empty
	Functions []string `json:"functions,omitempty"`
	// Owners are configs, each as function.name, such as add-log-sidecar.access-logs:
	// what that one config added goes.
	// +krm-sidecars:text=not-empty
	Owners []string `json:"owners,omitempty"`
}

// Target selects objects.
type Target struct {
	config.Selection `json:",inline"`

	// Exclude takes objects out again.
	Exclude *config.Selector `json:"exclude,omitempty"`
	// Required makes it an error when there is nothing to take away.
	Required bool `json:"required,omitempty"`
}

// Default leaves all as it is.
func (c *Config) Default() {}

// Validate returns all that is wrong with the config but for names that only the
// list of functions can judge.
func (c *Config) Validate() config.Errors {
	target := c.target()
	_, errs := target.Compile()
	named := len(c.Functions) + len(c.Owners)
	switch {
	case named == 0 && !c.All:
		errs.Addf("spec", "names nothing to take away; write owners: [add-log-sidecar.access-logs], functions: [add-log-sidecar], or all: true")
	case named > 0 && c.All:
		errs.Addf("spec.all", "takes away everything, owners and functions say what; keep one of them")
	}
	return errs
}

// Leaving says what goes.
func (c *Config) Leaving() krm.Leaving {
	return krm.Leaving{Target: c.target(), All: c.All, Functions: c.Functions, Owners: c.Owners}
}

func (c *Config) target() config.Target {
	return config.Target{Selection: c.Target.Selection, Exclude: c.Target.Exclude, Required: c.Target.Required}
}
