package initcontainer

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/pkg/images"
	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// addApp adds a container of the app's image that runs the command. Nothing
// bounds it but the command itself: the image may have no shell.
func (m *Migrate) addApp(p *plan) {
	app, ok := p.app()
	if !ok {
		return
	}
	full := p.View.Full(app.Name)
	c := p.container("", images.Image{}, size{"100m", "128Mi", "1", "512Mi"})
	c.Image, c.ImagePullPolicy = app.Image, full.ImagePullPolicy
	c.Command, c.WorkingDir = m.Command, full.WorkingDir
	c.EnvFrom = full.EnvFrom
	c.Env = inject.Override(corev1.Container{Env: p.envOf(app)}, &corev1.Container{Env: m.Env}).Env
	c.VolumeMounts = app.Mounts
	c.SecurityContext = p.likeApp(full.SecurityContext)
	if !p.View.Finite() {
		p.Findf(pod.Info, pod.RunsInEveryPod, "%q runs in every pod, and in several at a time; see that it locks the database, or run it in a Job", m.Command[0])
	}
	p.run(c, inject.RankFinish)
}

// app is the container of the app. Where that is a guess, it tells so.
func (p *plan) app() (pod.Container, bool) {
	own := inject.Apps(p.View)
	if names := p.config.Target.Containers; len(names) > 0 {
		own = p.Pick("spec.target.containers", own, names)
	} else if len(own) > 1 {
		p.Findf(pod.Info, pod.AppAssumed, "container %q is taken for the app, because it is the first; name another one in spec.target.containers", own[0].Name)
	}
	if len(own) == 0 {
		return pod.Container{}, false
	}
	return own[0], true
}

// envOf are the variables of a container, in full, as another can have them.
func (p *plan) envOf(app pod.Container) []corev1.EnvVar {
	var names []string
	for _, e := range app.Env {
		names = append(names, e.Name)
	}
	return p.View.EnvFor(app, names...)
}

// likeApp is the security context of the app, and no less than what Pod Security
// asks of every container. Only an app that says so runs as root.
func (p *plan) likeApp(app *corev1.SecurityContext) *corev1.SecurityContext {
	sc := inject.Restricted(0)
	sc.ReadOnlyRootFilesystem = nil
	if user := p.View.RunAsUser; user != nil && *user == 0 {
		sc.RunAsNonRoot = nil
	}
	if app != nil && app.RunAsUser != nil && *app.RunAsUser == 0 {
		sc.RunAsNonRoot = nil
	}
	return inject.Override(corev1.Container{SecurityContext: sc}, &corev1.Container{SecurityContext: app}).SecurityContext
}
