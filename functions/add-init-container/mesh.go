package initcontainer

import (
	"slices"

	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
	"github.com/krm-sidecars/krm-sidecars/pkg/servicemesh"
)

// warnOfMesh tells that a mesh may keep the containers of the plan from the
// network. A native proxy runs before them, and one without a CNI plugin begins to
// redirect only after those that stand in front of the user's: both are fine.
func (p *plan) warnOfMesh() {
	m, how, found := servicemesh.Of(p.View)
	early := !slices.ContainsFunc(p.Injection.Containers, func(c inject.Container) bool { return c.Rank > inject.RankUser })
	switch {
	case !found || how.Native:
	case !how.Here:
		p.Findf(pod.Info, pod.MeshAtAdmission, "the webhook of %s will add its proxy to the pod; where that is no native sidecar, container %q may not reach the network: have the mesh use native sidecars, or list the ports in the annotation %s", m.Title, p.name, m.ExcludeOutbound)
	case how.CNI || !early:
		p.Findf(pod.Warning, pod.MeshBlocksInit, "the proxy of %s starts after the init containers, so that container %q cannot reach the network; have the mesh use a native sidecar, or list the ports in the annotation %s", m.Title, p.name, m.ExcludeOutbound)
	}
}
