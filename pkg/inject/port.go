package inject

import (
	"slices"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
	"github.com/krm-sidecars/krm-sidecars/pkg/servicemesh"
)

// FreePort returns the first TCP port from one on that no container of the pod has,
// nor the proxy of the mesh that the pod is in, and that is none of those taken.
func FreePort(v *pod.View, from int32, taken ...int32) int32 {
	if mesh, _, in := servicemesh.Of(v); in {
		taken = slices.Concat(taken, mesh.Ports)
	}
	for v.HasPort(from) || slices.Contains(taken, from) {
		from++
	}
	return from
}

// maxPortName is the length of the name of a port (RFC 6335).
const maxPortName = 15

// PortName is the name of a port of a container that a function adds: its own, or one
// made of the container's name, or with a number, where another container of the pod
// has such a port.
func PortName(v *pod.View, name, container string) string {
	taken := func(name string) bool {
		return slices.ContainsFunc(v.All(), func(c pod.Container) bool {
			return slices.ContainsFunc(c.Ports, func(p corev1.ContainerPort) bool { return p.Name == name })
		})
	}
	longer := strings.ReplaceAll(container, "--", "-") // which the name of a port must not hold
	if len(longer) > maxPortName {
		longer = cut(longer, longer, maxPortName)
	}
	try := name
	for i := 1; taken(try); i++ {
		if try = longer; i > 1 {
			try = name[:min(len(name), maxPortName-3)] + "-" + strconv.Itoa(i)
		}
	}
	return try
}
