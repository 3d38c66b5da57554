package lint

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
	"github.com/krm-sidecars/krm-sidecars/pkg/servicemesh"
)

// nameRules are about what the API server, or the kernel, takes once only.
func nameRules() []rule {
	return []rule{{
		id: "SC001", name: "duplicate-name", severity: pod.Error, check: duplicateNames,
		about:  "Two containers, or two volumes, have the same name.",
		remedy: "rename one of them",
	}, {
		id: "SC002", name: "missing-volume", severity: pod.Error, check: missingVolumes,
		about:  "A container mounts a volume that the pod does not have.",
		remedy: "add the volume, or correct the name",
	}, {
		id: "SC003", name: "init-probe", severity: pod.Error, check: initProbes,
		about:  "An init container that ends has a probe or a lifecycle hook, which the API server refuses.",
		remedy: "remove it, or make the container a native sidecar with restartPolicy: Always",
	}, {
		id: "SC004", name: "port-clash", severity: pod.Error, check: portClashes,
		about:  "Two containers of the pod listen on the same port, or one on a port of the mesh's proxy: they share one network.",
		remedy: "let one of them use another port, or correct what it declares",
	}, {
		id: "SC005", name: "port-name", severity: pod.Error, check: portNames,
		about:  "The name of a port is not valid, or stands twice in the pod.",
		remedy: "use up to 15 lower-case letters, digits and -, with a letter, once in the pod",
	}}
}

func duplicateNames(s *subject) {
	seen := map[string]bool{}
	for c := range s.all() {
		if c.Name != "" && seen[c.Name] {
			s.findf(c.at+".name", "another container is named %s", c.Name)
		}
		seen[c.Name] = true
	}
	volumes := map[string]bool{}
	for i, v := range s.spec.Volumes {
		if v.Name != "" && volumes[v.Name] {
			s.findf(fmt.Sprintf("spec.volumes[%d].name", i), "another volume is named %s", v.Name)
		}
		volumes[v.Name] = true
	}
}

// complete are the groups whose pod templates hold all volumes: operators add to
// those of others.
func complete() []string {
	return []string{"", "apps", "batch", "extensions", "argoproj.io", "apps.kruise.io", "apps.openshift.io", "keda.sh", "jobset.x-k8s.io", "serving.knative.dev"}
}

func missingVolumes(s *subject) {
	if !slices.Contains(complete(), s.view.Object.Group()) {
		return
	}
	for c := range s.all() {
		for _, m := range c.VolumeMounts {
			if m.Name != "" && !s.view.VolumeTaken(m.Name) {
				s.findf(c.at+".volumeMounts[mountPath="+m.MountPath+"].name", "the pod has no volume %s", m.Name)
			}
		}
	}
}

func initProbes(s *subject) {
	for c := range s.all() {
		if !c.plainInit() {
			continue
		}
		for _, f := range []struct {
			name string
			set  bool
		}{{"livenessProbe", c.LivenessProbe != nil}, {"readinessProbe", c.ReadinessProbe != nil},
			{"startupProbe", c.StartupProbe != nil}, {"lifecycle", c.Lifecycle != nil}} {
			if f.set {
				s.findf(c.at+"."+f.name, "stands in an init container that ends")
			}
		}
	}
}

// socket is what a container listens on.
type socket struct {
	number   int32
	protocol corev1.Protocol
}

func socketOf(p corev1.ContainerPort) socket {
	if p.Protocol == "" {
		p.Protocol = corev1.ProtocolTCP
	}
	return socket{p.ContainerPort, p.Protocol}
}

func portClashes(s *subject) {
	mesh, _, meshed := servicemesh.Of(s.view)
	by := map[socket]string{}
	for c := range s.all() {
		if c.plainInit() {
			continue
		}
		for _, p := range c.Ports {
			at, port := c.at+".ports", socketOf(p)
			other, taken := by[port]
			switch {
			case p.ContainerPort == 0:
			case taken && other != c.Name && c.listensElsewhere(port.number):
				s.findAs(pod.Warning, at, "names port %d/%s, which container %s has, and its options name another", port.number, port.protocol, other)
			case taken && other != c.Name:
				s.findf(at, "container %s has port %d/%s, too", other, port.number, port.protocol)
			case meshed && !mesh.Owns(c.Name) && port.protocol == corev1.ProtocolTCP && slices.Contains(mesh.Ports, port.number):
				s.findf(at, "the proxy of %s listens on port %d, too", mesh.Title, port.number)
			}
			by[port] = c.Name
		}
	}
}

// listensElsewhere reports whether the options of a container name ports, but not
// this one.
func (c container) listensElsewhere(port int32) bool {
	words, others := c.words(), false
	for i, w := range words {
		option, value, ok := strings.Cut(w, "=")
		if !ok && i+1 < len(words) {
			value = words[i+1]
		}
		if !strings.HasPrefix(option, "-") || !listens(option) {
			continue
		}
		number, err := strconv.ParseInt(value[strings.LastIndex(value, ":")+1:], 10, 32)
		if err == nil && int32(number) == port {
			return false
		}
		others = others || err == nil
	}
	return others
}

func portNames(s *subject) {
	by := map[string]string{}
	for c := range s.all() {
		for _, p := range c.Ports {
			if p.Name == "" {
				continue
			}
			other, taken := by[p.Name]
			if wrong := validation.IsValidPortName(p.Name); len(wrong) > 0 {
				s.findf(c.at+".ports", "%q is no name for a port", p.Name)
			} else if taken {
				s.findf(c.at+".ports", "%q is the name of a port of container %s, too", p.Name, other)
			}
			by[p.Name] = c.Name
		}
	}
}
