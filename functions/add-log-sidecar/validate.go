package logsidecar

import (
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
	"github.com/krm-sidecars/krm-sidecars/pkg/lazyre"
)

// Validate returns all that is wrong with the config.
func (c *Config) Validate() config.Errors {
	errs := c.Common.Validate()
	a, known := agentOf(c.Agent)
	if why := gone()[c.Agent]; why != "" {
		errs.Addf("spec.agent", "%s %s", c.Agent, why)
	} else if !known {
		errs = append(errs, config.Each("spec.agent", c.Agent, config.Word(agentNames()...))...)
	}
	if len(c.Logs) == 0 {
		errs.Addf("spec.logs", "missing; give at least one log, such as logs: [{paths: [/var/log/app/app.log]}]")
	}
	for i, l := range c.Logs {
		errs = append(errs, l.validate(c.Agent).Under(indexed("spec.logs", i))...)
		if c.Agent == agentTail && l.ReadFrom != c.Logs[0].ReadFrom {
			errs.Addf(indexed("spec.logs", i)+".readFrom", "tail begins all files alike; use %s here too, or a config of its own for this log", c.Logs[0].ReadFrom)
		}
	}
	errs = append(errs, c.Volume.validate().Under("spec.volume")...)
	if c.FSGroup != nil && (*c.FSGroup < 1 || c.Platform == config.PlatformOpenShift) {
		errs.Addf("spec.fsGroup", "must be above 0, and must not be set on openshift, which chooses it")
	}
	switch {
	case !known:
	case c.Agent == agentTail:
		errs = append(errs, c.onlyTail()...)
	default:
		errs = append(errs, c.validateAgent(a)...)
	}
	return errs
}

// onlyTail reports what tail has no use for.
func (c *Config) onlyTail() config.Errors {
	var errs config.Errors
	for _, f := range []struct {
		field string
		set   bool
	}{
		{"spec.fields", len(c.Fields) > 0}, {"spec.serviceName", c.ServiceName != ""}, {"spec.config", c.Config.isSet()},
		{"spec.state", c.State.SizeLimit != ""}, {"spec.healthPort", c.HealthPort != 0}, {"spec.readiness", c.Readiness},
		{"spec.flushSeconds", c.FlushSeconds != 0},
	} {
		if f.set {
			errs.Addf(f.field, "tail copies lines as they are and has no configuration; leave it out, or choose another agent: %s", strings.Join(agentNames()[1:], ", "))
		}
	}
	if to := c.to().name(); c.Destination != nil && to != "stdout" {
		errs = append(errs, config.OneMember("spec.destination", c.Destination)...)
		if len(errs) == 0 || to != "" {
			errs.Addf("spec.destination."+to, "tail prints to standard output only; agents that send to %s are %s", to, sending(to))
		}
	}
	return errs
}

// isSet reports whether anything is changed.
func (c AgentConfig) isSet() bool { return c.Extra != nil || c.Append != "" || c.Existing != nil }

// fieldName is a name that all agents and destinations take as one key.
var fieldName = lazyre.New(`^[A-Za-z_][A-Za-z0-9_]*$`)

// validateAgent checks what is for agents with a configuration.
func (c *Config) validateAgent(a agent) config.Errors {
	errs := config.Each("spec.state.sizeLimit", c.State.SizeLimit, config.Quantity)
	if c.HealthPort < 0 || c.HealthPort > 65535 {
		errs.Addf("spec.healthPort", "is no port; write a number from 1 to 65535")
	}
	if c.FlushSeconds < 0 || c.FlushSeconds > 3600 {
		errs.Addf("spec.flushSeconds", "must be from 1 to 3600 seconds")
	}
	errs = append(errs, config.Each("spec.serviceName", c.ServiceName, config.LabelValue)...)
	inert := append([]config.Check{config.SingleLine, trimmed}, a.values...)
	for _, f := range byName(c.Fields) {
		at := "spec.fields." + f.key
		if !fieldName().MatchString(f.key) {
			errs.Addf(at, "%q is no name of a field; use letters, digits and _", f.key)
		}
		errs = append(errs, required(at, c.Fields[f.key], "give it a value", inert...)...)
		if isSecret(f.key, c.Fields[f.key]) {
			errs.Addf(at, "a secret in plain text, which would be in every record; leave it out")
		}
	}
	errs = append(errs, c.Config.validate(a)...)
	if c.Config.Existing != nil {
		return append(errs, c.besideExisting()...)
	}
	return append(errs, c.validateDestination(a)...)
}

