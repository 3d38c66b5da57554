package vaultinit

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
	"github.com/krm-sidecars/krm-sidecars/pkg/servicemesh"
)

// passMesh lets the agent reach the server past a mesh: the one that the config
// names, or that the manifest shows.
func (p *plan) passMesh() {
	wants := p.Mesh
	m, how, found := servicemesh.Of(p.view)
	if named, ok := servicemesh.Named(wants.Name); ok {
		how.Here = how.Here && named.Name == m.Name
		m, found = named, true
	}
	switch {
	case !found && (wants.UID || wants.ExcludePort):
		p.find(pod.Error, pod.MeshUnknown, "spec.mesh.uid and excludePort need to know the mesh, and the manifest shows none; name the one that the cluster adds in spec.mesh.name, or let add-mesh-annotation run first")
	case !found:
	case wants.UID || wants.ExcludePort:
		if wants.UID {
			p.proxyUser = m.UIDs[0]
			p.checkUser(m)
		}
		if wants.ExcludePort {
			p.inj.AddElement(m.ExcludeOutbound, portOf(p.Address))
		}
	case p.Mode != modeSidecar:
		p.warnOfMesh(m, how)
	}
}

// warnOfMesh tells that a mesh may stand in the way of an agent that the app waits
// for. A native proxy runs before the agent, and one without a CNI plugin begins to
// redirect only after it: both are fine.
func (p *plan) warnOfMesh(m servicemesh.Mesh, how servicemesh.Presence) {
	switch {
	case !how.Here:
		p.find(pod.Info, pod.MeshAtAdmission, fmt.Sprintf("the webhook of %s will add its proxy to the pod; where the mesh redirects by a CNI plugin and its proxy is no native sidecar, the agent needs spec.mesh.excludePort: true to reach the server", m.Title))
	case how.CNI && !how.Native:
		p.find(pod.Warning, pod.MeshBlocksInit, fmt.Sprintf("the CNI plugin of %s sends all traffic to a proxy that starts after the init containers, so that the agent cannot reach the server; set spec.mesh.excludePort: true to let its port pass, or spec.mesh.uid: true", m.Title))
	}
}

// checkUser refuses the proxy's user where that would do harm: the app of that user
// would pass by the proxy, too, and with DNS capture names are resolved by it.
func (p *plan) checkUser(m servicemesh.Mesh) {
	for _, c := range inject.Apps(p.view) {
		if user := number(cmp.Or(c.RunAsUser, p.view.RunAsUser)); slices.Contains(m.UIDs, user) {
			p.find(pod.Error, pod.UIDBypassesMesh, fmt.Sprintf("the pod runs as user %d, which is that of the proxy of %s; set another runAsUser, and use spec.mesh.excludePort for the agent", user, m.Title))
			return
		}
	}
	if p.dnsCaptured(m) {
		p.find(pod.Error, pod.MeshBlocksInit, "spec.mesh.uid does not help where Istio answers DNS queries (ISTIO_META_DNS_CAPTURE): the proxy that does is not there yet; use spec.mesh.excludePort with an IP address, or a native proxy")
	}
}

func (p *plan) dnsCaptured(m servicemesh.Mesh) bool {
	const name = "ISTIO_META_DNS_CAPTURE"
	proxy, _ := p.view.Container(m.Proxy)
	for _, e := range proxy.Env {
		if e.Name == name {
			return e.Value == "true"
		}
	}
	_, after, found := strings.Cut(p.view.Annotations["proxy.istio.io/config"], name)
	return found && strings.HasPrefix(strings.TrimLeft(after, `": '`), "true")
}

// portOf is the port of a server's address.
func portOf(address string) string {
	u, err := url.Parse(address)
	switch {
	case err != nil:
		return ""
	case u.Port() != "":
		return u.Port()
	case u.Scheme == "http":
		return "80"
	default:
		return "443"
	}
}
