package sidecar

import (
	"cmp"
	"fmt"
	"maps"
	"path"
	"slices"

	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
)

// validateTransfer checks what variables are copied.
func (c *Config) validateTransfer() config.Errors {
	var errs config.Errors
	for i, t := range c.TransferEnv {
		at := fmt.Sprintf("spec.transferEnv[%d]", i)
		errs = append(errs, t.validate().Under(at)...)
		errs = append(errs, c.validateNew(at, t)...)
	}
	return errs
}

func (t Transfer) validate() config.Errors {
	errs := config.Each("container", t.Container, config.DNSLabel)
	errs = append(errs, config.All("names", t.Names, config.EnvName)...)
	switch {
	case t.All && len(t.Names) > 0:
		errs.Addf("names", "has no use with all: true; keep one of them")
	case !t.All && len(t.Names) == 0:
		errs.Addf("names", "missing; name the variables, or set all: true")
	}
	if t.ContainerFrom != nil {
		errs = append(errs, t.ContainerFrom.validate(t.Container).Under("containerFrom")...)
	}
	return append(errs, t.validateAs()...)
}

// validateAs checks the new names of variables.
func (t Transfer) validateAs() config.Errors {
	var errs config.Errors
	by := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(t.As)) {
		at, as := "as."+name, t.As[name]
		switch {
		case as == "":
			errs.Addf(at, "empty; write the name that it gets")
		case by[as] != "":
			errs.Addf(at, "%q is the new name of %s, too; variables need names of their own", as, by[as])
		}
		errs = append(errs, config.Each(at, name, config.EnvName)...)
		errs = append(errs, config.Each(at, as, config.EnvName)...)
		by[as] = name
	}
	return errs
}

func (n NameFrom) validate(container string) config.Errors {
	var errs config.Errors
	switch {
	case container != "":
		errs.Addf("", "container is set as well; keep one of them")
	case (n.Label == "") == (n.Annotation == ""):
		errs.Addf("", "reads one key; set label or annotation")
	}
	errs = append(errs, config.Each("label", n.Label, config.LabelKey)...)
	return append(errs, config.Each("annotation", n.Annotation, config.LabelKey)...)
}

// validateNew reports variables to copy that the container has already.
func (c *Config) validateNew(at string, t Transfer) config.Errors {
	var errs config.Errors
	for i, n := range t.Names {
		as := cmp.Or(t.As[n], n)
		if c.Container != nil && slices.ContainsFunc(c.Container.Env, func(e corev1.EnvVar) bool { return e.Name == as }) {
			errs.Addf(fmt.Sprintf("%s.names[%d]", at, i), "%q is in spec.container.env as well; keep one", as)
		}
	}
	return errs
}

// pattern checks a name or shell pattern.
func pattern(text string) string {
	if _, err := path.Match(text, ""); err != nil {
		return "is no pattern; close its brackets, or write \\[ for a bracket"
	}
	return ""
}
