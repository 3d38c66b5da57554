package pod

import (
	"strconv"
	"strings"

	"github.com/krm-sidecars/krm-sidecars/pkg/edit"
)

// Service is a Service of the input that sends traffic to the pods of a workload.
type Service struct {
	Neighbour
	Ports []ServicePort
	Odd   bool // spec.ports is no list of ports
}

// ServicePort is a port of a Service, as written.
type ServicePort struct {
	Name       string
	Port       int32
	Target     string // targetPort: a number or the name of a port; "" where it is left out, and means Port
	TargetPort int32  // the number of Target, or Port where that is left out; 0 for a name
	Protocol   string // "" means TCP
}

// Services returns the Services of the input that select the pods of the
// template, in the order of the input. The host may show only some of a package.
func (v *View) Services() []Service {
	var all []Service
	for _, n := range v.Neighbours("Service") {
		if v.selectedBy(n) {
			s := Service{Neighbour: n}
			s.Ports, s.Odd = servicePorts(n)
			all = append(all, s)
		}
	}
	return all
}

// selectedBy reports whether a Service sends traffic to the pods.
func (v *View) selectedBy(s Neighbour) bool {
	if textAt(s.Root, "spec", "type") == "ExternalName" {
		return false
	}
	want := s.Texts("spec", "selector")
	for key, value := range want {
		if v.Labels[key] != value {
			return false
		}
	}
	return len(want) > 0
}

func servicePorts(s Neighbour) (all []ServicePort, odd bool) {
	spec, _ := s.Root.Get("spec")
	list, written := spec.Get("ports")
	if written && list.String() != "null" && !strings.HasPrefix(list.String(), "[") {
		return nil, true
	}
	for _, item := range list.Items {
		if len(item.Fields) == 0 {
			return nil, true
		}
		port := ServicePort{Name: textAt(item, "name"), Port: number(textAt(item, "port")),
			Target: textAt(item, "targetPort"), Protocol: textAt(item, "protocol")}
		port.TargetPort = number(port.Target)
		if port.Target == "" {
			port.TargetPort = port.Port
		}
		all = append(all, port)
	}
	return all, false
}

// textAt is the text of a scalar below a value; "" where there is none.
func textAt(v edit.Value, fields ...string) string {
	for _, name := range fields {
		v, _ = v.Get(name)
	}
	return v.Text
}

// number reads a port; 0 for what is no number.
func number(text string) int32 {
	n, err := strconv.ParseInt(text, 10, 32)
	if err != nil {
		return 0
	}
	return int32(n)
}
