package lint

import (
	"cmp"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
)

// Adjust gives the config what a command line sets.
func (c *Config) Adjust(j krm.Judgement) config.Errors {
	rules := map[string]Severity{}
	for name, severity := range c.Rules {
		if !overridden(name, j.Rules) {
			rules[name] = severity
		}
	}
	for name, severity := range j.Rules {
		rules[name] = Severity(severity)
	}
	c.FailOn, c.Rules, c.Fix = cmp.Or(j.FailOn, c.FailOn), rules, j.Fix
	c.Default()
	return c.Validate()
}

// overridden reports whether others name the rule of a name, too.
func overridden(name string, others map[string]string) bool {
	for _, r := range table() {
		for other := range others {
			if r.is(name) && r.is(other) {
				return true
			}
		}
	}
	return false
}
