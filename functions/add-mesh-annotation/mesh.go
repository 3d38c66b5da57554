package meshannotation

import (
	"reflect"
	"slices"
	"strings"
	"sync"

	"github.com/krm-sidecars/krm-sidecars/pkg/servicemesh"
)

// mesh is what is known about a mesh, or about another injector that works as
// meshes do.
type mesh struct {
	name      string
	block     string // of the config, with its settings
	pod       toggle
	namespace toggle // no key: namespaces have no say
	revision  string // the label that chooses a control plane; "" if there is none

	proxy     servicemesh.Mesh // its containers, users and ports, as far as it has some
	redirects bool             // takes the pod's traffic: one for a pod, and none on the host's network
	strict    bool             // refuses pods that run as the proxy's users
	native    string           // annotation that makes the proxy a native sidecar
	auto      bool             // or it is one from Kubernetes 1.29 on, without being told
	service   bool             // needs a Service that selects the pod
	ownDNS    bool             // the proxy needs the cluster's DNS to start
	ignores   string           // namespaces that it leaves alone
	nameKey   string           // annotation with the app's name, which defaults to the workload's
}

// toggle is the label or annotation that turns injection on and off.
type toggle struct {
	kind    kind
	key     string
	on, off string // the values: the first is what we write, the mesh takes the others too
	named   bool   // any other value turns on, too: it names what to inject
}

// values of a toggle that several meshes share.
const (
	parsedTrue, parsedFalse = "true 1 t T TRUE True", "false 0 f F FALSE False"
	truthy, falsy           = "true True TRUE y Y yes Yes YES t T on On ON 1", "false False FALSE n N no No NO f F off Off OFF 0"
)

// meshes is the table.
var meshes = sync.OnceValue(func() []mesh {
	istio := mesh{
		name: "istio", block: "istio", revision: "istio.io/rev",
		pod:       toggle{kind: label, key: "sidecar.istio.io/inject", on: "true", off: "false"},
		namespace: toggle{kind: label, key: "istio-injection", on: "enabled", off: "disabled"},
		proxy:     proxyOf("istio"), redirects: true, native: "sidecar.istio.io/nativeSidecar",
		ownDNS: true, ignores: "kube-system kube-public kube-node-lease local-path-storage",
	}
	gcp := istio
	gcp.name = "gcp"
	return []mesh{istio, {
		name: "istio-ambient", block: "ambient", redirects: true,
		pod:       toggle{kind: label, key: "istio.io/dataplane-mode", on: "ambient", off: "none"},
		namespace: toggle{kind: label, key: "istio.io/dataplane-mode", on: "ambient", off: "none"},
		proxy:     servicemesh.Mesh{Ports: []int32{15001, 15006, 15008, 15053}},
	}, {
		name: "linkerd", block: "linkerd", redirects: true, proxy: proxyOf("linkerd"),
		native:    "config.linkerd.io/proxy-enable-native-sidecar",
		pod:       toggle{kind: annotation, key: "linkerd.io/inject", on: "enabled ingress", off: "disabled"},
		namespace: toggle{kind: annotation, key: "linkerd.io/inject", on: "enabled ingress", off: "disabled"},
	}, {
		name: "consul", block: "consul", redirects: true, proxy: proxyOf("consul"), strict: true,
		native: "consul.hashicorp.com/enable-consul-dataplane-as-sidecar", service: true,
		ignores: "kube-system",
		pod:     toggle{kind: annotation, key: "consul.hashicorp.com/connect-inject", on: parsedTrue, off: parsedFalse},
	}, {
		name: "kuma", block: "kuma", redirects: true, proxy: proxyOf("kuma"), strict: true, auto: true,
		pod:       toggle{kind: label, key: "kuma.io/sidecar-injection", on: "enabled true yes", off: "disabled false no"},
		namespace: toggle{kind: label, key: "kuma.io/sidecar-injection", on: "enabled true yes", off: "disabled false no"},
	}, {
		name: "dapr", block: "dapr", native: "dapr.io/enable-native-sidecar", nameKey: "dapr.io/app-id",
		ignores: "kube-system",
		pod:     toggle{kind: annotation, key: "dapr.io/enabled", on: truthy, off: falsy},
		proxy:   servicemesh.Mesh{Ports: []int32{3500, 3501, 9090, 40000, 50001, 50002}},
	}, gcp, {
		name: "opentelemetry", block: "opentelemetry", auto: true,
		pod:       toggle{kind: annotation, key: "sidecar.opentelemetry.io/inject", on: "true", off: "false", named: true},
		namespace: toggle{kind: annotation, key: "sidecar.opentelemetry.io/inject", on: "true", off: "false", named: true},
	}}
})

