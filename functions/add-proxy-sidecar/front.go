package proxysidecar

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// Front is what proxies in front of an app have in common. Services that lead to
// the app lead to the proxy then.
type Front struct {
	// Port that the proxy listens on. Default: that of the proxy, or the next that no
	// container of the pod has.
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=65535
	Port int32 `json:"port,omitempty"`
	// UpstreamPort is the app's port. Default: the first that its container declares.
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=65535
	UpstreamPort int32 `json:"upstreamPort,omitempty"`
	// Service is the Service that is to lead to the proxy. Default: all in the input
	// that lead to the app's port.
	// +krm-sidecars:text=object-name
	Service string `json:"service,omitempty"`
	// RewireService changes targetPort of the Services; true where it is left out.
	RewireService *bool `json:"rewireService,omitempty"`
}

// validate checks the fields; own are further ports of the proxy.
func (f Front) validate(own map[string]int32) config.Errors {
	numbers := map[string]int32{"port": f.Port, "upstreamPort": f.UpstreamPort}
	maps.Copy(numbers, own)
	errs := ports(numbers)
	if f.Service != "" && f.RewireService != nil && !*f.RewireService {
		errs.Addf("service", "has no effect with rewireService: false; take one of them out")
	}
	return append(errs, config.Each("service", f.Service, config.ObjectName)...)
}

// upstream is the app's port, which the proxy cannot have; false where nobody tells
// which one it is.
func (p *plan) upstream(f Front) (int32, bool) {
	port, ok := p.appPort(f)
	if ok {
		p.taken = append(p.taken, port)
	}
	return port, ok
}

func (p *plan) appPort(f Front) (int32, bool) {
	if f.UpstreamPort != 0 {
		return f.UpstreamPort, true
	}
	app, ok := p.app()
	if !ok {
		return 0, false
	}
	for _, port := range app.Ports {
		if port.Protocol == "" || port.Protocol == corev1.ProtocolTCP {
			return port.ContainerPort, true
		}
	}
	p.Findf(pod.Error, pod.UpstreamUnknown, "container %q declares no port, so that nobody knows where the app listens; set upstreamPort, or declare it under ports", app.Name)
	return 0, false
}

// app is the container that the proxy stands before.
func (p *plan) app() (pod.Container, bool) {
	apps := inject.Apps(p.View)
	switch names := p.config.Target.Containers; {
	case len(names) > 0:
		apps = p.Pick("spec.target.containers", p.View.Own(), names[:1])
	case len(apps) == 0:
		p.Findf(pod.Error, pod.UpstreamUnknown, "there is no container of an app that the proxy could stand before; name one in spec.target.containers")
	case len(apps) > 1:
		p.Findf(pod.Info, pod.AppAssumed, "container %q is taken for the app, because it is the first; name another one in spec.target.containers", apps[0].Name)
	}
	if len(apps) == 0 {
		return pod.Container{}, false
	}
	return apps[0], true
}

// rewire has the Services that lead to the app lead to the proxy.
func (p *plan) rewire(f Front, from, to int32) {
	if f.RewireService != nil && !*f.RewireService {
		return
	}
	led := 0
	for _, s := range p.View.Services() {
		if f.Service != "" && s.Name != f.Service {
			continue
		}
		changes := p.retarget(s, from, to)
		if led += len(changes); len(changes) > 0 {
			p.Injection.Amendments = append(p.Injection.Amendments, inject.Amendment{Object: s.Ref, Changes: changes})
		}
	}
	switch {
	case led > 0:
		p.Findf(pod.Info, pod.ServiceRewired, "the app can still be reached at port %d of the pod, past the proxy; have it listen on 127.0.0.1, or keep others out by a NetworkPolicy", from)
	case f.Service != "":
		p.Findf(pod.Error, pod.ServiceUnclear, "no Service %q in the input leads to port %d of the app; correct service, or set rewireService: false", f.Service, from)
	default:
		p.Findf(pod.Warning, pod.ServiceUnclear, "no Service in the input leads to port %d of the app, so that nothing leads to the proxy; set targetPort: %d in the Service, or run where it is, too", from, to)
	}
}

// retarget are the changes of a Service whose ports lead to the app. The target is
// a number: names of native sidecars' ports do not resolve everywhere.
func (p *plan) retarget(s pod.Service, from, to int32) []inject.Change {
	var changes []inject.Change
	for i, port := range s.Ports {
		if port.Protocol != "" && port.Protocol != "TCP" || port.TargetPort != from && !p.named(port.Target, from) {
			continue
		}
		changes = append(changes, inject.Change{Path: fmt.Sprintf("spec.ports[%d].targetPort", i), Value: to})
	}
	return changes
}

// named reports whether a name is that of a port of the app's containers.
func (p *plan) named(name string, number int32) bool {
	return name != "" && slices.ContainsFunc(p.View.Own(), func(c pod.Container) bool {
		return slices.ContainsFunc(c.Ports, func(port corev1.ContainerPort) bool { return port.Name == name && port.ContainerPort == number })
	})
}

// local is the address of a port in the pod.
func local(port int32) string { return "127.0.0.1:" + strconv.Itoa(int(port)) }

// everywhere is the address at which others reach a port of the pod.
func everywhere(port int32) string { return "0.0.0.0:" + strconv.Itoa(int(port)) }

// each repeats a flag for all values.
func each(flag string, values []string) []string {
	var args []string
	for _, value := range values {
		args = append(args, flag+"="+inject.Literal(value))
	}
	return args
}

// unclean reports texts of a list that are empty, have blanks around, or several
// lines.
func unclean(path string, values []string) config.Errors {
	return config.All(path, values, func(text string) string {
		if strings.TrimSpace(text) != text {
			return "has blanks around it"
		}
		return config.SingleLine(text)
	})
}
