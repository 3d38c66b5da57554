package exporter

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// servicePort is a port of a Service.
type servicePort struct {
	Name       string `json:"name"`
	Port       int32  `json:"port"`
	TargetPort int32  `json:"targetPort"` // a number: names of native sidecars' ports do not resolve everywhere
	Protocol   string `json:"protocol"`
}

// monitorService generates a ServiceMonitor, and gives the Service that selects
// the pods the port of the metrics.
func (p *plan) monitorService(m *ServiceMonitor) {
	s, ok := p.service(m.Service)
	if !ok {
		return
	}
	labels := steady(s.Labels)
	if len(labels) == 0 {
		p.findf(pod.Error, pod.EmptySelector, "%s has no labels that a ServiceMonitor could select it by; give it one, or use spec.discovery.podMonitor", s.Ref)
		return
	}
	name, changes := p.servicePort(s)
	if len(changes) > 0 {
		p.injection.Amendments = append(p.injection.Amendments, inject.Amendment{Object: s.Ref, Changes: changes})
	}
	p.addMonitor(&m.Monitor, serviceMonitor(), labels, name)
}

// service finds the Service that selects the pods.
func (p *plan) service(name string) (pod.Service, bool) {
	var found []pod.Service
	var names []string
	for _, s := range p.view.Services() {
		if name == "" || s.Name == name {
			found, names = append(found, s), append(names, s.Name)
		}
	}
	switch {
	case len(found) == 1:
		return found[0], true
	case len(found) > 1:
		p.findf(pod.Error, pod.ServiceUnclear, "the Services %s select the pods; name one in spec.discovery.serviceMonitor.service", strings.Join(names, ", "))
	case name != "":
		p.findf(pod.Error, pod.ServiceUnclear, "no Service %q in the input selects the pods; correct spec.discovery.serviceMonitor.service, or use spec.discovery.podMonitor", name)
	default:
		p.findf(pod.Error, pod.ServiceUnclear, "no Service in the input selects the pods; run where the Service is, too, or use spec.discovery.podMonitor")
	}
	return pod.Service{}, false
}

// writtenPorts are the ports that a Service has.
func writtenPorts(s pod.Service) []servicePort {
	all := make([]servicePort, len(s.Ports))
	for i, q := range s.Ports {
		all[i] = servicePort{Name: q.Name, Port: q.Port, TargetPort: q.TargetPort, Protocol: q.Protocol}
	}
	return all
}

// servicePort returns the name under which the Service has the port of the
// metrics, and what has to change for that. A name that another config has given
// to a port is wanted by this one, too.
func (p *plan) servicePort(s pod.Service) (string, []inject.Change) {
	var changes []inject.Change
	want := servicePort{Name: p.portName, Port: p.port, TargetPort: p.port, Protocol: "TCP"}
	have := writtenPorts(s)
	if s.Odd {
		p.findf(pod.Error, pod.InvalidTemplate, "%s has spec.ports that are no list of ports; write them as Kubernetes has them", s.Ref)
	}
	for i, q := range have {
		if q.TargetPort == p.port && q.Name != "" && q != want {
			return q.Name, nil // the user's own
		}
		if name := fmt.Sprintf("port-%d", q.Port); q.Name == "" || q.Name == name {
			changes = append(changes, inject.Change{Path: fmt.Sprintf("spec.ports[%d].name", i), Value: name}) // several ports need names
		}
	}
	for clash := func(q servicePort) bool { return q.Port == want.Port && q != want }; slices.ContainsFunc(have, clash); {
		want.Port++
	}
	if slices.ContainsFunc(have, func(q servicePort) bool { return q.Name == want.Name && q != want }) {
		want.Name = p.name
	}
	return want.Name, append(changes, inject.Change{Path: "spec.ports[name=" + want.Name + "]", Value: want})
}

// steady are the labels that do not change from release to release, or all of
// them where no others are.
func steady(labels map[string]string) map[string]string {
	kept := maps.Clone(labels)
	maps.DeleteFunc(kept, func(key, _ string) bool {
		return slices.Contains([]string{"helm.sh/chart", "app.kubernetes.io/version", "app.kubernetes.io/managed-by"}, key)
	})
	if len(kept) == 0 {
		return labels
	}
	return kept
}
