package sidecar

import (
	"path"
	"slices"

	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// app is the container that the added one takes something from: the one that a
// field of the config names, or else the app.
func (p *plan) app(field, name string) (pod.Container, bool) {
	if name != "" {
		return p.pick(field, name)
	}
	if want := p.config.Target.Containers; len(want) > 0 {
		return p.pick("spec.target.containers", want[0])
	}
	apps := p.view.Own()
	if len(apps) > 1 {
		p.tell(pod.Info, pod.AppAssumed, "container %q is taken for the app, because it is the first; name another one in spec.target.containers", apps[0].Name)
	}
	return first(apps)
}

// pick is one of the workload's own containers. It is a mistake when there is none
// of that name.
func (p *plan) pick(field, name string) (pod.Container, bool) {
	found, bad := p.view.Pick(field, p.own(), []string{name})
	p.tellAll(bad)
	return first(found)
}

func first(all []pod.Container) (pod.Container, bool) {
	if len(all) == 0 {
		return pod.Container{}, false
	}
	return all[0], true
}

// sources are the containers that the added one takes something from: those that a
// field names or has patterns for, in their order in the pod, or else the app.
func (p *plan) sources(field string, patterns []string) []pod.Container {
	if len(patterns) == 0 {
		app, ok := p.app(field, "")
		return slices.DeleteFunc([]pod.Container{app}, func(pod.Container) bool { return !ok })
	}
	wanted := map[string]bool{}
	for _, pattern := range patterns {
		met := matching(p.view.Own(), pattern)
		if len(met) == 0 { // then it names an init container, or nothing
			if c, ok := p.pick(field, pattern); ok {
				met = []pod.Container{c}
			}
		}
		for _, c := range met {
			wanted[c.Name] = true
		}
	}
	return slices.DeleteFunc(p.own(), func(c pod.Container) bool { return !wanted[c.Name] })
}

// matching are the containers whose names a shell pattern meets.
func matching(all []pod.Container, pattern string) []pod.Container {
	return slices.DeleteFunc(slices.Clone(all), func(c pod.Container) bool {
		ok, err := path.Match(pattern, c.Name)
		return !ok || err != nil
	})
}

// source is the container that variables are copied from.
func (p *plan) source(i int, t Transfer) (pod.Container, bool) {
	from := t.ContainerFrom
	if from == nil {
		return p.app(indexed("spec.transferEnv", i, "container"), t.Container)
	}
	field, what, key, all := indexed("spec.transferEnv", i, "containerFrom"), "label", from.Label, p.view.Labels
	if from.Annotation != "" {
		what, key, all = "annotation", from.Annotation, p.view.Annotations
	}
	if all[key] == "" {
		p.tell(pod.Error, pod.ContainerUnknown, "%s reads the %s %q, which the pod template does not have; add it, or name the container in %s",
			field, what, key, indexed("spec.transferEnv", i, "container"))
		return pod.Container{}, false
	}
	return p.pick(field, all[key])
}
