package logsidecar

import (
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
)

// environment is what the agent knows of its pod, its secrets, and its memory.
// What a subPathExpr needs comes first.
func (s *sidecar) environment() []corev1.EnvVar {
	all := s.env
	add := func(e corev1.EnvVar) {
		if !slices.ContainsFunc(all, func(have corev1.EnvVar) bool { return have.Name == e.Name }) {
			all = append(all, e)
		}
	}
	for _, f := range []struct {
		name env
		path string
	}{{envPod, "metadata.name"}, {envNamespace, "metadata.namespace"}, {envUID, "metadata.uid"}, {envNode, "spec.nodeName"}} {
		add(corev1.EnvVar{Name: string(f.name), ValueFrom: &corev1.EnvVarSource{FieldRef: &corev1.ObjectFieldSelector{FieldPath: f.path}}})
	}
	if s.config.Config.Existing == nil {
		for _, e := range secrets(s.config.to()) {
			add(e)
		}
	}
	if limit := s.memory(); s.agent.goLimit && limit > 0 {
		add(corev1.EnvVar{Name: "GOMEMLIMIT", Value: fmt.Sprintf("%dMiB", limit*8/10>>20)})
	}
	return all
}

// memory is the limit of the agent's container in bytes; 0 for none.
func (s *sidecar) memory() int64 {
	limits := s.resources().Limits
	if c := s.config.Container; c != nil && (c.Resources.Limits != nil || c.Resources.Requests != nil) {
		limits = c.Resources.Limits
	}
	return limits.Memory().Value()
}

// secrets are the variables that a destination needs, each by reference.
func secrets(d *Destination) []corev1.EnvVar {
	var all []corev1.EnvVar
	user := func(b *Basic) {
		all = append(all, (&config.SecretKey{Name: b.SecretName, Key: b.UserKey}).Env(string(envUser)),
			(&config.SecretKey{Name: b.SecretName, Key: b.PasswordKey}).Env(string(envPassword)))
	}
	switch auth := d.auth(); {
	case auth.Basic != nil:
		user(auth.Basic)
	case auth.SASL != nil:
		user(&auth.SASL.Basic)
	case auth.Token != nil:
		all = append(all, auth.Token.Env(string(envToken)))
	case auth.APIKey != nil:
		all = append(all, auth.APIKey.Env(string(envAPIKey)))
	}
	if c := d.keys(); c != nil {
		all = append(all, (&config.SecretKey{Name: c.SecretName, Key: c.AccessKeyIDKey}).Env("AWS_ACCESS_KEY_ID"),
			(&config.SecretKey{Name: c.SecretName, Key: c.SecretAccessKeyKey}).Env("AWS_SECRET_ACCESS_KEY"))
	}
	return all
}
