package lint

import (
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// resourceRules are about what helpers take from the app and from the node.
func resourceRules() []rule {
	return []rule{{
		id: "SC011", name: "missing-resources", severity: pod.Warning, check: missingResources,
		about:  "A helper has no requests, or no memory limit: it is evicted first, or takes what the app needs.",
		remedy: "set resources.requests.cpu and memory, and limits.memory",
	}, {
		id: "SC012", name: "helper-above-app", severity: pod.Warning, check: aboveApp,
		about:  "A helper asks for more than the app.",
		remedy: "check the numbers",
	}}
}

func missingResources(s *subject) {
	if s.view.HasResources || len(s.view.Neighbours("LimitRange")) > 0 {
		return
	}
	for _, c := range s.helpers() {
		var missing []string
		for _, f := range []struct {
			name string
			set  bool
		}{
			{"requests.cpu", asks(c, corev1.ResourceCPU)},
			{"requests.memory", asks(c, corev1.ResourceMemory)},
			{"limits.memory", has(c.Resources.Limits, corev1.ResourceMemory)},
		} {
			if !f.set {
				missing = append(missing, f.name)
			}
		}
		if len(missing) > 0 {
			s.findf(c.at+".resources", "lacks %s", strings.Join(missing, ", "))
		}
	}
}

// asks reports whether a container requests a resource: a limit is a request, too,
// where there is none.
func asks(c container, name corev1.ResourceName) bool {
	return has(c.Resources.Requests, name) || has(c.Resources.Limits, name)
}

func has(list corev1.ResourceList, name corev1.ResourceName) bool {
	_, ok := list[name]
	return ok
}

// request is what a container requests of a resource; 0 for nothing.
func request(c container, name corev1.ResourceName) int64 {
	q, ok := c.Resources.Requests[name]
	if !ok {
		q = c.Resources.Limits[name]
	}
	return q.MilliValue()
}

func aboveApp(s *subject) {
	app := s.app()
	requested := map[corev1.ResourceName]int64{}
	names := []corev1.ResourceName{corev1.ResourceCPU, corev1.ResourceMemory}
	for c := range s.all() {
		for _, name := range names {
			if c.Name == app {
				requested[name] = request(c, name)
			}
		}
	}
	for _, c := range s.helpers() {
		for _, name := range names { // an init container that ends is gone when the app runs
			if apps := requested[name]; !c.plainInit() && apps > 0 && request(c, name) > apps {
				s.findf(c.at+".resources", "requests more %s than the app's container %s", name, app)
			}
		}
	}
}
