package initcontainer

import (
	"github.com/krm-sidecars/krm-sidecars/pkg/config"
)

// Validate returns all that is wrong with the config.
func (c *Config) Validate() config.Errors {
	errs := append(c.Common.Validate(), config.OneChoice("nothing to do", c.choices())...)
	for _, one := range c.chosen() {
		errs = append(errs, one.Block.validate(c).Under("spec."+one.Field)...)
	}
	errs = append(errs, atLeastOne("spec.timeoutSeconds", c.TimeoutSeconds)...)
	errs = append(errs, atLeastOne("spec.intervalSeconds", c.IntervalSeconds)...)
	if c.IntervalSeconds >= c.TimeoutSeconds && c.TimeoutSeconds > 0 {
		errs.Addf("spec.intervalSeconds", "%d leaves no second attempt in timeoutSeconds %d; write less", c.IntervalSeconds, c.TimeoutSeconds)
	}
	return append(errs, config.Each("spec.namespace", c.Namespace, config.DNSLabel)...)
}

// atLeastOne reports a number of seconds below one; what was left open is not.
func atLeastOne(path string, seconds int32) config.Errors {
	var errs config.Errors
	if seconds < 1 {
		errs.Addf(path, "%d is less than one second", seconds)
	}
	return errs
}
