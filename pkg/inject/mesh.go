package inject

import (
	"slices"

	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
	"github.com/krm-sidecars/krm-sidecars/pkg/servicemesh"
)

// Mesh is a service mesh whose containers stand in a pod template.
type Mesh struct {
	Proxy  string // name of the sidecar
	Native bool   // it is a native sidecar, which starts before what follows it
	CNI    bool   // a CNI plugin redirects traffic before any init container runs
}

// MeshIn finds the service mesh whose containers stand in the template. A mesh
// that a webhook adds at admission is not seen.
func MeshIn(v *pod.View) (Mesh, bool) {
	m, how, _ := servicemesh.Of(v)
	if !how.Here {
		return Mesh{}, false
	}
	return Mesh{Proxy: m.Proxy, Native: how.Native, CNI: how.CNI}, true
}

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
