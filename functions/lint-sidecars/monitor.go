package lint

import (
	"fmt"
	"slices"

	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// monitorsOf are the objects of a kind of the Prometheus operator that select the
// pods of the template, or all pods.
func (s *subject) monitorsOf(kind string) []pod.Neighbour {
	var all []pod.Neighbour
	for _, n := range s.view.Neighbours("monitoring.coreos.com/" + kind) {
		if selects(n, s.view.Labels) {
			all = append(all, n)
		}
	}
	return all
}

// selects reports whether the selector of a monitor takes labels. Expressions are
// not read, and take nothing.
func selects(n pod.Neighbour, labels map[string]string) bool {
	want := n.Texts("spec", "selector", "matchLabels")
	spec, _ := n.Root.Get("spec")
	selector, _ := spec.Get("selector")
	expressions, _ := selector.Get("matchExpressions")
	if !expressions.Empty() {
		return false
	}
	for key, value := range want {
		if labels[key] != value {
			return false
		}
	}
	return true
}

func monitors(s *subject) {
	var ports []string
	for c := range s.all() {
		for _, p := range c.Ports {
			ports = append(ports, p.Name)
		}
	}
	for _, m := range s.monitorsOf("PodMonitor") {
		s.judgeMonitor(m, "podMetricsEndpoints", s.view.Object, ports)
	}
	for _, service := range s.view.Services() {
		var names []string
		for _, p := range service.Ports {
			names = append(names, p.Name)
		}
		for _, m := range s.view.Neighbours("monitoring.coreos.com/ServiceMonitor") {
			if selects(m, service.Labels) {
				s.judgeMonitor(m, "endpoints", service.Ref, names)
			}
		}
	}
}

// judgeMonitor looks at a monitor that selects something with ports.
func (s *subject) judgeMonitor(m pod.Neighbour, list string, selected pod.Ref, ports []string) {
	if len(m.Texts("spec", "selector", "matchLabels")) == 0 {
		s.beside(m, "select by a label of the app", "spec.selector", "is empty, and takes everything in its namespaces")
		return
	}
	spec, _ := m.Root.Get("spec")
	endpoints, _ := spec.Get(list)
	for i, e := range endpoints.Items {
		if port, _ := e.Get("port"); port.Text != "" && !slices.Contains(ports, port.Text) {
			s.beside(m, "name a port that is there", fmt.Sprintf("spec.%s[%d].port", list, i), "names port %s, which %s, that it selects, does not have", port.Text, selected)
		}
	}
}
