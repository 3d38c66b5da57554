package exporter

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// pickPorts settles the numbers and the name that everything else follows.
func (p *plan) pickPorts() {
	p.port = cmp.Or(p.config.number(), p.preset.port)
	if p.config.moves() {
		p.port = p.free(p.port, p.preset.ports...)
	}
	if p.preset.expose.port != 0 {
		p.status = p.free(p.preset.expose.port, corev1.ContainerPort{ContainerPort: p.port})
	}
	p.portName = p.freePortName()
}

// free returns the first port from n on that no container of the pod has, no
// proxy of a mesh, and none of mine.
func (p *plan) free(n int32, mine ...corev1.ContainerPort) int32 {
	taken := func(n int32) bool {
		_, reserved := reserving(n)
		return reserved || slices.ContainsFunc(mine, isTCP(n)) || p.view.HasPort(n)
	}
	for taken(n) && n < maxPort {
		n++
	}
	return n
}

// has reports whether a container of the pod has such a port.
func (p *plan) has(such func(corev1.ContainerPort) bool) bool {
	return slices.ContainsFunc(p.view.All(), func(c pod.Container) bool { return slices.ContainsFunc(c.Ports, such) })
}

// isTCP recognizes a port of a number. One of UDP or SCTP is another port.
func isTCP(n int32) func(corev1.ContainerPort) bool {
	return func(p corev1.ContainerPort) bool {
		return p.ContainerPort == n && (p.Protocol == "" || p.Protocol == corev1.ProtocolTCP)
	}
}

// portNameLength is the length of the name of a port (RFC 6335).
const portNameLength = 15

// freePortName is "metrics", or a name with the preset in it where another
// container has a port of that name: all containers of a pod share them.
func (p *plan) freePortName() string {
	for i := 0; ; i++ {
		name := "metrics"
		switch {
		case i == 1:
			name = portName(p.preset.name, name)
		case i > 1:
			name = portName(p.preset.name, fmt.Sprintf("%s%d", name, i))
		}
		if !p.has(func(q corev1.ContainerPort) bool { return q.Name == name }) {
			return name
		}
	}
}

// portName joins two words to the name of a port, of which the first is cut.
func portName(first, last string) string {
	return strings.TrimRight(first[:min(len(first), portNameLength-1-len(last))], "-") + "-" + last
}
