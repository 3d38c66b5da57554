package vaultinit

import (
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/pkg/images"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
	"github.com/krm-sidecars/krm-sidecars/pkg/servicemesh"
)

// complete settles what follows from several annotations, or from the pod.
func (d *dialect) complete() {
	d.setEnvironment()
	d.setMode()
	d.logIn()
	d.addSecrets()
	d.mountFiles()
	d.setUser()
	d.setResources()
	d.setListener()
	d.copyMounts()
	d.mountSecrets()
	d.dropUnused()
	d.config.Default()
	d.describeServer()
}

// setEnvironment adds what templates and commands find in the webhook's agents.
func (d *dialect) setEnvironment() {
	for _, e := range []struct{ name, field string }{
		{"NAMESPACE", "metadata.namespace"}, {"HOST_IP", "status.hostIP"}, {"POD_IP", "status.podIP"},
	} {
		if slices.ContainsFunc(d.container().Env, func(have corev1.EnvVar) bool { return have.Name == e.name }) {
			continue
		}
		d.addEnv(corev1.EnvVar{Name: e.name, ValueFrom: &corev1.EnvVarSource{FieldRef: &corev1.ObjectFieldSelector{FieldPath: e.field}}})
	}
}

// setMode chooses the containers. Native, which both waits and goes on, is left to
// whoever chose it.
func (d *dialect) setMode() {
	only := d.agent.only != nil && *d.agent.only
	without := d.agent.before != nil && !*d.agent.before
	switch mode := &d.config.Mode; {
	case only && without:
		d.find(pod.Error, pod.AnnotationInvalid, d.place(d.given["agent-pre-populate"].key), "says that there is no init container, and agent-pre-populate-only that there is nothing else; remove one of them")
	case only:
		*mode = modeInit
	case without:
		*mode = modeSidecar
	case *mode != modeNative && (d.agent.only != nil || d.agent.before != nil):
		*mode = modeBoth
	}
}

// mountFiles shows the files to the app, and to its init containers.
func (d *dialect) mountFiles() {
	m := &d.config.Mount
	if g, there := d.given["agent-inject-containers"]; there {
		d.checkContainers(g, d.view.Own(), m.Containers)
	}
	if len(m.InitContainers) > 0 || d.config.Mode == modeSidecar {
		return
	}
	for _, c := range d.view.InitContainers {
		ofMesh := slices.ContainsFunc(servicemesh.All(), func(m servicemesh.Mesh) bool { return m.Owns(c.Name) })
		if c.Owner == "" && !ofMesh {
			m.InitContainers = append(m.InitContainers, c.Name)
		}
	}
}

// checkContainers reports names that no container has. The webhook leaves them
// out without a word.
func (d *dialect) checkContainers(g given, own []pod.Container, names []string) {
	_, bad := d.view.Pick("the annotation", own, names)
	for _, f := range bad {
		f.Field = d.place(g.key)
		d.findings = append(d.findings, f)
	}
}

// setUser runs the agents as the app's user, or as that of their image, where
// annotations say so.
func (d *dialect) setUser() {
	if same := d.agent.sameUser; same != nil && *same {
		d.runAsApp()
	} else if same != nil && d.security().RunAsUser == nil {
		f := d.config.flavor()
		uid := images.Get(f.image).UID
		d.security().RunAsUser, d.security().RunAsGroup = &uid, &f.group
	}
	if c := d.container(); c.SecurityContext != nil {
		for _, id := range []*int64{c.SecurityContext.RunAsUser, c.SecurityContext.RunAsGroup} {
			if id != nil && *id == 0 {
				no := false
				c.SecurityContext.RunAsNonRoot = &no
			}
		}
	}
}

func (d *dialect) runAsApp() {
	key := d.given["agent-run-as-same-user"].key
	user := d.view.RunAsUser
	if own := d.view.Own(); len(own) > 0 && own[0].RunAsUser != nil {
		user = own[0].RunAsUser
	}
	switch {
	case user == nil:
		d.find(pod.Error, pod.AnnotationInvalid, d.place(key), "needs securityContext.runAsUser of the first container, or of the pod")
	case *user == 0:
		d.find(pod.Error, pod.AnnotationInvalid, d.place(key), "would run the agent as root, as the app does; set another runAsUser there")
	default:
		d.security().RunAsUser = user
	}
}

// copyMounts gives the agents the mounts of a container, but for tokens of
// service accounts.
func (d *dialect) copyMounts() {
	name := d.agent.copyFrom
	if name == "" {
		return
	}
	all := slices.DeleteFunc(d.view.All(), func(c pod.Container) bool { return c.Owner != "" })
	d.checkContainers(d.given["agent-copy-volume-mounts"], all, []string{name})
	for _, c := range all {
		for _, m := range c.Mounts {
			if c.Name == name && !strings.Contains(strings.ToLower(m.MountPath), "serviceaccount") {
				d.container().VolumeMounts = append(d.container().VolumeMounts, m)
			}
		}
	}
}
