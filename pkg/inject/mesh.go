package inject

import (
	"slices"

	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
	"github.com/krm-sidecars/krm-sidecars/pkg/servicemesh"
)

// leaders are the meshes whose proxies run as native sidecars: their containers
// stay in front of everything.
func leaders(v *pod.View) []servicemesh.Mesh {
	if len(v.InitContainers) == 0 {
		return nil
	}
	var lead []servicemesh.Mesh
	for _, m := range servicemesh.All() {
		if proxy, ok := v.Container(m.Proxy); ok && proxy.Native() {
			lead = append(lead, m)
		}
	}
	return lead
}

// leads reports whether a container belongs to one of the leaders.
func (t *template) leads(name string) bool {
	return slices.ContainsFunc(t.leaders, func(m servicemesh.Mesh) bool { return m.Owns(name) })
}

// IsProxy reports whether a container belongs to a mesh: what functions do for the
// app is not for it.
func IsProxy(c pod.Container) bool {
	return slices.ContainsFunc(servicemesh.All(), func(m servicemesh.Mesh) bool { return m.Proxy == c.Name })
}

// Apps returns the user's own containers, without those of meshes.
func Apps(v *pod.View) []pod.Container { return slices.DeleteFunc(v.Own(), IsProxy) }
