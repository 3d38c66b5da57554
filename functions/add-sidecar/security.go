package sidecar

import (
	"cmp"
	"slices"

	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/pkg/images"
	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// nobody is the user where neither the config nor the pod names one.
const nobody = 65534

// secure fills in what the config's security context leaves open. What stands
// there stays, and what it makes impossible is left out.
func (p *plan) secure() {
	given := cmp.Or(p.container.SecurityContext, &corev1.SecurityContext{})
	filled := inject.Override(corev1.Container{SecurityContext: inject.Restricted(p.user())},
		&corev1.Container{SecurityContext: given}).SecurityContext
	fillUser(filled, given)
	if caps := given.Capabilities; caps != nil && caps.Drop == nil {
		filled.Capabilities = &corev1.Capabilities{Add: caps.Add, Drop: []corev1.Capability{"ALL"}}
	}
	if given.AllowPrivilegeEscalation == nil && escalates(given) {
		filled.AllowPrivilegeEscalation = nil // the API server takes no false beside it
	}
	p.container.SecurityContext = filled
}

// fillUser makes group and runAsNonRoot fit the user that the config names, or the
// image's own where the config lets that be root.
func fillUser(filled, given *corev1.SecurityContext) {
	switch {
	case given.RunAsUser == nil && isFalse(given.RunAsNonRoot):
		filled.RunAsUser, filled.RunAsGroup = nil, given.RunAsGroup
	case given.RunAsUser != nil && given.RunAsGroup == nil:
		filled.RunAsGroup = given.RunAsUser
	}
	if isRoot(given) && given.RunAsNonRoot == nil {
		no := false
		filled.RunAsNonRoot = &no
	}
}

// user is the one that the container runs as by default: that of the pod, of an
// image that is known here, or nobody; 0, which sets none, where the pod says it,
// or the platform.
func (p *plan) user() int64 {
	if user := p.view.RunAsUser; user != nil && *user != 0 {
		return 0
	}
	if image, known := images.Of(images.Parse(p.container.Image).Repository); known {
		return p.config.User(image.UID)
	}
	return p.config.User(nobody)
}

// escalates reports what goes beyond any bounds that a process could be given.
func escalates(sc *corev1.SecurityContext) bool {
	caps := cmp.Or(sc.Capabilities, &corev1.Capabilities{})
	return isTrue(sc.Privileged) || slices.Contains(caps.Add, "SYS_ADMIN") || slices.Contains(caps.Add, "CAP_SYS_ADMIN")
}

func isRoot(sc *corev1.SecurityContext) bool { return sc.RunAsUser != nil && *sc.RunAsUser == 0 }

func isTrue(b *bool) bool { return b != nil && *b }

func isFalse(b *bool) bool { return b != nil && !*b }

// warnImage warns about an image that may be another one tomorrow.
func (p *plan) warnImage() {
	if image := images.Parse(p.container.Image); image.Tag == "latest" && image.Digest == "" {
		p.tell(pod.Warning, pod.ImageNotPinned, "the image of container %q has the tag latest, which may be another image tomorrow; name a version or a digest in spec.container.image", p.container.Name)
	}
}