// isSecret reports whether a text is a secret, by its name or what is in it.
func isSecret(name, text string) bool {
	return len(config.LiteralSecrets([]corev1.EnvVar{{Name: name, Value: text}}, "")) > 0
}

// trimmed is text that does not lose blanks at its ends.
func trimmed(text string) string {
	if strings.TrimSpace(text) != text {
		return "begins or ends with blanks; leave them out"
	}
	return ""
}

// validate checks the changes of the generated configuration.
func (c AgentConfig) validate(a agent) config.Errors {
	var errs config.Errors
	if c.Extra != nil && !a.yaml {
		errs.Addf("spec.config.extra", "%s is not configured in YAML; write append: with text in its language", a.name)
	}
	if c.Append != "" && a.yaml {
		errs.Addf("spec.config.append", "%s is configured in YAML; write extra: with a map", a.name)
	}
	errs = append(errs, literals(c.Extra, "spec.config.extra")...)
	if e := c.Existing; e != nil {
		if e.ConfigMap == "" {
			errs.Addf("spec.config.existing.configMap", "missing; name the ConfigMap that holds the configuration")
		}
		errs = append(errs, config.Each("spec.config.existing.configMap", e.ConfigMap, config.ObjectName)...)
		errs = append(errs, config.Each("spec.config.existing.key", e.Key, config.DataKey)...)
	}
	return errs
}

// literals reports secrets in plain text in a free-form map.
func literals(x any, at string) config.Errors {
	var errs config.Errors
	switch v := x.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			text, ok := v[key].(string)
			if !ok {
				errs = append(errs, literals(v[key], at+"."+key)...)
			} else if !strings.Contains(text, "${") && isSecret(key, text) {
				errs.Addf(at+"."+key, "a secret in plain text; write ${NAME}, and in container.env a variable NAME with valueFrom.secretKeyRef")
			}
		}
	case []any:
		for i, e := range v {
			errs = append(errs, literals(e, indexed(at, i))...)
		}
	}
	return errs
}

// besideExisting reports what would have to be in a configuration that the user
// wrote.
func (c *Config) besideExisting() config.Errors {
	var errs config.Errors
	refuse := func(field string, set bool) {
		if set {
			errs.Addf(field, "has no effect on the configuration in config.existing; write it there and leave it out here")
		}
	}
	refuse("spec.destination", c.Destination != nil)
	refuse("spec.fields", len(c.Fields) > 0)
	refuse("spec.serviceName", c.ServiceName != "")
	refuse("spec.config.extra", c.Config.Extra != nil)
	refuse("spec.config.append", c.Config.Append != "")
	for i, l := range c.Logs {
		refuse(indexed("spec.logs", i)+".parser", l.Parser.kind() != parserNone)
		refuse(indexed("spec.logs", i)+".multiline", l.Multiline != nil)
		refuse(indexed("spec.logs", i)+".exclude", len(l.Exclude) > 0)
	}
	if c.Readiness && c.HealthPort == 0 {
		errs.Addf("spec.readiness", "needs healthPort, the port at which the configuration in config.existing serves health")
	}
	return errs
}

// validRegex is an expression that all agents read.
func validRegex(text string) string {
	if _, err := regexp.Compile(text); err != nil {
		return "is no expression in RE2 syntax: " + strings.TrimPrefix(err.Error(), "error parsing regexp: ")
	}
	if uncommon().MatchString(text) {
		return `holds \Q, \C, or a flag other than (?i), which agents read in different ways`
	}
	return ""
}

// uncommon is what not all engines have, or have with another meaning.
var uncommon = lazyre.New(`\\[QEC]|\(\?[a-zA-Z-]*[smU-]`)

// namedRegex is an expression that gives fields.
func namedRegex(text string) string {
	names := groups(text)
	if len(names) == 0 {
		return "names no fields; write groups such as (?P<level>[A-Z]+)"
	}
	for _, name := range names {
		if !fieldName().MatchString(name) {
			return "has a group " + name + " that is no name of a field"
		}
	}
	return ""
}

// cleanPath is a path with nothing in it that an agent reads in its own way.
func cleanPath(text string) string {
	if i := strings.IndexAny(text, `,{}$%"'\#`); i >= 0 {
		return "holds " + text[i:i+1] + ", which agents do not take as part of a name"
	}
	if path.Clean(text) != text {
		return "is not clean; write " + path.Clean(text)
	}
	return ""
}
