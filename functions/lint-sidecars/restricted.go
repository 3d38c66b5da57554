package lint

import (
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// restrictedRules are about what Pod Security restricted asks of helpers. Pods for
// Windows have other fields.
func restrictedRules() []rule {
	about := func(id, name, problem, remedy string, check func(*subject)) rule {
		return rule{id: id, name: name, severity: pod.Warning, about: problem + ", which Pod Security restricted refuses.", remedy: remedy, check: check}
	}
	return []rule{
		namedUserRule(),
		about("SC013a", "privilege-escalation", "A helper may gain more privileges than its parent", "set allowPrivilegeEscalation: false", escalation),
		about("SC013b", "may-run-as-root", "A helper may run as root", "set runAsNonRoot: true, and a numeric runAsUser", nonRoot),
		about("SC013c", "runs-as-root", "A helper runs as root", "choose another user", runsAsRoot),
		about("SC013d", "no-seccomp", "A helper has no seccomp profile", "set seccompProfile: {type: RuntimeDefault}", seccomp),
		about("SC013e", "keeps-capabilities", "A helper keeps capabilities", "set capabilities: {drop: [ALL]}", dropsAll),
		about("SC013f", "adds-capabilities", "A helper adds a capability", "do without it", addsCapability),
		about("SC013g", "volume-type", "A helper mounts a volume of a type", "use a PersistentVolumeClaim", volumeTypes),
		{
			id: "SC014", name: "writable-root", severity: pod.Warning, check: writableRoot,
			about:  "A helper can write to its own image.",
			remedy: "set readOnlyRootFilesystem: true, with an emptyDir for each directory that it writes to",
		}, {
			id: "SC043", name: "near-the-node", severity: pod.Warning, check: nearTheNode,
			about:  "A helper is privileged, or uses a directory, a port or the network of the node.",
			remedy: "do without it",
		},
	}
}

// namedUserRule is about what the kubelet cannot verify.
func namedUserRule() rule {
	return rule{
		id: "SC010", name: "named-user", severity: pod.Error, check: namedUser,
		about:  "A container is to run as somebody else than root, but its image names its user by a name, which the kubelet cannot verify.",
		remedy: "set a numeric runAsUser",
	}
}

func namedUser(s *subject) {
	if s.config.openShift() {
		return
	}
	for c := range s.all() {
		set := security(c).RunAsNonRoot
		if set == nil {
			set = ofPod(s).RunAsNonRoot
		}
		if name := factOf(c.Image).user; set != nil && *set && name != "" && s.user(c) == nil {
			s.findf(c.at+".securityContext.runAsUser", "is not set, and the user of %s is %q: the container does not start with runAsNonRoot", c.Image, name)
		}
	}
}

// security is the security context of a container, never nil.
func security(c container) *corev1.SecurityContext {
	if c.SecurityContext == nil {
		return &corev1.SecurityContext{}
	}
	return c.SecurityContext
}

// ofPod is the security context of the pod, never nil.
func ofPod(s *subject) *corev1.PodSecurityContext {
	if s.spec.SecurityContext == nil {
		return &corev1.PodSecurityContext{}
	}
	return s.spec.SecurityContext
}

// linuxHelpers are the helpers that the rules look at.
func linuxHelpers(s *subject) []container {
	if s.view.OS == "windows" {
		return nil
	}
	return s.helpers()
}

func privileged(c container) bool {
	p := security(c).Privileged
	return p != nil && *p
}

// userNamespace reports whether root in the pod is nobody on the node.
func userNamespace(s *subject) bool { return s.spec.HostUsers != nil && !*s.spec.HostUsers }

func escalation(s *subject) {
	for _, c := range linuxHelpers(s) {
		at := c.at + ".securityContext.allowPrivilegeEscalation"
		switch allow := security(c).AllowPrivilegeEscalation; {
		case privileged(c): // SC043 tells of it, and the API server takes no false beside it
		case allow == nil:
			s.findf(at, "is not set, which allows it")
		case *allow:
			s.findAs(pod.Error, at, "is true")
		}
	}
}

func nonRoot(s *subject) {
	remedy := s.rule.remedy
	if s.config.openShift() {
		remedy = "set runAsNonRoot: true"
	}
	for _, c := range linuxHelpers(s) {
		set := security(c).RunAsNonRoot
		if set == nil {
			set = ofPod(s).RunAsNonRoot
		}
		if (set == nil || !*set) && !userNamespace(s) {
			s.findTo(remedy, c.at+".securityContext.runAsNonRoot", "is not true, here or for the pod")
		}
	}
}

func runsAsRoot(s *subject) {
	if userNamespace(s) {
		return
	}
	for _, c := range linuxHelpers(s) {
		at, user := c.at, security(c).RunAsUser
		if user == nil {
			at, user = "spec", ofPod(s).RunAsUser
		}
		if user != nil && *user == 0 {
			s.findf(at+".securityContext.runAsUser", "has %s run as root", c.Name)
		}
	}
}

func seccomp(s *subject) {
	for _, c := range linuxHelpers(s) {
		profile := security(c).SeccompProfile
		if profile == nil {
			profile = ofPod(s).SeccompProfile
		}
		at := c.at + ".securityContext.seccompProfile"
		switch {
		case profile == nil:
			s.findf(at, "is not set, here or for the pod")
		case profile.Type == corev1.SeccompProfileTypeUnconfined:
			s.findAs(pod.Error, at, "is Unconfined")
		}
	}
}

func dropsAll(s *subject) {
	for _, c := range linuxHelpers(s) {
		caps := security(c).Capabilities
		if caps == nil || !slices.ContainsFunc(caps.Drop, isAll) {
			s.findf(c.at+".securityContext.capabilities.drop", "does not hold ALL")
		}
	}
}

func isAll(c corev1.Capability) bool { return strings.EqualFold(string(c), "ALL") }

func addsCapability(s *subject) {
	for _, c := range linuxHelpers(s) {
		if security(c).Capabilities == nil {
			continue
		}
		for _, added := range security(c).Capabilities.Add {
			if added != "NET_BIND_SERVICE" {
				s.findf(c.at+".securityContext.capabilities.add", "adds %s", added)
			}
		}
	}
}

// restrictedVolume reports whether Pod Security takes a volume. A volume of no
// known type may be one of a newer Kubernetes.
func restrictedVolume(v corev1.VolumeSource) bool {
	refused := []bool{v.HostPath != nil, v.NFS != nil, v.ISCSI != nil, v.Glusterfs != nil, v.RBD != nil, v.FlexVolume != nil,
		v.Cinder != nil, v.CephFS != nil, v.Flocker != nil, v.FC != nil, v.AzureFile != nil, v.AzureDisk != nil, v.VsphereVolume != nil,
		v.Quobyte != nil, v.PortworxVolume != nil, v.ScaleIO != nil, v.StorageOS != nil, v.GCEPersistentDisk != nil,
		v.AWSElasticBlockStore != nil, v.GitRepo != nil, v.PhotonPersistentDisk != nil}
	return !slices.Contains(refused, true)
}

func volumeTypes(s *subject) {
	for _, v := range s.spec.Volumes {
		if restrictedVolume(v.VolumeSource) || v.HostPath != nil { // SC043 tells of those
			continue
		}
		for _, c := range linuxHelpers(s) {
			if c.mounts(v.Name) {
				s.findf("spec.volumes[name="+v.Name+"]", "is of a type that Pod Security restricted refuses, and %s mounts it", c.Name)
			}
		}
	}
}

func writableRoot(s *subject) {
	for _, c := range linuxHelpers(s) {
		if set := security(c).ReadOnlyRootFilesystem; set == nil || !*set {
			s.findf(c.at+".securityContext.readOnlyRootFilesystem", "is not true")
		}
	}
}

func nearTheNode(s *subject) {
	helpers := s.helpers()
	if s.spec.HostNetwork && len(helpers) > 0 {
		s.findf("spec.hostNetwork", "is true: helpers listen on the network of the node, where other pods may have the port")
	}
	for _, c := range helpers {
		if privileged(c) {
			s.findf(c.at+".securityContext.privileged", "gives a helper the whole node")
		}
		s.nodeDirs(c)
		for _, p := range c.Ports {
			if p.HostPort != 0 && !s.spec.HostNetwork {
				s.findf(c.at+".ports", "hostPort %d is one of the node, where only one pod can have it", p.HostPort)
			}
		}
	}
}

// nodeDirs finds what a container mounts of the node.
func (s *subject) nodeDirs(c container) {
	for _, v := range s.spec.Volumes {
		if v.HostPath != nil && c.mounts(v.Name) {
			s.findf(c.at+".volumeMounts", "mounts %s of the node", v.HostPath.Path)
		}
	}
}
