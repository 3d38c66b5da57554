package exporter

import (
	"maps"
	"net/url"
	"path"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
	"github.com/krm-sidecars/krm-sidecars/pkg/servicemesh"
)

// Validate returns all that is wrong with the config.
func (c *Config) Validate() config.Errors {
	errs := c.Common.Validate()
	if !c.known {
		errs.Addf("spec.preset", "%s", c.noPreset())
	}
	errs = append(errs, c.validateFormats()...)
	if c.known {
		errs = append(errs, c.validatePort(c.preset)...)
		errs = append(errs, c.validateUse(c.preset)...)
		errs = append(errs, c.validateParts(c.preset)...)
	}
	return append(errs, c.Discovery.validate().Under("spec.discovery")...)
}

// noPreset says why a word is no preset.
func (c *Config) noPreset() string {
	if c.Preset == "" {
		return "missing; name what is to be watched, such as nginx, redis or postgres, or custom for any other image"
	}
	if why := refused()[c.Preset]; why != "" {
		return `"` + c.Preset + `" has no preset: ` + why
	}
	return `"` + c.Preset + `" ` + config.Word(words()...)(c.Preset)
}

// validateFormats checks what can be checked without knowing the preset.
func (c *Config) validateFormats() config.Errors {
	errs := config.Each("spec.path", c.Path, absolute)
	errs = append(errs, config.Each("spec.appAddress", c.AppAddress, hostPort)...)
	if c.AppAddress != "" && c.URI != "" {
		errs.Addf("spec.uri", "takes the place of appAddress; keep one of them")
	}
	if bad := config.NoPassword("spec.uri", c.URI); len(bad) > 0 {
		errs = append(errs, bad...)
	} else {
		errs = append(errs, config.Each("spec.uri", c.URI, config.SingleLine)...)
	}
	errs = append(errs, config.OneOf("spec.ipFamily", c.IPFamily, ipv4, ipv6)...)
	errs = append(errs, config.NoPasswords("spec.args", c.Args)...)
	errs = append(errs, config.Each("spec.logFile", c.LogFile, filePath, logDir)...)
	errs = append(errs, config.OneOf("spec.exposeStatus", c.ExposeStatus, exposeAuto, exposeOff)...)
	return append(errs, config.OneOf("spec.excludeFromMesh", c.ExcludeFromMesh, servicemesh.Names()...)...)
}

func (c *Config) validatePort(p preset) config.Errors {
	var errs config.Errors
	n := c.Port.IntVal
	switch {
	case c.Port.Type == intstr.String && !c.moves():
		errs.Addf("spec.port", "%q is neither a number nor auto; write a number without quotes", c.Port.StrVal)
	case c.Port.Type == intstr.Int && n != 0 && (n < minPort || n > maxPort):
		errs.Addf("spec.port", "%d is no port; write a number from %d to %d", n, minPort, maxPort)
	case p.native && c.moves():
		errs.Addf("spec.port", "the app itself serves the metrics; write the port that it has")
	case n == 0 && p.port == 0 && c.Preset == presetCustom && c.Custom == nil: // told as a whole
	case n == 0 && p.port == 0 && c.Preset == presetCustom:
		errs.Addf("spec.custom.port", "missing; write the port where the exporter serves its metrics")
	case n == 0 && p.port == 0:
		errs.Addf("spec.port", "missing; write the port where the app serves its metrics")
	case c.moves() && p.log && c.Config.set():
		errs.Addf("spec.port", "the configuration file says which port; write the same number here")
	}
	return errs
}

// use is a field that only some presets have a use for.
type use struct {
	field    string
	set, fit bool
	instead  string
}

// validateUse reports fields that would do nothing.
func (c *Config) validateUse(p preset) config.Errors {
	runs := !p.native && !p.agent
	copies := p.agent && c.Minor() < imageVolumesFrom
	var errs config.Errors
	for _, u := range []use{
		{"spec.appAddress", c.AppAddress != "", runs && p.uri != "", "the exporter is not told an address"},
		{"spec.uri", c.URI != "", runs && p.uri != "", "the exporter is not told an address"},
		{"spec.args", len(c.Args) > 0, runs, "no exporter runs in a container of its own"},
		{"spec.readiness", c.Readiness, runs, "no exporter runs in a container of its own"},
		{"spec.container", c.Container != nil, runs || copies, "no container is added"},
		{"spec.container.ports", c.Container != nil && len(c.Container.Ports) > 0, false, "everything follows spec.port"},
		{"spec.logFile", c.LogFile != "", p.log, "it reads no log"},
		{"spec.jmx", c.JMX != nil, p.needsJar(), "it is for jmx and jmx-standalone"},
		{"spec.custom", c.Custom != nil, c.Preset == presetCustom, "it is for preset custom"},
	} {
		if u.set && !u.fit {
			errs.Addf(u.field, "has no use with preset %s: %s; take it out", p.name, u.instead)
		}
	}
	if p.probes() && c.AppAddress == "" && c.URI == "" {
		errs.Addf("spec.appAddress", "missing; write the address to probe, such as 127.0.0.1:8080, or spec.uri")
	}
	return errs
}

// validateParts checks the blocks of the config.
func (c *Config) validateParts(p preset) config.Errors {
	errs := c.Credentials.validate(p).Under("spec.credentials")
	errs = append(errs, c.Config.validate(p).Under("spec.config")...)
	if p.needsJar() {
		errs = append(errs, c.JMX.validate().Under("spec.jmx")...)
	}
	switch {
	case c.Preset == presetCustom && c.Custom == nil:
		errs.Addf("spec.custom", "missing; write {image: ..., port: ...}")
	case c.Preset == presetCustom:
		errs = append(errs, c.Custom.validate().Under("spec.custom")...)
	}
	return errs
}

// needsJar reports whether the exporter is a jar that the user brings.
func (p preset) needsJar() bool { return p.agent || p.name == presetStandalone }

// probes reports whether each request for metrics names an address.
func (p preset) probes() bool {
	return slices.ContainsFunc(slices.Collect(maps.Values(p.params)), func(v string) bool { return strings.Contains(v, "{uri}") })
}

// hostPort is the address of an app.
func hostPort(text string) string {
	u, err := url.Parse("tcp://" + text)
	if err != nil || u.Host != text || u.Hostname() == "" || strings.Contains(text, "$") || config.Port(u.Port()) != "" {
		return "is no address; write host:port, such as 127.0.0.1:8080"
	}
	return ""
}

// logDir checks the directory of a log file, where a volume may be mounted.
func logDir(text string) string {
	if wrong := config.MountPath(path.Dir(text)); wrong != "" {
		return "lies in " + path.Dir(text) + ", which " + wrong
	}
	return ""
}
