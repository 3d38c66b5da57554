package sidecar

import (
	"cmp"
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// plan works out what one pod template needs.
type plan struct {
	config    *Config
	view      *pod.View
	owner     inject.Owner
	container *corev1.Container // to be added
	copied    []corev1.EnvVar   // that it gets from the app
	injection inject.Injection
	findings  []pod.Finding
}

// finish says where the container goes.
func (p *plan) finish() {
	init := p.config.Type == typeInit
	if init {
		p.container.TerminationMessagePolicy = cmp.Or(p.container.TerminationMessagePolicy, corev1.TerminationMessageFallbackToLogsOnError)
	}
	p.container.RestartPolicy = nil // that of a native sidecar comes with its place
	p.injection.Containers = []inject.Container{{Container: *p.container, Init: init, Rank: p.config.rank()}}
}

// rank is the place among the init containers.
func (c *Config) rank() inject.Rank {
	switch {
	case c.Type == typeInit && c.Phase == phaseBefore:
		return inject.RankPrepare
	case c.Type == typeInit:
		return inject.RankFinish
	case c.Phase == phaseBefore:
		return inject.RankEgress
	default:
		return inject.RankBeside
	}
}

// own are the workload's own containers, the init containers last.
func (p *plan) own() []pod.Container {
	return append(p.view.Own(), slices.DeleteFunc(slices.Clone(p.view.InitContainers), func(c pod.Container) bool { return c.Owner != "" })...)
}

// apps are the containers that get a mount or a variable.
func (p *plan) apps(field string, names []string) []pod.Container {
	if len(names) == 0 {
		field, names = "spec.target.containers", p.config.Target.Containers
	}
	if len(names) == 0 {
		return p.view.Own()
	}
	found, bad := p.view.Pick(field, p.own(), names)
	p.tellAll(bad)
	return found
}

// connectApp gives the workload's own containers what the config has for them.
func (p *plan) connectApp() {
	for i, m := range p.config.Mounts {
		mount := corev1.VolumeMount{Name: m.Name, MountPath: m.MountPath, SubPath: m.SubPath, ReadOnly: m.ReadOnly}
		for _, c := range p.apps(indexed("spec.mounts", i, "containers"), m.Containers) {
			p.injection.Mounts = append(p.injection.Mounts, inject.Mount{Container: c.Name, VolumeMount: mount})
		}
	}
	for i, e := range p.config.Env {
		env := corev1.EnvVar{Name: e.Name, Value: e.Value, ValueFrom: e.ValueFrom}
		for _, c := range p.apps(indexed("spec.env", i, "containers"), e.Containers) {
			p.injection.Env = append(p.injection.Env, inject.Env{Container: c.Name, EnvVar: env})
		}
	}
}

func (p *plan) finding(s pod.Severity, code pod.Code, format string, args ...any) pod.Finding {
	return pod.Finding{Severity: s, Code: code, Field: p.view.Path.String(), Message: fmt.Sprintf(format, args...)}
}

func (p *plan) tell(s pod.Severity, code pod.Code, format string, args ...any) {
	p.tellAll([]pod.Finding{p.finding(s, code, format, args...)})
}

// tellAll notes findings once: several fields may have the same.
func (p *plan) tellAll(all []pod.Finding) {
	for _, f := range all {
		if !slices.Contains(p.findings, f) {
			p.findings = append(p.findings, f)
		}
	}
}

// indexed is the path of a field of an element of a list.
func indexed(list string, i int, field string) string {
	return fmt.Sprintf("%s[%d].%s", list, i, field)
}
