// Package servicemesh holds what has to be known about a service mesh whose sidecar
// stands in a pod, or will: one table for all that injects beside it.
package servicemesh

import (
	"slices"
	"strings"
	"sync"

	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// Mesh is a service mesh that works by a proxy in the pod.
type Mesh struct {
	Name  string // istio
	Title string // Istio
	Proxy string // the sidecar's container

	Setup []string // init containers that redirect the pod's traffic to the proxy, which takes NET_ADMIN
	CNI   []string // init containers that only check a redirection made by a CNI plugin

	UIDs  []int64 // users of the proxy, whose traffic is not redirected
	Ports []int32 // that the proxy listens on

	// Asks are labels or annotations of a pod or namespace that ask for the proxy,
	// as key=value,value or key=*. The first that is there decides.
	Asks []string

	ExcludeInbound  string // annotation that lists ports whose incoming traffic passes by the proxy
	ExcludeOutbound string // likewise for outgoing traffic
}

// All returns the table, which is not to be changed.
func All() []Mesh { return table() }

var table = sync.OnceValue(func() []Mesh {
	return []Mesh{{
		Name: "istio", Title: "Istio", Proxy: "istio-proxy", Setup: []string{"istio-init"}, CNI: []string{"istio-validation"},
		UIDs:            []int64{1337},
		Ports:           []int32{15000, 15001, 15004, 15006, 15008, 15020, 15021, 15053, 15090},
		Asks:            []string{"sidecar.istio.io/inject=true", "istio-injection=enabled", "istio.io/rev=*"},
		ExcludeInbound:  "traffic.sidecar.istio.io/excludeInboundPorts",
		ExcludeOutbound: "traffic.sidecar.istio.io/excludeOutboundPorts",
	}, {
		Name: "linkerd", Title: "Linkerd", Proxy: "linkerd-proxy", Setup: []string{"linkerd-init"}, CNI: []string{"linkerd-network-validator"},
		UIDs:            []int64{2102},
		Ports:           []int32{4140, 4143, 4190, 4191},
		Asks:            []string{"linkerd.io/inject=enabled,ingress"},
		ExcludeInbound:  "config.linkerd.io/skip-inbound-ports",
		ExcludeOutbound: "config.linkerd.io/skip-outbound-ports",
	}, {
		Name: "consul", Title: "Consul", Proxy: "consul-dataplane", Setup: []string{"consul-connect-inject-init"},
		UIDs:            []int64{5995, 5996},
		Ports:           []int32{19000, 20000, 20600},
		Asks:            []string{"consul.hashicorp.com/connect-inject=true"},
		ExcludeInbound:  "consul.hashicorp.com/transparent-proxy-exclude-inbound-ports",
		ExcludeOutbound: "consul.hashicorp.com/transparent-proxy-exclude-outbound-ports",
	}, {
		Name: "kuma", Title: "Kuma", Proxy: "kuma-sidecar", Setup: []string{"kuma-init"}, CNI: []string{"kuma-validation"},
		UIDs:            []int64{5678},
		Ports:           []int32{5681, 9901, 15001, 15006, 15010},
		Asks:            []string{"kuma.io/sidecar-injection=enabled,true,yes"},
		ExcludeInbound:  "traffic.kuma.io/exclude-inbound-ports",
		ExcludeOutbound: "traffic.kuma.io/exclude-outbound-ports",
	}}
})

// Named returns the mesh of a name of the table.
func Named(name string) (Mesh, bool) {
	for _, m := range All() {
		if m.Name == name {
			return m, true
		}
	}
	return Mesh{}, false
}

// Names returns the names of the table.
func Names() []string {
	var names []string
	for _, m := range All() {
		names = append(names, m.Name)
	}
	return names
}

// Presence says how a mesh is there.
type Presence struct {
	Here   bool // its proxy stands in the manifest; else a webhook will add it
	Native bool // the proxy is a native sidecar, which starts before what follows it
	CNI    bool // a CNI plugin redirects traffic before any init container runs
}

// Of finds the mesh of a pod: the one whose proxy stands in the template, or that
// the pod or its namespace asks for. The pod's own word comes first.
func Of(v *pod.View) (Mesh, Presence, bool) {
	for _, m := range All() {
		if proxy, ok := v.Container(m.Proxy); ok {
			return m, Presence{Here: true, Native: proxy.Native(), CNI: slices.ContainsFunc(m.CNI, func(name string) bool {
				_, there := v.Container(name)
				return there
			})}, true
		}
	}
	for _, m := range All() {
		if m.asked(v) {
			return m, Presence{}, true
		}
	}
	return Mesh{}, Presence{}, false
}

func (m Mesh) asked(v *pod.View) bool {
	around, _ := v.Namespace()
	for _, ask := range m.Asks {
		key, words, _ := strings.Cut(ask, "=")
		for _, where := range []map[string]string{v.Labels, v.Annotations, around.Labels, around.Annotations} {
			if have, ok := where[key]; ok {
				return words == "*" || slices.Contains(strings.Split(words, ","), have)
			}
		}
	}
	return false
}

// Owns reports whether a container is part of the mesh.
func (m Mesh) Owns(container string) bool {
	return container == m.Proxy || slices.Contains(m.Setup, container) || slices.Contains(m.CNI, container)
}
