package inject

import (
	"cmp"
	"slices"

	corev1 "k8s.io/api/core/v1"
)

// Override returns c with the fields that a user set: lists of variables and
// mounts are merged by name, security contexts field by field, everything else
// is replaced.
func Override(c corev1.Container, by *corev1.Container) corev1.Container {
	if by == nil {
		return c
	}
	c.Name, c.Image = cmp.Or(by.Name, c.Name), cmp.Or(by.Image, c.Image)
	c.ImagePullPolicy = cmp.Or(by.ImagePullPolicy, c.ImagePullPolicy)
	c.WorkingDir = cmp.Or(by.WorkingDir, c.WorkingDir)
	c.TerminationMessagePath = cmp.Or(by.TerminationMessagePath, c.TerminationMessagePath)
	c.TerminationMessagePolicy = cmp.Or(by.TerminationMessagePolicy, c.TerminationMessagePolicy)
	c.LivenessProbe, c.ReadinessProbe = cmp.Or(by.LivenessProbe, c.LivenessProbe), cmp.Or(by.ReadinessProbe, c.ReadinessProbe)
	c.StartupProbe, c.Lifecycle = cmp.Or(by.StartupProbe, c.StartupProbe), cmp.Or(by.Lifecycle, c.Lifecycle)
	c.Command, c.Args = or(by.Command, c.Command), or(by.Args, c.Args)
	c.Ports, c.EnvFrom = or(by.Ports, c.Ports), slices.Concat(c.EnvFrom, by.EnvFrom)
	c.Env = mergeBy(c.Env, by.Env, func(e corev1.EnvVar) string { return e.Name })
	c.VolumeMounts = mergeBy(c.VolumeMounts, by.VolumeMounts, func(m corev1.VolumeMount) string { return m.MountPath })
	if by.Resources.Limits != nil || by.Resources.Requests != nil || by.Resources.Claims != nil {
		c.Resources = by.Resources
	}
	c.SecurityContext = overrideSecurity(c.SecurityContext, by.SecurityContext)
	return c
}

func or[T any](a, b []T) []T {
	if len(a) > 0 {
		return a
	}
	return b
}

// mergeBy replaces elements of the same key and appends the others.
func mergeBy[T any](have, more []T, key func(T) string) []T {
	out := slices.Clone(have)
	for _, m := range more {
		if i := slices.IndexFunc(out, func(h T) bool { return key(h) == key(m) }); i >= 0 {
			out[i] = m
		} else {
			out = append(out, m)
		}
	}
	return out
}

func overrideSecurity(sc, by *corev1.SecurityContext) *corev1.SecurityContext {
	if by == nil || sc == nil {
		return cmp.Or(by, sc)
	}
	out := *sc
	out.Capabilities = cmp.Or(by.Capabilities, out.Capabilities)
	out.Privileged = cmp.Or(by.Privileged, out.Privileged)
	out.SELinuxOptions = cmp.Or(by.SELinuxOptions, out.SELinuxOptions)
	out.WindowsOptions = cmp.Or(by.WindowsOptions, out.WindowsOptions)
	out.RunAsUser, out.RunAsGroup = cmp.Or(by.RunAsUser, out.RunAsUser), cmp.Or(by.RunAsGroup, out.RunAsGroup)
	out.RunAsNonRoot = cmp.Or(by.RunAsNonRoot, out.RunAsNonRoot)
	out.ReadOnlyRootFilesystem = cmp.Or(by.ReadOnlyRootFilesystem, out.ReadOnlyRootFilesystem)
	out.AllowPrivilegeEscalation = cmp.Or(by.AllowPrivilegeEscalation, out.AllowPrivilegeEscalation)
	out.ProcMount = cmp.Or(by.ProcMount, out.ProcMount)
	out.SeccompProfile = cmp.Or(by.SeccompProfile, out.SeccompProfile)
	out.AppArmorProfile = cmp.Or(by.AppArmorProfile, out.AppArmorProfile)
	return &out
}
