package inject

import (
	"slices"

	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// mesh names the containers of a service mesh that may stand in a manifest.
type mesh struct {
	proxy string   // the sidecar
	setup []string // init containers that redirect the pod's traffic to it
	cni   []string // init containers that only check a redirection made by a CNI plugin
}

func meshes() []mesh {
	return []mesh{
		{proxy: "istio-proxy", setup: []string{"istio-init"}, cni: []string{"istio-validation"}},
		{proxy: "linkerd-proxy", setup: []string{"linkerd-init"}, cni: []string{"linkerd-network-validator"}},
		{proxy: "kuma-sidecar", setup: []string{"kuma-init"}, cni: []string{"kuma-validation"}},
		{proxy: "consul-dataplane", setup: []string{"consul-connect-inject-init"}},
	}
}

// Mesh is a service mesh whose containers stand in a pod template.
type Mesh struct {
	Proxy  string // name of the sidecar
	Native bool   // it is a native sidecar, which starts before what follows it
	CNI    bool   // a CNI plugin redirects traffic before any init container runs
}

// MeshIn finds the service mesh whose containers stand in the template. A mesh
// that a webhook adds at admission is not seen.
func MeshIn(v *pod.View) (Mesh, bool) {
	for _, m := range meshes() {
		if proxy, ok := v.Container(m.proxy); ok {
			return Mesh{Proxy: m.proxy, Native: proxy.Native(), CNI: slices.ContainsFunc(m.cni, func(name string) bool {
				_, there := v.Container(name)
				return there
			})}, true
		}
	}
	return Mesh{}, false
}

// leads reports whether c belongs to a mesh whose proxy runs as a native
// sidecar: such containers stay in front of everything.
func leads(v *pod.View, c pod.Container) bool {
	for _, m := range meshes() {
		proxy, ok := v.Container(m.proxy)
		if !ok || !proxy.Native() {
			continue
		}
		if c.Name == m.proxy || slices.Contains(m.setup, c.Name) || slices.Contains(m.cni, c.Name) {
			return true
		}
	}
	return false
}
