package catalog

import (
	"fmt"
	"slices"
	"strings"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
)

// Validate returns what the KEP would not have.
func (c *Catalog) Validate() config.Errors {
	var errs config.Errors
	if len(c.Spec.Functions) == 0 {
		errs.Addf("spec.krmFunctions", "empty; list at least one function")
	}
	seen := map[string]string{}
	for i, f := range c.Spec.Functions {
		at := fmt.Sprintf("spec.krmFunctions[%d]", i)
		errs = append(errs, f.validate().Under(at)...)
		for j, v := range f.Versions {
			name, here := f.Names.Kind+" of "+f.Group+"/"+v.Name, fmt.Sprintf("%s.versions[%d]", at, j)
			if before := seen[name]; before != "" {
				errs.Addf(here, "%s is in %s already, which hosts take; remove one", name, before)
				continue
			}
			seen[name] = here
		}
	}
	return errs
}

// text is a field that must not be empty.
type text struct{ path, value string }

func required(fields ...text) config.Errors {
	var errs config.Errors
	for _, f := range fields {
		if f.value == "" {
			errs.Addf(f.path, "missing; the catalog needs it")
		}
	}
	return errs
}

func (f *Function) validate() config.Errors {
	errs := required(
		text{"group", f.Group}, text{"names.kind", f.Names.Kind},
		text{"description", f.Description}, text{"publisher", f.Publisher},
	)
	if len(f.Versions) == 0 {
		errs.Addf("versions", "empty; list at least one version of the functionConfig")
	}
	for i, v := range f.Versions {
		errs = append(errs, v.validate().Under(fmt.Sprintf("versions[%d]", i))...)
	}
	return errs
}

func (v *Version) validate() config.Errors {
	errs := required(text{"name", v.Name}, text{"usage", v.Usage}, text{"license", v.License})
	errs = append(errs, config.OneOf("license", v.License, License)...)
	if v.Idempotent == nil {
		errs.Addf("idempotent", "missing; write true or false")
	}
	if len(v.Examples) == 0 {
		errs.Addf("examples", "empty; name the README of at least one example")
	}
	if len(v.Schema.OpenAPIV3Schema) == 0 {
		errs.Addf("schema.openAPIV3Schema", "missing; describe the functionConfig")
	}
	return append(errs, v.Runtime.validate().Under("runtime")...)
}

func (r *Runtime) validate() config.Errors {
	var errs config.Errors
	if r.Container == nil && r.Exec == nil {
		errs.Addf("", "needs container or exec, or both")
	}
	if r.Container != nil {
		errs = append(errs, required(text{"container.image", r.Container.Image})...)
		errs = append(errs, sum("container.sha256", r.Container.SHA256)...)
	}
	if r.Exec == nil {
		return errs
	}
	if len(r.Exec.Platforms) == 0 {
		errs.Addf("exec.platforms", "empty; list the program for at least one platform")
	}
	for i, p := range r.Exec.Platforms {
		errs = append(errs, p.validate().Under(fmt.Sprintf("exec.platforms[%d]", i))...)
	}
	return errs
}

func (p *Platform) validate() config.Errors {
	return slices.Concat(
		required(text{"bin", p.Bin}, text{"os", p.OS}, text{"arch", p.Arch}, text{"uri", p.URI}),
		config.OneOf("os", p.OS, oses()...), config.OneOf("arch", p.Arch, arches()...), sum("sha256", p.SHA256),
	)
}

// sum checks the form of a checksum that is known.
func sum(path, value string) config.Errors {
	var errs config.Errors
	switch {
	case value == "" || hex64().MatchString(value):
	case strings.HasPrefix(value, "sha256:"):
		errs.Addf(path, "%q; write the digits alone, without sha256: in front", value)
	default:
		errs.Addf(path, "%q is no SHA-256; write its 64 hex digits", value)
	}
	return errs
}
