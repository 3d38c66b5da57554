package exporter

import (
	"slices"
	"strconv"

	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
	"github.com/krm-sidecars/krm-sidecars/pkg/servicemesh"
)

// passMesh lets Prometheus through to the metrics, or tells that a mesh may stand
// in the way.
func (p *plan) passMesh() {
	if exclude, ok := servicemesh.Named(p.config.ExcludeFromMesh); ok {
		p.injection.AddElement(exclude.ExcludeInbound, strconv.Itoa(int(p.port)))
	} else if in, _, ok := servicemesh.Of(p.view); ok {
		p.findf(pod.Info, pod.MeshBlocksScrape, "the pod is in the mesh of %s: where that demands mutual TLS, a Prometheus outside of it cannot read port %d; set spec.excludeFromMesh: %s to let it through", in.Title, p.port, in.Name)
	}
	if mesh, ok := reserving(p.port); ok && !p.preset.native {
		p.findf(pod.Warning, pod.ReservedPort, "port %d belongs to the proxy of %s; set another spec.port if the pod gets one", p.port, mesh.Title)
	}
}

// reserving returns the first mesh whose proxy has a port.
func reserving(port int32) (servicemesh.Mesh, bool) {
	all := servicemesh.All()
	i := slices.IndexFunc(all, func(m servicemesh.Mesh) bool { return slices.Contains(m.Ports, port) })
	if i < 0 {
		return servicemesh.Mesh{}, false
	}
	return all[i], true
}

// warnHost tells what the network of the node means for a port.
func (p *plan) warnHost() {
	if p.view.HostNetwork && !p.preset.native {
		p.findf(pod.Warning, pod.HostNetwork, "the pod has the network of its node: port %d is taken on every node where it runs, and is open to whoever reaches the node; set another spec.port if the node has it", p.port)
	}
}
