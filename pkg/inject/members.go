package inject

import (
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/pkg/edit"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

func (a *adder) mount(m Mount) {
	at, c := a.ownContainer(m.Container)
	if c == nil {
		return
	}
	at = at.With(edit.Name("volumeMounts"), edit.Elem("mountPath", m.MountPath))
	for _, have := range c.Mounts {
		if pod.Clean(have.MountPath) != pod.Clean(m.MountPath) {
			a.checkNested(at, have, m.VolumeMount)
			continue
		}
		if have.Name != m.Name || have.SubPath != m.SubPath {
			a.finding(pod.Error, pod.MountPathConflict, at, fmt.Sprintf("volume %q is mounted here already; choose another path, or leave this container out in the config", have.Name))
		} else if name := member(m.Container, have.MountPath); a.others(aMount + name) {
			a.items.Mounts = append(a.items.Mounts, name)
			a.also(at, a.value(m.VolumeMount))
		}
		return
	}
	var siblings []string
	for _, have := range c.Mounts {
		siblings = append(siblings, have.MountPath)
	}
	value := a.value(m.VolumeMount)
	value.Arrange(mountOrder())
	a.insert(at, value, a.behind(a.req.Owner, aMount, siblings, func(s string) string { return member(m.Container, s) }))
	c.Mounts = append(slices.Clip(c.Mounts), m.VolumeMount)
	c.Added = append(slices.Clip(c.Added), m.MountPath)
	name := member(m.Container, m.MountPath)
	a.owned[aMount+name] = a.req.Owner
	a.items.Mounts = append(a.items.Mounts, name)
}

// checkNested warns where a mount hides, or lands in, what another one shows.
func (a *adder) checkNested(at edit.Path, have, want corev1.VolumeMount) {
	switch {
	case pod.Within(have.MountPath, want.MountPath):
		a.finding(pod.Warning, pod.MountPathNested, at, fmt.Sprintf("the mount of volume %q at %s lies below it; make sure that this is meant", have.Name, have.MountPath))
	case pod.Within(want.MountPath, have.MountPath) && have.ReadOnly:
		a.finding(pod.Warning, pod.MountPathNested, at, fmt.Sprintf("it lies below the read-only mount of volume %q at %s: the container may not start; choose a path outside of it", have.Name, have.MountPath))
	}
}

// ownContainer finds one of the user's containers or init containers.
func (a *adder) ownContainer(name string) (edit.Path, *pod.Container) {
	for _, list := range [][]pod.Container{a.cur.Containers, a.cur.InitContainers} {
		for i := range list {
			if list[i].Name == name {
				at, _ := a.containerPath(a.cur, name)
				return at, &list[i]
			}
		}
	}
	a.finding(pod.Error, pod.ContainerUnknown, a.spec(edit.Name("containers")), fmt.Sprintf("there is no container %q; the containers are %s", name, joined(names(a.cur.Containers))))
	return nil, nil
}

func (a *adder) env(e Env) {
	at, c := a.ownContainer(e.Container)
	if c == nil {
		return
	}
	at = at.With(edit.Name("env"), edit.Elem("name", e.Name))
	var siblings []string
	for _, have := range c.Env {
		siblings = append(siblings, have.Name)
		if have.Name != e.Name {
			continue
		}
		if have.Value != e.Value || have.ValueFrom != nil || e.ValueFrom != nil {
			a.finding(pod.Error, pod.EnvConflict, at, "the container sets this variable itself; remove it there, or take it out of the config")
		} else if name := member(e.Container, e.Name); a.others(anEnv + name) {
			a.items.Env = append(a.items.Env, name)
			a.also(at, a.value(e.EnvVar))
		}
		return
	}
	where := a.behind(a.req.Owner, anEnv, siblings, func(s string) string { return member(e.Container, s) })
	if user := referrer(c.Env, e.Name); user != "" {
		where = edit.Where{Before: []string{user}, Stay: true}
	}
	a.insert(at, a.value(e.EnvVar), where)
	c.Env = append(slices.Clip(c.Env), e.EnvVar)
	c.Added = append(slices.Clip(c.Added), e.Name)
	name := member(e.Container, e.Name)
	a.owned[anEnv+name] = a.req.Owner
	a.items.Env = append(a.items.Env, name)
}

// referrer is the first variable whose value refers to name: Kubernetes only
// knows variables that stand in front of it.
func referrer(env []corev1.EnvVar, name string) string {
	for _, e := range env {
		if strings.Contains(strings.ReplaceAll(e.Value, "$$", ""), "$("+name+")") {
			return e.Name
		}
	}
	return ""
}

// also notes that what another function has added is wanted by this one too: it
// stays as long as one of them does.
func (a *adder) also(at edit.Path, value edit.Value) {
	a.ensure(a.record, at.Parent(), edit.List)
	a.putAt(at, value)
}
