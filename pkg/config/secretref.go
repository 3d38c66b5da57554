package config

import corev1 "k8s.io/api/core/v1"

// SecretKey refers to a key of a Secret, or of a ConfigMap where the field says
// so, in the workload's namespace.
type SecretKey struct {
	// Name of the object.
	// +required
	// +krm-sidecars:text=object-name
	Name string `json:"name,omitempty"`
	// Key in the object.
	// +required
	// +krm-sidecars:text=data-key
	Key string `json:"key,omitempty"`
	// Optional lets the container start without it.
	Optional *bool `json:"optional,omitempty"`
}

// Validate checks a reference that is set.
func (s *SecretKey) Validate(path string) Errors {
	if s == nil {
		return nil
	}
	var errs Errors
	for _, f := range []struct {
		name, text string
		check      Check
	}{{".name", s.Name, ObjectName}, {".key", s.Key, DataKey}} {
		if f.text == "" {
			errs.Addf(path+f.name, "missing; name the object and the key, as in {name: my-secret, key: password}")
		}
		errs = append(errs, Each(path+f.name, f.text, f.check)...)
	}
	return errs
}

// Env returns a variable that holds what s refers to in a Secret.
func (s *SecretKey) Env(name string) corev1.EnvVar {
	return corev1.EnvVar{Name: name, ValueFrom: &corev1.EnvVarSource{SecretKeyRef: &corev1.SecretKeySelector{
		LocalObjectReference: corev1.LocalObjectReference{Name: s.Name}, Key: s.Key, Optional: s.Optional}}}
}
