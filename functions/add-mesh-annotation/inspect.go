package meshannotation

import (
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
	"github.com/krm-sidecars/krm-sidecars/pkg/servicemesh"
)

// checks looks for what keeps injection from working, and settles what depends
// on the pod.
func (s *survey) checks() {
	s.agree()
	if s.config.Inject != injectionEnabled || s.config.OnNamespaces() {
		return
	}
	for _, check := range []func(*survey){
		named, bypassing, clashing, bare, ending, privileged, switchedOff, crowded, injected, unserved,
	} {
		check(s)
	}
}

// agree takes over the user's words for what the config wants, where they mean
// the same.
func (s *survey) agree() {
	t := s.mesh.toggle(s.config.Scope)
	want, ok := s.want.words[t.kind][t.key]
	if have, there := s.have(t.kind)[t.key]; ok && there && s.same(t.key, have, want) {
		s.want.words[t.kind][t.key] = have
	}
}

// spec is the path of the pod's spec.
func (s *survey) spec() string { return strings.TrimSuffix(s.home(), "metadata") + "spec" }

// container is the path of a container.
func (s *survey) container(c pod.Container) string {
	list := "containers"
	if hasName(s.view.InitContainers, c.Name) {
		list = "initContainers"
	}
	return fmt.Sprintf("%s.%s[name=%s]", s.spec(), list, c.Name)
}

func hasName(list []pod.Container, name string) bool {
	return slices.ContainsFunc(list, func(c pod.Container) bool { return c.Name == name })
}

// named gives the app the name of its workload, where it needs one and has none.
func named(s *survey) {
	key := s.mesh.nameKey
	if key == "" || s.view.Annotations[key] != "" || s.want.words[annotation][key] != "" {
		return
	}
	name := s.view.Object.Name
	if wrong := s.words[key].format.value(name); wrong != "" {
		s.find(pod.Error, pod.MeshBadValue, s.home(), fmt.Sprintf("the name of the workload, %q, %s; set spec.%s.appID", name, wrong, s.mesh.block))
		return
	}
	s.want.words[annotation][key] = name
}

// bypassing finds users that the mesh takes for its own. Meshes that refuse them
// look at the app alone.
func bypassing(s *survey) {
	for _, c := range s.view.All() {
		if c.Owner != "" {
			continue // whoever added it knows
		}
		uid, at := c.RunAsUser, s.container(c)
		if uid == nil {
			uid, at = s.view.RunAsUser, s.spec()
		}
		if uid == nil || !slices.Contains(s.proxyUsers(), *uid) {
			continue
		}
		severity, what := pod.Warning, "its traffic would pass by the proxy"
		if s.mesh.strict && hasName(s.view.Containers, c.Name) {
			severity, what = pod.Error, "it refuses the pod"
		}
		s.find(severity, pod.UIDBypassesMesh, at+".securityContext.runAsUser",
			fmt.Sprintf("runs as user %d, which is that of the proxy of %s: %s; choose another user", *uid, s.mesh.name, what))
	}
}

// proxyUsers are the users of the proxy.
func (s *survey) proxyUsers() []int64 {
	switch linkerd := s.config.Linkerd; {
	case s.config.ProxyUID != nil:
		return []int64{*s.config.ProxyUID}
	case linkerd != nil && linkerd.Proxy.UID != nil:
		return []int64{*linkerd.Proxy.UID}
	}
	return s.mesh.proxy.UIDs
}

// clashing finds ports of the app that the proxy has, too.
func clashing(s *survey) {
	for _, c := range s.view.All() {
		for _, p := range c.Ports {
			if slices.Contains(s.mesh.proxy.Ports, p.ContainerPort) && p.Protocol != corev1.ProtocolUDP {
				s.warn(pod.ReservedPort, s.container(c)+".ports", "the proxy of %s listens on port %d, too; choose another port", s.mesh.name, p.ContainerPort)
			}
		}
	}
}

// bare finds traffic that the mesh does not see, and DNS that its proxy cannot
// use.
func bare(s *survey) {
	for _, c := range s.view.All() {
		for _, p := range c.Ports {
			if s.mesh.redirects && p.Protocol == corev1.ProtocolUDP {
				s.find(pod.Info, pod.MeshNoUDP, s.container(c)+".ports", fmt.Sprintf("port %d is UDP, which passes by the proxy of %s", p.ContainerPort, s.mesh.name))
			}
		}
	}
	if policy := s.view.DNSPolicy; s.mesh.ownDNS && (policy == "Default" || policy == "None") {
		s.warn(pod.MeshDNSPolicy, s.spec()+".dnsPolicy", "is %s: the proxy of %s may not find its control plane; use ClusterFirst", policy, s.mesh.name)
	}
}

