package sidecar

import (
	"cmp"
	"slices"

	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// transferEnv copies variables of the workload's own containers. What the config
// itself gives the container stays.
func (p *plan) transferEnv() {
	for i, t := range p.config.TransferEnv {
		from, ok := p.source(i, t)
		if !ok {
			continue
		}
		p.checkNames(i, t, from)
		names := t.Names
		if t.All {
			names = nil
			for _, e := range from.Env {
				names = append(names, e.Name)
			}
			p.container.EnvFrom = appendNew(p.view.EnvFromOf(from.Name), p.container.EnvFrom)
		}
		p.addEnv(t.renamed(p.view.EnvFor(from, names...)))
	}
}

// renamed gives variables the names that they have in the added container, in what
// refers to them, too.
func (t Transfer) renamed(env []corev1.EnvVar) []corev1.EnvVar {
	for i, e := range env {
		env[i].Name, env[i].Value = cmp.Or(t.As[e.Name], e.Name), pod.Rerefer(e.Value, t.As)
	}
	return env
}

// appendNew puts the config's own behind what was copied: the last one counts.
func appendNew(copied, own []corev1.EnvFromSource) []corev1.EnvFromSource {
	return append(slices.Clip(copied), own...)
}

// checkNames reports variables that the container does not have.
func (p *plan) checkNames(i int, t Transfer, from pod.Container) {
	var have []string
	for _, e := range from.Env {
		if from.HasEnv(e.Name) {
			have = append(have, e.Name)
		}
	}
	for _, name := range t.Names {
		if t.Optional || slices.Contains(have, name) {
			continue
		}
		hint := ""
		if from.EnvFrom {
			hint = "; those of its envFrom come with all: true"
		}
		p.tell(pod.Error, pod.EnvUnknown, "%s names %q, but the variables of container %q are %s%s; or set optional: true",
			indexed("spec.transferEnv", i, "names"), name, from.Name, listed(have), hint)
	}
}

// addEnv adds copied variables in front of the container's own, which may refer to
// them, and leaves out those that it has.
func (p *plan) addEnv(env []corev1.EnvVar) {
	for _, e := range env {
		if !slices.ContainsFunc(p.copied, named(e.Name)) && !slices.ContainsFunc(p.config.Container.Env, named(e.Name)) {
			p.copied = append(p.copied, e)
		}
	}
	order := ordering{own: p.config.Container.Env}
	for _, e := range p.copied {
		order.refer(e)
		order.all = append(order.all, e)
	}
	for _, e := range order.own {
		order.place(e)
	}
	p.container.Env = order.all
}

// ordering puts variables in an order in which copied ones can refer to those of
// the container itself: Kubernetes only knows variables that stand in front.
type ordering struct {
	own, all []corev1.EnvVar
}

// refer places what a variable refers to.
func (o *ordering) refer(e corev1.EnvVar) {
	for _, name := range pod.References(e.Value) {
		if i := slices.IndexFunc(o.own, named(name)); i >= 0 && name != e.Name {
			o.place(o.own[i])
		}
	}
}

// place places one of the container's own, once, behind those in front of it that
// it refers to.
func (o *ordering) place(e corev1.EnvVar) {
	if slices.ContainsFunc(o.all, named(e.Name)) {
		return
	}
	front := ordering{own: o.own[:slices.IndexFunc(o.own, named(e.Name))], all: o.all}
	front.refer(e)
	front.all = append(front.all, e)
	o.all = front.all
}

func named(name string) func(corev1.EnvVar) bool {
	return func(e corev1.EnvVar) bool { return e.Name == name }
}
