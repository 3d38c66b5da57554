package inject

import (
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/pkg/edit"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// containerOrder is the order in which people write the fields of a container.
func containerOrder() []string {
	return []string{
		"name", "image", "imagePullPolicy", "restartPolicy", "command", "args", "workingDir", "ports", "envFrom", "env",
		"resources", "livenessProbe", "readinessProbe", "startupProbe", "lifecycle", "volumeMounts", "volumeDevices",
		"terminationMessagePolicy", "securityContext",
	}
}

// mountOrder is the order in which people write the fields of a mount.
func mountOrder() []string {
	return []string{"name", "mountPath", "subPath", "subPathExpr", "readOnly"}
}

// written is a container as people write it.
func (a *adder) written(c corev1.Container) edit.Value {
	v := a.value(c)
	v.Arrange(containerOrder())
	mounts, _ := v.Get("volumeMounts")
	for _, m := range mounts.Items {
		m.Arrange(mountOrder())
	}
	return v
}

// nativeSince is the minor of Kubernetes 1.x from which native sidecars work
// without a feature gate (KEP-753).
const nativeSince = 29

// container adds a container to the list where it belongs.
func (a *adder) container(c Container) {
	list, ok := a.listFor(&c)
	if !ok || a.nameTaken(c) {
		return
	}
	a.checkPorts(c)
	a.checkMounts(list, c)
	have := &a.cur.Containers
	if list == "initContainers" {
		have = &a.cur.InitContainers
	}
	index, bad := a.place(*have, c, a.req.Owner, a.req.Placement)
	if bad != nil {
		bad.Field = a.spec(edit.Name(list)).String()
		a.plan.Findings = append(a.plan.Findings, *bad)
		return
	}
	where := edit.Where{First: true}
	if index > 0 {
		where.After = []string{(*have)[index-1].Name}
	}
	a.insert(a.spec(edit.Name(list), edit.Elem("name", c.Name)), a.written(c.Container), where)
	*have = slices.Insert(slices.Clip(*have), index, a.seen(c))
	a.slots[c.Name] = slot{rank: c.Rank, owner: a.req.Owner, name: c.Name, ours: true}
	a.items.Containers[c.Name] = c.Rank
}

// seen is how later functions see the container.
func (a *adder) seen(c Container) pod.Container {
	s := pod.Container{Name: c.Name, Image: c.Image, Command: c.Command, Args: c.Args, Mounts: c.VolumeMounts,
		Ports: c.Ports, Env: c.Env, Owner: a.req.Owner.String()}
	if c.RestartPolicy != nil {
		s.RestartPolicy = string(*c.RestartPolicy)
	}
	return s
}

// listFor decides whether a container is an init container, a native sidecar or
// a plain one.
func (a *adder) listFor(c *Container) (string, bool) {
	if c.Init {
		return "initContainers", true
	}
	at := a.spec(edit.Name("containers"))
	native := a.req.Mode == Native || a.req.Mode != Plain && a.req.Minor >= nativeSince && !a.view.PlainOnly
	switch {
	case native && a.view.PlainOnly:
		a.finding(pod.Error, pod.NativeNotSupported, at, a.view.Object.Kind+" takes no native sidecars; set spec.injectAs: container")
	case native && a.req.Minor < nativeSince:
		a.finding(pod.Error, pod.NativeNotSupported, at, fmt.Sprintf("Kubernetes 1.%d has no native sidecars; set spec.kubernetesVersion to 1.29 or newer, or spec.injectAs: auto", a.req.Minor))
	case native:
		always := corev1.ContainerRestartPolicyAlways
		c.RestartPolicy = &always
		return "initContainers", true
	case a.view.Finite() && !c.Ends:
		a.finding(pod.Error, pod.JobWouldNeverEnd, at, "a sidecar among the containers would keep this pod from completing; set spec.kubernetesVersion to 1.29 or newer and spec.injectAs: native, or exclude it in spec.target")
	default:
		return "containers", true
	}
	return "", false
}

// nameTaken: containers, init containers and ephemeral containers share their
// names.
func (a *adder) nameTaken(c Container) bool {
	have, taken := a.cur.Container(c.Name)
	if !taken {
		return false
	}
	at, _ := a.containerPath(a.cur, c.Name)
	message := "this name is taken by a container that is not ours; set spec.container.name in the config, or remove it"
	if have.Owner != "" {
		message = "this name is taken by a container of " + have.Owner + "; set spec.container.name in the config"
	}
	a.finding(pod.Error, pod.ContainerNameConflict, at, message)
	return true
}

// checkPorts: all containers of a pod that run at a time share one network.
func (a *adder) checkPorts(c Container) {
	for _, other := range a.beside(c) {
		at, _ := a.containerPath(a.cur, other.Name)
		for _, p := range c.Ports {
			for _, q := range other.Ports {
				a.checkPort(at, other.Name, p, q)
			}
		}
	}
}

func (a *adder) checkPort(at edit.Path, other string, mine, theirs corev1.ContainerPort) {
	if theirs.ContainerPort == mine.ContainerPort && protocol(theirs) == protocol(mine) {
		a.finding(pod.Error, pod.PortConflict, at, fmt.Sprintf("container %q uses port %d %s; %d is free, set it in the config", other, mine.ContainerPort, protocol(mine), a.cur.FreePort(mine.ContainerPort+1)))
	}
	if theirs.Name != "" && theirs.Name == mine.Name {
		a.finding(pod.Error, pod.PortNameConflict, at, fmt.Sprintf("container %q has a port named %q; set another name in the config", other, mine.Name))
	}
}

// checkMounts: a container can have one volume at a path.
func (a *adder) checkMounts(list string, c Container) {
	for i, m := range c.VolumeMounts {
		for _, other := range c.VolumeMounts[:i] {
			if pod.Clean(other.MountPath) == pod.Clean(m.MountPath) {
				a.finding(pod.Error, pod.MountPathConflict, a.spec(edit.Name(list), edit.Elem("name", c.Name)),
					fmt.Sprintf("volumes %q and %q would both be mounted at %s, which this container needs for itself; set another path in the config", other.Name, m.Name, pod.Clean(m.MountPath)))
			}
		}
	}
}

// beside returns the containers that run at the same time as c. Plain init
// containers have ended when the app runs.
func (a *adder) beside(c Container) []pod.Container {
	var running []pod.Container
	for _, other := range a.cur.InitContainers {
		if other.Native() {
			running = append(running, other)
		}
	}
	if c.Init {
		return running
	}
	return append(running, a.cur.Containers...)
}

func protocol(p corev1.ContainerPort) corev1.Protocol {
	if p.Protocol == "" {
		return corev1.ProtocolTCP
	}
	return p.Protocol
}
