package initcontainer

import (
	"strings"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
)

// Validate returns all that is wrong with the config.
func (c *Config) Validate() config.Errors {
	errs := c.Common.Validate()
	chosen := c.chosen()
	switch len(chosen) {
	case 1:
	case 0:
		errs.Addf("spec", "nothing to do; choose one of %s", fields(c.choices(), ", "))
	default:
		errs.Addf("spec", "holds %s; keep one of them, and give each of the others a config of its own", fields(chosen, " and "))
	}
	for _, one := range chosen {
		errs = append(errs, one.validate(c).Under("spec."+one.field)...)
	}
	errs = append(errs, atLeastOne("spec.timeoutSeconds", c.TimeoutSeconds)...)
	errs = append(errs, atLeastOne("spec.intervalSeconds", c.IntervalSeconds)...)
	if c.IntervalSeconds >= c.TimeoutSeconds && c.TimeoutSeconds > 0 {
		errs.Addf("spec.intervalSeconds", "%d leaves no second attempt in timeoutSeconds %d; write less", c.IntervalSeconds, c.TimeoutSeconds)
	}
	return append(errs, config.Each("spec.namespace", c.Namespace, config.DNSLabel)...)
}

func fields(choices []choice, between string) string {
	var names []string
	for _, c := range choices {
		names = append(names, c.field)
	}
	return strings.Join(names, between)
}

// atLeastOne reports a number of seconds below one; what was left open is not.
func atLeastOne(path string, seconds int32) config.Errors {
	var errs config.Errors
	if seconds < 1 {
		errs.Addf(path, "%d is less than one second", seconds)
	}
	return errs
}
