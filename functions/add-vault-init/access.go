package vaultinit

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
	"github.com/krm-sidecars/krm-sidecars/pkg/images"
	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// access is how the agent runs, and how the app gets to read its files.
type access struct {
	security *corev1.SecurityContext
	same     bool   // as the app's user, who owns the files then
	group    string // that the files have, when the pod has one of its own
}

// The modes of files.
const (
	modeGroup  = "0640"
	modeOthers = "0644" // where nothing says that the app is in the files' group
)

// access decides on the agent's user: the app's, where all its containers have
// the same one; else that of the agent's image.
func (p *plan) accessTo(readers []pod.Container) access {
	var a access
	if g := cmp.Or(p.FSGroup, p.view.FSGroup); g != nil {
		a.group = strconv.FormatInt(*g, 10)
	}
	f := p.flavor()
	a.security = inject.Restricted(images.Get(f.image).UID)
	a.security.RunAsGroup = &f.group
	user, group := p.sharedUser(readers)
	switch {
	case p.Platform == config.PlatformOpenShift:
		a.security, a.same = inject.Restricted(0), true // one user for all containers of a pod
	case p.proxyUser != 0:
		a.security = inject.Restricted(p.proxyUser)
	case user != 0:
		a.security, a.same = inject.Restricted(user), true
		if group != 0 {
			a.security.RunAsGroup = &group
		}
	}
	a.override(p.Container, user)
	return a
}

// override heeds the user that the config sets for the agent.
func (a *access) override(c *corev1.Container, app int64) {
	if c == nil || c.SecurityContext == nil {
		return
	}
	if own := c.SecurityContext.RunAsUser; own != nil {
		a.security.RunAsUser, a.same = own, *own == app && app != 0
	}
	a.security.RunAsGroup = cmp.Or(c.SecurityContext.RunAsGroup, a.security.RunAsGroup)
}

// sharedUser returns the user whom all containers run as, and the group, where
// that is known and is not root.
func (p *plan) sharedUser(readers []pod.Container) (user, group int64) {
	for i, c := range readers {
		u, g := number(cmp.Or(c.RunAsUser, p.view.RunAsUser)), number(cmp.Or(c.RunAsGroup, p.view.RunAsGroup))
		if i > 0 && u != user {
			return 0, 0
		}
		if i > 0 && g != group {
			g = 0
		}
		user, group = u, g
	}
	return user, group
}

func number(n *int64) int64 {
	if n == nil {
		return 0
	}
	return *n
}

// defaultMode is the mode of files that the config sets none for.
func (a access) defaultMode() string {
	if a.same || a.group != "" {
		return modeGroup
	}
	return modeOthers
}

// readable reports whether the app can read a file of that mode.
func (a access) readable(mode string) bool {
	bits, err := strconv.ParseUint(mode, 8, 32)
	if err != nil {
		return false
	}
	return a.same && bits&0o400 != 0 || a.group != "" && bits&0o040 != 0 || bits&0o004 != 0
}

// checkAccess tells when files are open to all, or closed to the app.
func (p *plan) checkAccess() {
	orUser := ", or securityContext.runAsUser of the pod"
	if p.proxyUser != 0 { // whom the app must not run as
		orUser = ""
	}
	for i, s := range p.Secrets {
		if s.FileMode != "" && !p.envOnly(s) && !p.access.readable(s.FileMode) {
			p.find(pod.Warning, pod.SecretUnreadable, fmt.Sprintf("spec.secrets[%d].fileMode %s keeps the app from reading %s, which belongs to the agent's user %s; set spec.fsGroup and a mode such as 0440%s", i, s.FileMode, s.file(), p.access.user(), orUser))
		}
	}
	if p.access.defaultMode() == modeOthers && p.writesDefault() {
		p.find(pod.Info, pod.SecretReadableByAll, fmt.Sprintf("the files of secrets get mode 0644, so that every user in the containers that mount them can read them: the pod has no fsGroup, and the app is not known to run as the agent's user %s; set spec.fsGroup%s, to have mode 0640", p.access.user(), orUser))
	}
}

// writesDefault reports whether a file that the app's containers mount has the
// default mode.
func (p *plan) writesDefault() bool {
	return p.Agent.TokenFile != "" || len(p.Env) > 0 && p.EnvWrap != nil ||
		slices.ContainsFunc(p.Secrets, func(s Secret) bool { return s.FileMode == "" && !p.envOnly(s) })
}

// user is the agent's user, in words.
func (a access) user() string {
	if a.security.RunAsUser == nil {
		return "of the platform"
	}
	return strconv.FormatInt(*a.security.RunAsUser, 10)
}
