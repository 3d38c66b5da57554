package vaultinit

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
)

// shapeAnnotations say which containers there are, and what they look like.
func shapeAnnotations() []annotation {
	return []annotation{
		{name: "agent-image", set: checked(func(d *dialect, value string) { d.container().Image = value })},
		{name: "agent-inject-containers", field: "spec.mount.containers", set: list(func(d *dialect) *[]string { return &d.config.Mount.Containers })},
		{name: "agent-init-first", set: boolean(func(d *dialect, on bool) { d.agent.first = on })},
		{name: "agent-pre-populate", field: "spec.mode", set: boolean(func(d *dialect, on bool) { d.agent.before = &on })},
		{name: "agent-pre-populate-only", field: "spec.mode", set: boolean(func(d *dialect, on bool) { d.agent.only = &on })},
		{name: "agent-configmap", set: checked(func(d *dialect, value string) { d.agent.configMap = value }, config.ObjectName)},
		{name: "agent-extra-secret", set: checked(func(d *dialect, value string) { d.agent.extraSecret = value }, config.ObjectName)},
		{name: "agent-copy-volume-mounts", set: checked(func(d *dialect, value string) { d.agent.copyFrom = value })},
		{name: "agent-share-process-namespace", field: "spec.shareProcessNamespace", set: boolean(func(d *dialect, on bool) { d.config.ShareProcessNamespace = on })},
		{name: "agent-json-patch", set: patch(func(d *dialect, p jsonPatch) { d.agent.patch = p })},
		{name: "agent-init-json-patch", set: patch(func(d *dialect, p jsonPatch) { d.agent.initPatch = p })},

		{name: "agent-limits-cpu", set: limit(corev1.ResourceCPU)},
		{name: "agent-limits-mem", set: limit(corev1.ResourceMemory)},
		{name: "agent-limits-ephemeral", set: limit(corev1.ResourceEphemeralStorage)},
		{name: "agent-requests-cpu", set: request(corev1.ResourceCPU)},
		{name: "agent-requests-mem", set: request(corev1.ResourceMemory)},
		{name: "agent-requests-ephemeral", set: request(corev1.ResourceEphemeralStorage)},
		{name: "go-max-procs", set: variable("GOMAXPROCS", config.Number)},

		{name: "agent-run-as-user", set: whole(func(d *dialect, n int64) { d.security().RunAsUser = &n })},
		{name: "agent-run-as-group", set: whole(func(d *dialect, n int64) { d.security().RunAsGroup = &n })},
		{name: "agent-run-as-same-user", set: boolean(func(d *dialect, on bool) { d.agent.sameUser = &on })},
		{name: "agent-set-security-context", set: boolean(func(d *dialect, on bool) {
			if !on {
				d.config.Platform = config.PlatformOpenShift
			}
		})},
	}
}

func (d *dialect) security() *corev1.SecurityContext {
	c := d.container()
	if c.SecurityContext == nil {
		c.SecurityContext = &corev1.SecurityContext{}
	}
	return c.SecurityContext
}