// ending finds Jobs that a proxy would keep from completing.
func ending(s *survey) {
	native := s.view.Annotations[s.mesh.native] + s.want.words[annotation][s.mesh.native]
	switch {
	case !s.view.Finite(), s.mesh.native == "" && !s.mesh.auto, native != "" && s.config.Minor() >= nativeFrom:
	case s.config.Minor() < nativeFrom:
		s.warn(pod.JobWouldNeverEnd, s.spec(), "the proxy of %s keeps the pod from completing before Kubernetes 1.%d; let the app end the proxy when it is done, or set injection: disabled for it", s.mesh.name, nativeFrom)
	case !s.mesh.auto:
		s.warn(pod.JobWouldNeverEnd, s.spec(), "the pod completes only if the proxy is a native sidecar; set spec.%s.%s: true", s.mesh.block, s.words[s.mesh.native].field)
	}
}

// privileged finds namespaces that refuse the mesh's init container.
func privileged(s *survey) {
	ns, ok := s.view.Namespace()
	if level := ns.Labels["pod-security.kubernetes.io/enforce"]; ok && len(s.mesh.proxy.Setup) > 0 && (level == "restricted" || level == "baseline") {
		s.find(pod.Info, pod.MeshNeedsNetAdmin, s.spec(), fmt.Sprintf("namespace %s enforces Pod Security %s, which refuses the capability NET_ADMIN of %s; install the CNI plugin of %s, so that pods need no such container",
			ns.Name, level, s.mesh.proxy.Setup[0], s.mesh.name))
	}
}

// switchedOff finds namespaces that keep pods out.
func switchedOff(s *survey) {
	if name := s.view.Object.Namespace; name != "" && slices.Contains(strings.Fields(s.mesh.ignores), name) {
		s.warn(pod.MeshNamespaceOff, s.home(), "%s leaves namespace %s alone; remove the pod from target", s.mesh.name, name)
	}
	ns, ok := s.view.Namespace()
	t := s.mesh.namespace
	if !ok || s.mesh.revision == "" {
		return
	}
	value, there := ns.Labels[t.key]
	on, _ := t.means(value)
	switch {
	case there && !on:
		s.warn(pod.MeshNamespaceOff, s.home(), "namespace %s has the label %s: %s, which wins over that of the pod; remove it there", ns.Name, t.key, value)
	case there && s.config.Revision != "":
		s.warn(pod.MeshNamespaceOff, s.home(), "namespace %s has the label %s, which wins over revision %s; use the label %s there", ns.Name, t.key, s.config.Revision, s.mesh.revision)
	}
	if rev := ns.Labels[s.mesh.revision]; rev != "" && s.config.Revision != "" && rev != s.config.Revision {
		s.warn(pod.MeshNamespaceOff, s.home(), "namespace %s has the label %s: %s, which wins over revision %s; change it there, unless one is a tag of the other", ns.Name, s.mesh.revision, rev, s.config.Revision)
	}
}

// crowded finds other meshes that want the pod.
func crowded(s *survey) {
	ns, _ := s.view.Namespace()
	told := "" // two meshes share the labels of Istio
	for _, other := range meshes() {
		if !s.mesh.redirects || !other.redirects || other.block == s.mesh.block {
			continue
		}
		on, known := other.pod.means(s.have(other.pod.kind)[other.pod.key])
		switch by := other.byNamespace(ns); {
		case on:
			s.warn(pod.MeshSeveral, place{s.home(), other.pod.kind, other.pod.key}.String(), "puts the pod into %s, too; two meshes cannot both have its traffic: keep one", other.name)
		case by != "" && by != told && !known && other.namespace.key != s.mesh.namespace.key:
			told = by
			s.warn(pod.MeshSeveral, s.home(), "namespace %s puts the pod into %s, too, by %s; two meshes cannot both have its traffic: remove that there, or set %s: %q on the pod",
				ns.Name, other.name, by, other.pod.key, other.pod.value(false))
		}
	}
}

// byNamespace is what in a namespace puts its pods into the mesh, "" when nothing
// does.
func (m mesh) byNamespace(ns pod.Neighbour) string {
	values := ns.Labels
	if m.namespace.kind == annotation {
		values = ns.Annotations
	}
	switch on, known := m.namespace.means(values[m.namespace.key]); {
	case on && m.namespace.key != "":
		return m.namespace.key
	case !known && m.revision != "" && ns.Labels[m.revision] != "":
		return m.revision
	}
	return ""
}

// injected finds proxies that are written out in the manifest.
func injected(s *survey) {
	found, how, _ := servicemesh.Of(s.view)
	if !how.Here || !s.mesh.redirects {
		return
	}
	c, _ := s.view.Container(found.Proxy)
	if c.Image == "auto" { // Istio's way to override the container
		return
	}
	s.warn(pod.MeshSeveral, s.container(c), "is a proxy that stands in the manifest already; remove it, or set injection: disabled")
}

// unserved finds pods that no Service selects, where the mesh needs one.
func unserved(s *survey) {
	services := s.view.Neighbours("Service")
	selects := func(n pod.Neighbour) bool {
		selector := n.Texts("spec", "selector")
		for key, value := range selector {
			if s.view.Labels[key] != value {
				return false
			}
		}
		return len(selector) > 0
	}
	if s.mesh.service && len(services) > 0 && !slices.ContainsFunc(services, selects) {
		s.warn(pod.ServiceUnclear, s.home(), "none of the Services here selects the pod; %s needs one to know it by", s.mesh.name)
	}
}
