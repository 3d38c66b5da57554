package initcontainer

import (
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// forbidToken is the one setting that no manifest tells for sure: the service
// account has a say in it, too. The container itself looks for the token.
const forbidToken = "service-account-token"

// setting is what a pod must not have. One of the two says why it has it.
type setting struct {
	name      string
	pod       func(*corev1.PodSpec) string
	container func(*corev1.PodSpec, *corev1.Container) string
}

// settings is the table.
func settings() []setting {
	return []setting{
		{name: "root", container: runsAsRoot},
		{name: "writable-root", container: func(_ *corev1.PodSpec, c *corev1.Container) string {
			return unless(is(security(c).ReadOnlyRootFilesystem, false), "can write to its root file system; set securityContext.readOnlyRootFilesystem: true")
		}},
		{name: "privileged", container: func(_ *corev1.PodSpec, c *corev1.Container) string {
			return unless(!is(security(c).Privileged, false), "is privileged; take securityContext.privileged out")
		}},
		{name: "privilege-escalation", container: func(_ *corev1.PodSpec, c *corev1.Container) string {
			return unless(!is(security(c).AllowPrivilegeEscalation, true), "may gain privileges; set securityContext.allowPrivilegeEscalation: false")
		}},
		{name: "capabilities", container: hasCapabilities},
		{name: "host-network", pod: func(s *corev1.PodSpec) string { return unless(!s.HostNetwork, "has hostNetwork: true") }},
		{name: "host-pid", pod: func(s *corev1.PodSpec) string { return unless(!s.HostPID, "has hostPID: true") }},
		{name: "host-ipc", pod: func(s *corev1.PodSpec) string { return unless(!s.HostIPC, "has hostIPC: true") }},
		{name: "host-path", pod: hasHostPath},
		{name: "host-port", container: func(_ *corev1.PodSpec, c *corev1.Container) string {
			taken := slices.ContainsFunc(c.Ports, func(p corev1.ContainerPort) bool { return p.HostPort != 0 })
			return unless(!taken, "takes a port of the node; take hostPort out")
		}},
		{name: "unpinned-image", container: func(_ *corev1.PodSpec, c *corev1.Container) string {
			return unless(pinned(c.Image), "has an image without a fixed tag or digest; name one")
		}},
		{name: forbidToken},
	}
}

// settingNames are the words of spec.check.forbid.
func settingNames() []string {
	var names []string
	for _, s := range settings() {
		names = append(names, s.name)
	}
	return names
}

// judge tells which of the forbidden settings the user's part of the pod has.
func (k *Check) judge(p *plan) {
	spec := p.ownSpec()
	for _, s := range settings() {
		if slices.Contains(k.Forbid, s.name) {
			s.judge(p, spec)
		}
	}
}

func (s setting) judge(p *plan, spec *corev1.PodSpec) {
	if s.pod != nil && s.pod(spec) != "" {
		p.Findf(pod.Error, pod.SettingForbidden, "spec.check.forbid has %s, and the pod %s", s.name, s.pod(spec))
	}
	if s.container == nil {
		return
	}
	for _, c := range slices.Concat(spec.InitContainers, spec.Containers) {
		if why := s.container(spec, &c); why != "" {
			p.Findf(pod.Error, pod.SettingForbidden, "spec.check.forbid has %s, and container %q %s", s.name, c.Name, why)
		}
	}
}

// ownSpec is the pod without the containers and volumes of functions and meshes.
func (p *plan) ownSpec() *corev1.PodSpec {
	spec := p.View.Spec()
	spec.Volumes = slices.DeleteFunc(spec.Volumes, func(v corev1.Volume) bool {
		have, ok := p.View.Volume(v.Name)
		return !ok || have.Owner != ""
	})
	others := func(c corev1.Container) bool {
		have, ok := p.View.Container(c.Name)
		return !ok || have.Owner != "" || inject.IsProxy(have)
	}
	spec.InitContainers, spec.Containers = slices.DeleteFunc(spec.InitContainers, others), slices.DeleteFunc(spec.Containers, others)
	return spec
}

// unless returns why something is wrong, where it is.
func unless(fine bool, why string) string {
	if fine {
		return ""
	}
	return why
}

// is returns a switch, or what it is where nobody has set it.
func is(value *bool, otherwise bool) bool {
	if value == nil {
		return otherwise
	}
	return *value
}

func security(c *corev1.Container) *corev1.SecurityContext {
	if c.SecurityContext == nil {
		return &corev1.SecurityContext{}
	}
	return c.SecurityContext
}

// runsAsRoot: the manifest has to say that the container does not.
func runsAsRoot(spec *corev1.PodSpec, c *corev1.Container) string {
	outer := spec.SecurityContext
	if outer == nil {
		outer = &corev1.PodSecurityContext{}
	}
	user, nonRoot := security(c).RunAsUser, security(c).RunAsNonRoot
	if user == nil {
		user = outer.RunAsUser
	}
	if nonRoot == nil {
		nonRoot = outer.RunAsNonRoot
	}
	switch {
	case user != nil && *user == 0:
		return "runs as root; set securityContext.runAsUser"
	case user == nil && !is(nonRoot, false):
		return "may run as root; set securityContext.runAsNonRoot: true"
	}
	return ""
}

func hasCapabilities(_ *corev1.PodSpec, c *corev1.Container) string {
	caps := security(c).Capabilities
	if caps == nil || !slices.Contains(caps.Drop, "ALL") {
		return "keeps the capabilities of the runtime; set securityContext.capabilities.drop: [ALL]"
	}
	added := slices.DeleteFunc(slices.Clone(caps.Add), func(name corev1.Capability) bool { return name == "NET_BIND_SERVICE" })
	return unless(len(added) == 0, "has more capabilities than NET_BIND_SERVICE")
}

func hasHostPath(spec *corev1.PodSpec) string {
	for _, v := range spec.Volumes {
		if v.HostPath != nil {
			return "has a volume of the node's files, " + v.Name
		}
	}
	return ""
}

// pinned reports whether an image has a digest, or a tag that does not move.
func pinned(image string) bool {
	if strings.Contains(image, "@sha256:") {
		return true
	}
	_, tag, ok := strings.Cut(image[strings.LastIndexByte(image, '/')+1:], ":")
	return ok && tag != "latest"
}
