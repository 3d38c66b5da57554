package inject

import (
	"slices"
	"strconv"

	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/pkg/edit"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// show lets the functions that come later see what an injection changes.
func (a *adder) show(inj *Injection) {
	for _, c := range inj.Changes {
		path, err := edit.ParsePath(c.Path)
		if err == nil && len(path) > 3 && path[2].Kind == edit.ByKey {
			a.showIn(path, a.value(c.Value))
		}
	}
	if len(inj.Amendments) > 0 {
		a.cur.In(amended{a.cur.Around(), inj.Amendments})
	}
}

// showIn changes what a container of the view says. Other fields than these are
// nothing that functions look at.
func (a *adder) showIn(path edit.Path, v edit.Value) {
	i := slices.IndexFunc(a.cur.Containers, func(c pod.Container) bool { return c.Name == path[2].Name })
	if i < 0 {
		return
	}
	switch c := &a.cur.Containers[i]; path[3].Name {
	case "command":
		c.Command = texts(v)
	case "args":
		c.Args = texts(v)
	case "ports":
		c.Ports = withPort(slices.Clone(c.Ports), path[4:], v)
	}
}

// withPort adds a port to a list, or gives one that is there a name.
func withPort(ports []corev1.ContainerPort, path edit.Path, v edit.Value) []corev1.ContainerPort {
	if len(path) < 2 {
		return append(ports, portOf(v))
	}
	for i, p := range ports {
		if key := path[0]; path[1].Name == "name" && (key.Name == p.Name || key.Name == strconv.Itoa(int(p.ContainerPort)) || key.Kind == edit.ByIndex && key.Index == i) {
			ports[i].Name = v.Text
		}
	}
	return ports
}

func texts(v edit.Value) []string {
	var all []string
	for _, item := range v.Items {
		all = append(all, item.Text)
	}
	return all
}

func portOf(v edit.Value) corev1.ContainerPort {
	name, _ := v.Get("name")
	protocol, _ := v.Get("protocol")
	return corev1.ContainerPort{Name: name.Text, Protocol: corev1.Protocol(protocol.Text), ContainerPort: number(v, "containerPort")}
}

// amended is what stands around a workload, with what functions want of it.
type amended struct {
	pod.Around
	amendments []Amendment
}

// Neighbours returns the objects of a kind as they will be.
func (a amended) Neighbours(kind string) []pod.Neighbour {
	all := slices.Clone(a.Around.Neighbours(kind))
	for i := range all {
		for _, amendment := range a.amendments {
			if amendment.Object == all[i].Ref {
				all[i].Root = withChanges(all[i].Root, amendment.Changes)
			}
		}
	}
	return all
}

func withChanges(root edit.Value, changes []Change) edit.Value {
	for _, c := range changes {
		path, bad := edit.ParsePath(c.Path)
		if v, err := edit.Of(c.Value); err == nil && bad == nil {
			root = root.With(path, v)
		}
	}
	return root
}

func number(v edit.Value, field string) int32 {
	n, _ := v.Get(field)
	i, err := strconv.ParseInt(n.Text, 10, 32)
	if err != nil {
		return 0
	}
	return int32(i)
}
