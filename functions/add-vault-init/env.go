package vaultinit

import (
	"maps"
	"path"
	"slices"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
)

// Env is a variable of the app.
type Env struct {
	// Name is that of the variable.
	// +required
	// +krm-sidecars:text=env-name
	Name string `json:"name,omitempty"`
	// Secret is the name of an entry of secrets. One that sets neither file nor
	// format comes as variables alone.
	// +required
	// +kubebuilder:validation:MinLength=1
	Secret string `json:"secret,omitempty"`
	// Key is that of the value in the secret.
	// +required
	// +kubebuilder:validation:MinLength=1
	Key string `json:"key,omitempty"`
}

// EnvWrap puts a shell in front of the app's command, which reads the variables
// and then becomes the app.
type EnvWrap struct {
	// Shell is one in the app's image. Default /bin/sh.
	// +krm-sidecars:text=absolute
	// +kubebuilder:default=/bin/sh
	Shell string `json:"shell,omitempty"`
	// Entrypoints are the commands of images, by container, where the manifest sets
	// no command: all that the image runs, as a list.
	Entrypoints map[string][]string `json:"entrypoints,omitempty"`
}

// fileKeyRefFrom is the minor of Kubernetes 1.x from which the kubelet reads
// variables from a file in a volume.
const fileKeyRefFrom = 35

// validateEnv checks the variables, and that there is a way to deliver them
// before the app starts.
func (c *Config) validateEnv() config.Errors {
	var errs config.Errors
	for i, e := range c.Env {
		errs = append(errs, c.validateVariable(e, c.Env[:i]).Under(indexed("spec.env", i))...)
	}
	if len(c.Env) > 0 && c.Mode == modeSidecar {
		errs.Addf("spec.env", "variables are read when the app starts, for which mode sidecar does not wait; use init, init+sidecar or native")
	}
	if len(c.Env) > 0 && c.EnvWrap == nil && c.Minor() < fileKeyRefFrom && c.Minor() > 0 {
		errs.Addf("spec.env", "fileKeyRef needs Kubernetes 1.%d, kubernetesVersion is %s; set envWrap: {} to have a shell in the app's image read them, or use files", fileKeyRefFrom, c.KubernetesVersion)
	}
	return append(errs, c.EnvWrap.validate(len(c.Env) > 0).Under("spec.envWrap")...)
}

func (c *Config) validateVariable(e Env, before []Env) config.Errors {
	errs := config.Each("name", e.Name, shellName)
	if e.Name == "" || e.Secret == "" || e.Key == "" {
		errs.Addf("", "incomplete; write it like {name: DB_PASSWORD, secret: db, key: password}")
		return errs
	}
	if slices.ContainsFunc(before, func(b Env) bool { return b.Name == e.Name }) {
		errs.Addf("name", "%s is given twice; keep one", e.Name)
	}
	var names []string
	for _, s := range c.Secrets {
		if s.Path != "" {
			names = append(names, s.Name)
		}
	}
	errs = append(errs, config.Each("key", e.Key, config.SingleLine)...)
	if c.FromAnnotations { // each pod has secrets of its own, with which it is looked up
		return errs
	}
	if len(names) == 0 {
		errs.Addf("secret", "no entry of spec.secrets has a path, which variables need")
		return errs
	}
	return append(errs, config.Each("secret", e.Secret, config.Word(names...))...)
}

func (w *EnvWrap) validate(used bool) config.Errors {
	if w == nil {
		return nil
	}
	var errs config.Errors
	if !used {
		errs.Addf("", "has no effect without env; drop it")
	}
	if !path.IsAbs(w.Shell) {
		errs.Addf("shell", "%q is not absolute; write it like /bin/sh", w.Shell)
	}
	for _, name := range slices.Sorted(maps.Keys(w.Entrypoints)) {
		errs = append(errs, config.Each("entrypoints", name, config.DNSLabel)...)
		if len(w.Entrypoints[name]) == 0 {
			errs.Addf("entrypoints."+name, "empty; write all that the image runs, such as [nginx, -g, daemon off;]")
		}
	}
	return errs
}
