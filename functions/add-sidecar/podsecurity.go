package sidecar

import (
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// rule is something that Pod Security "restricted" does not let a container do.
type rule struct {
	field  string // below spec.container
	broken func(c *corev1.Container, sc *corev1.SecurityContext) bool
}

// rules are those that explicit values can break; what is filled in breaks none.
func rules() []rule {
	return []rule{
		{"securityContext.privileged", func(_ *corev1.Container, sc *corev1.SecurityContext) bool { return isTrue(sc.Privileged) }},
		{"securityContext.allowPrivilegeEscalation", func(_ *corev1.Container, sc *corev1.SecurityContext) bool { return isTrue(sc.AllowPrivilegeEscalation) }},
		{"securityContext.capabilities.add", func(_ *corev1.Container, sc *corev1.SecurityContext) bool {
			return slices.ContainsFunc(sc.Capabilities.Add, func(c corev1.Capability) bool { return c != "NET_BIND_SERVICE" })
		}},
		{"securityContext.capabilities.drop", func(_ *corev1.Container, sc *corev1.SecurityContext) bool {
			return !slices.Contains(sc.Capabilities.Drop, "ALL")
		}},
		{"securityContext.seccompProfile", func(_ *corev1.Container, sc *corev1.SecurityContext) bool {
			return sc.SeccompProfile.Type == corev1.SeccompProfileTypeUnconfined
		}},
		{"securityContext.appArmorProfile", func(_ *corev1.Container, sc *corev1.SecurityContext) bool {
			return sc.AppArmorProfile != nil && sc.AppArmorProfile.Type == corev1.AppArmorProfileTypeUnconfined
		}},
		{"securityContext.procMount", func(_ *corev1.Container, sc *corev1.SecurityContext) bool {
			return sc.ProcMount != nil && *sc.ProcMount != corev1.DefaultProcMount
		}},
		{"securityContext.seLinuxOptions", func(_ *corev1.Container, sc *corev1.SecurityContext) bool { return labelled(sc.SELinuxOptions) }},
		{"ports", func(c *corev1.Container, _ *corev1.SecurityContext) bool {
			return slices.ContainsFunc(c.Ports, func(p corev1.ContainerPort) bool { return p.HostPort != 0 })
		}},
		{"livenessProbe", func(c *corev1.Container, _ *corev1.SecurityContext) bool { return probesHost(c.LivenessProbe) }},
		{"readinessProbe", func(c *corev1.Container, _ *corev1.SecurityContext) bool { return probesHost(c.ReadinessProbe) }},
		{"startupProbe", func(c *corev1.Container, _ *corev1.SecurityContext) bool { return probesHost(c.StartupProbe) }},
		{"lifecycle", func(c *corev1.Container, _ *corev1.SecurityContext) bool {
			return c.Lifecycle != nil && (callsHost(c.Lifecycle.PostStart) || callsHost(c.Lifecycle.PreStop))
		}},
	}
}

// rootRules are those that do not hold for pods with a user namespace of their own.
func rootRules() []rule {
	return []rule{
		{"securityContext.runAsUser", func(_ *corev1.Container, sc *corev1.SecurityContext) bool { return isRoot(sc) }},
		{"securityContext.runAsNonRoot", func(_ *corev1.Container, sc *corev1.SecurityContext) bool {
			return isFalse(sc.RunAsNonRoot) && !isRoot(sc)
		}},
	}
}

// judge warns where what the config says breaks Pod Security "restricted".
func (p *plan) judge() {
	broken := rules()
	if !isFalse(p.view.HostUsers) {
		broken = append(broken, rootRules()...)
	}
	for _, r := range broken {
		if r.broken(p.container, p.container.SecurityContext) {
			p.warn("spec.container." + r.field)
		}
	}
	for _, v := range p.config.Volumes {
		if source := sourceOf(v); !slices.Contains(strings.Fields(restrictedVolumes), source) {
			p.warn("spec.volumes: " + source + " of volume " + v.Name)
		}
	}
}

func (p *plan) warn(what string) {
	p.tell(pod.Warning, pod.PodSecurity, "%s breaks Pod Security restricted, and stays, because the config says so; take it out, or let the namespace allow it", what)
}

// restrictedVolumes are the volumes that "restricted" allows.
const restrictedVolumes = "configMap csi downwardAPI emptyDir ephemeral image persistentVolumeClaim projected secret"

// sourceOf is the kind of a volume; emptyDir where none is named.
func sourceOf(v corev1.Volume) string {
	set, _ := config.Members(v.VolumeSource)
	return append(set, "emptyDir")[0]
}

// labelled reports SELinux labels that are not those of containers.
func labelled(o *corev1.SELinuxOptions) bool {
	const types = " container_t container_init_t container_kvm_t container_engine_t "
	return o != nil && (o.User != "" || o.Role != "" || o.Type != "" && !strings.Contains(types, " "+o.Type+" "))
}

func probesHost(p *corev1.Probe) bool {
	return p != nil && callsHost(&corev1.LifecycleHandler{HTTPGet: p.HTTPGet, TCPSocket: p.TCPSocket})
}

func callsHost(h *corev1.LifecycleHandler) bool {
	return h != nil && (h.HTTPGet != nil && h.HTTPGet.Host != "" || h.TCPSocket != nil && h.TCPSocket.Host != "")
}
