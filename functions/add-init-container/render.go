package initcontainer

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
	"github.com/krm-sidecars/krm-sidecars/pkg/lazyre"
)

// Render makes files out of templates, before the app reads them. The directory of
// secret values lies in memory.
// +krm-sidecars:oneOf=templates;configMap
type Render struct {
	// Templates are texts, by the names of the files that they become. They go into a
	// generated ConfigMap.
	Templates map[string]string `json:"templates,omitempty"`
	// ConfigMap that holds the templates; its keys are the names of the files.
	// +krm-sidecars:text=object-name
	ConfigMap string `json:"configMap,omitempty"`
	// Into is the directory of the files. Required.
	// +required
	Into *Into `json:"into,omitempty"`
	// Engine is envsubst, which puts values in the place of $NAME and ${NAME} for the
	// variables of env and variables, and leaves all others alone, or gomplate, whose
	// language is that of Go templates. Default envsubst.
	// +kubebuilder:validation:Enum=envsubst;gomplate
	// +kubebuilder:default=envsubst
	Engine string `json:"engine,omitempty"`
	// Env are variables, as Kubernetes has them. Each has to be set, or the container
	// fails.
	Env []corev1.EnvVar `json:"env,omitempty"`
	// EnvFrom are ConfigMaps and Secrets that hold variables, as Kubernetes has them.
	EnvFrom []corev1.EnvFromSource `json:"envFrom,omitempty"`
	// Variables are names of those that envFrom holds. Each has to be set, or the
	// container fails.
	// +krm-sidecars:text=env-name
	Variables []string `json:"variables,omitempty"`
	// Mode of the files. Default 0644; 0640 for those of secret values, where the
	// app's user is known, who then owns them.
	// +krm-sidecars:text=file-mode
	Mode string `json:"mode,omitempty"`
}

// inTemplate is where a template gets a value.
var inTemplate = lazyre.New(`[$][A-Za-z_][A-Za-z0-9_]*|[$][{][A-Za-z_][A-Za-z0-9_]*[}]|[{][{].*?[}][}]`)

const (
	engineEnvsubst = "envsubst"
	engineGomplate = "gomplate"
)

func (r *Render) setDefaults() {
	r.Engine = cmp.Or(r.Engine, engineEnvsubst)
	if r.Into != nil && r.Into.Medium == "" && r.secret() {
		r.Into.Medium = string(corev1.StorageMediumMemory)
	}
	r.Into.setDefaults()
}

// secret reports whether values of Secrets may get into the files.
func (r *Render) secret() bool {
	return slices.ContainsFunc(r.Env, func(e corev1.EnvVar) bool { return e.ValueFrom != nil && e.ValueFrom.SecretKeyRef != nil }) ||
		slices.ContainsFunc(r.EnvFrom, func(e corev1.EnvFromSource) bool { return e.SecretRef != nil })
}

// names are the variables that have to be set.
func (r *Render) names() []string {
	var names []string
	for _, e := range r.Env {
		names = append(names, e.Name)
	}
	return append(names, r.Variables...)
}

func (r *Render) validate(*Config) config.Errors {
	var errs config.Errors
	if (len(r.Templates) == 0) == (r.ConfigMap == "") {
		errs.Addf("templates", "write the templates, or name the configMap that holds them, and not both")
	}
	for _, name := range slices.Sorted(maps.Keys(r.Templates)) {
		errs = append(errs, config.Each("templates", name, config.DataKey)...)
		if filled := inTemplate().ReplaceAllString(r.Templates[name], "$$(VALUE)"); len(config.NoPassword("", filled)) > 0 {
			errs.Addf("templates."+name, "a password in plain text; write ${PASSWORD} in its place, and add PASSWORD to env, by valueFrom.secretKeyRef")
		}
	}
	errs = append(errs, config.Each("configMap", r.ConfigMap, config.ObjectName)...)
	errs = append(errs, r.Into.validate()...)
	errs = append(errs, config.OneOf("engine", r.Engine, engineEnvsubst, engineGomplate)...)
	errs = append(errs, config.LiteralSecrets(r.Env, "env")...)
	errs = append(errs, config.Each("mode", r.Mode, config.FileMode)...)
	return append(errs, r.validateNames()...)
}

// validateNames checks the variables.
func (r *Render) validateNames() config.Errors {
	var errs config.Errors
	for i, e := range r.Env {
		errs = append(errs, config.Each(fmt.Sprintf("env[%d].name", i), e.Name, shellName, notOf(renderVariables))...)
	}
	errs = append(errs, config.All("variables", r.Variables, shellName, notOf(renderVariables))...)
	if len(r.names()) == 0 && r.Engine == engineEnvsubst {
		errs.Addf("env", "missing; name the variables that the templates refer to")
	}
	if len(r.Variables) > 0 && len(r.EnvFrom) == 0 {
		errs.Addf("variables", "names variables of envFrom, which is not there; add it, or take them out")
	}
	return errs
}