// proxyOf is what the table of service meshes has of one.
func proxyOf(name string) servicemesh.Mesh {
	m, _ := servicemesh.Named(name)
	return m
}

// unusable are meshes that nothing can be injected for, and the way out.
func unusable() map[string]string {
	return map[string]string{
		"osm":     "Open Service Mesh was archived in 2023; move to istio, linkerd or kuma",
		"nginx":   "NGINX Service Mesh is out of support; move to istio, linkerd or consul",
		"traefik": "Traefik Mesh was archived, and had a proxy on each node and none in pods; remove its labels, or move to linkerd",
		"appmesh": "AWS App Mesh ended in 2026; move to Amazon VPC Lattice or ECS Service Connect, or to istio",
		"cilium":  "Cilium has no sidecars: its agent on the node does their work, and pods need no label; use CiliumNetworkPolicy objects",
	}
}

// aliases are other names that people know meshes by.
func aliases() map[string]string {
	return map[string]string{
		"ambient": "istio-ambient", "asm": "gcp", "anthos": "gcp", "csm": "gcp", "kong": "kuma", "kong-mesh": "kuma",
		"consul-connect": "consul", "otel": "opentelemetry", "linkerd2": "linkerd",
		"open-service-mesh": "osm", "nsm": "nginx", "nginx-service-mesh": "nginx", "maesh": "traefik", "traefik-mesh": "traefik",
		"app-mesh": "appmesh", "aws-app-mesh": "appmesh",
	}
}

func meshNamed(name string) (mesh, bool) {
	for _, m := range meshes() {
		if m.name == name {
			return m, true
		}
	}
	return mesh{}, false
}

// toggle is what turns the mesh on for objects of a scope.
func (m mesh) toggle(scope string) toggle {
	if scope == scopeNamespace {
		return m.namespace
	}
	return m.pod
}

// value is what we write to turn injection on or off.
func (t toggle) value(on bool) string {
	values := t.off
	if on {
		values = t.on
	}
	first, _, _ := strings.Cut(values, " ")
	return first
}

// means reports what a value does: turn on, turn off, or nothing known.
func (t toggle) means(value string) (on, known bool) {
	switch {
	case slices.Contains(strings.Fields(t.on), value):
		return true, true
	case slices.Contains(strings.Fields(t.off), value):
		return false, true
	}
	return t.named && choice(value) == "", t.named && choice(value) == ""
}

// word is the toggle as a label or annotation among others.
func (t toggle) format() format {
	f := format{words: []string{t.value(true), t.value(false)}, also: strings.Fields(t.on + " " + t.off)}
	if t.named {
		return format{check: choice}
	}
	return f
}

// words are the labels and annotations that a mesh knows, by their keys.
func (m mesh) words() map[string]word {
	known := map[string]word{}
	if f, ok := fieldNamed(reflect.TypeFor[Blocks](), m.block); ok {
		walk(reflect.New(f.Type.Elem()).Elem(), "", formats(), func(at string, w word, _ reflect.Value) {
			w.field = strings.TrimPrefix(at, ".")
			if w.object {
				w.format = format{check: anything}
			}
			known[w.key] = w
		})
	}
	if m.revision != "" {
		known[m.revision] = word{key: m.revision, pod: label, namespace: label, format: format{check: revisionName}}
	}
	for _, t := range []toggle{m.namespace, m.pod} {
		if t.key == "" {
			continue
		}
		w := known[t.key]
		w.key, w.format = t.key, t.format()
		if t == m.pod {
			w.pod = t.kind
		}
		if t == m.namespace {
			w.namespace = t.kind
		}
		known[t.key] = w
	}
	return known
}
