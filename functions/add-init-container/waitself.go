package initcontainer

import (
	"cmp"
	"net/url"
	"slices"
	"strings"

	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// checkSelf refuses to wait for what comes only when the wait is over: the
// workload itself, or a Service of its pods. A name of another pod of a headless
// Service resolves, and a Service that has a cluster IP always does.
func (ws waits) checkSelf(p *plan) {
	for i, w := range ws {
		if r := w.Resource; r != nil && r.isOf(p) {
			p.Findf(pod.Error, pod.WaitsForItself, "spec.waitFor[%d] waits for %s %s, which waits for this container; take it out", i, r.Kind, r.Name)
		}
		for _, k := range w.kinds() {
			host := hostOf(k.target(w))
			if k.name != "dns" && p.isOwnService(host) {
				p.Findf(pod.Error, pod.WaitsForItself, "spec.waitFor[%d] waits for Service %s, which has no pods until this container ends; take it out, or wait for what the pods need", i, host)
			}
			if isLocal(host) && !p.hasNative() {
				p.Findf(pod.Warning, pod.WaitsForItself, "spec.waitFor[%d] waits for %s, where nothing of the pod listens before its init containers end; only a native sidecar that stands before this container would", i, host)
			}
		}
	}
}

// isOf reports whether a resource is the workload that waits for it.
func (r *Resource) isOf(p *plan) bool {
	o := p.View.Object
	return r.Kind == o.Kind && r.Name == o.Name && pod.GroupOf(r.APIVersion) == o.Group() &&
		cmp.Or(r.Namespace, p.namespace()) == p.namespace()
}

// hostOf is the host of an address or a URL.
func hostOf(target string) string {
	if !strings.Contains(target, "://") {
		target = "tcp://" + target
	}
	u, err := url.Parse(target)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

// isOwnService reports whether a host name is that of a Service of the pods,
// which has no address before they are ready.
func (p *plan) isOwnService(host string) bool {
	name, rest, _ := strings.Cut(host, ".")
	namespace, domain, _ := strings.Cut(rest, ".")
	if namespace != "" && namespace != p.namespace() || domain != "" && domain != "svc" && !strings.HasPrefix(domain, "svc.") {
		return false
	}
	return slices.ContainsFunc(p.View.Services(), func(s pod.Service) bool { return s.Name == name })
}

func isLocal(host string) bool {
	return host == "localhost" || host == "::1" || strings.HasPrefix(host, "127.")
}

// hasNative reports whether a native sidecar may be there to be waited for.
func (p *plan) hasNative() bool {
	return slices.ContainsFunc(p.View.InitContainers, pod.Container.Native)
}
