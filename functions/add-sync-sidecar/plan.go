package syncsidecar

import (
	"strconv"

	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/pkg/images"
	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// plan works out what one pod template needs.
type plan struct {
	inject.Draft
	config *Config
}

func newPlan(c *Config, v *pod.View, owner inject.Owner) *plan {
	return &plan{config: c, Draft: inject.Draft{View: v, Owner: owner}}
}

// container is one with all that is safe, of a row of the table of images.
func (p *plan) container(name, image string) corev1.Container {
	row := images.Get(image)
	c := corev1.Container{Name: inject.FreeName(p.View, p.Owner, name), Image: row.String(),
		SecurityContext:          inject.Restricted(p.config.User(row.UID)),
		Resources:                inject.ResourcesIn(p.View, "10m", "32Mi", "200m", "128Mi"),
		TerminationMessagePolicy: corev1.TerminationMessageFallbackToLogsOnError,
	}
	if by := p.config.Container; by != nil && by.Name != "" {
		c.Name = by.Name // other names follow it
	}
	return c
}

// run adds the sidecar. What the app waits for starts before the user's init
// containers.
func (p *plan) run(c corev1.Container, rank inject.Rank) {
	p.Injection.Containers = append(p.Injection.Containers, inject.Container{Container: inject.Override(c, p.config.Container), Rank: rank})
}

// gated runs a sidecar that has files ready when a probe says so. As a native
// sidecar it holds the app back until then; else once, which ends when they are
// there, runs before the app, too.
func (p *plan) gated(c corev1.Container, ready *corev1.Probe, once func(*corev1.Container)) {
	if p.config.Native() && !p.View.PlainOnly {
		c.StartupProbe = inject.Starts(ready)
		p.run(c, inject.RankPrepare)
		return
	}
	p.first(c, once)
	p.run(c, inject.RankBeside)
}

// first adds an init container that does once what a sidecar goes on to do.
func (p *plan) first(c corev1.Container, once func(*corev1.Container)) {
	first := c
	first.Name = inject.Label(c.Name, "init")
	first.Ports, first.LivenessProbe, first.ReadinessProbe, first.StartupProbe = nil, nil, nil, nil
	once(&first)
	by := p.config.Container
	if by != nil {
		unnamed := *by
		unnamed.Name = ""
		by = &unnamed
	}
	p.Injection.Containers = append(p.Injection.Containers, inject.Container{Container: inject.Override(first, by), Rank: inject.RankPrepare, Init: true})
}

// free is a port for the sidecar: the one that is wanted, else the usual one or the
// next that no container of the pod has.
func (p *plan) free(want, usual int32) int32 {
	if want != 0 {
		return want
	}
	return inject.FreePort(p.View, usual)
}

// pick returns the user's containers of these names; without any, those of
// spec.target.containers, or all.
func (p *plan) pick(field string, names []string) []pod.Container {
	if len(names) == 0 {
		field, names = "spec.target.containers", p.config.Target.Containers
	}
	if len(names) == 0 {
		return inject.Apps(p.View)
	}
	found, bad := p.View.Pick(field, p.View.Own(), names)
	for _, f := range bad {
		p.Tell(f)
	}
	return found
}

func number(n int32) string { return strconv.Itoa(int(n)) }
