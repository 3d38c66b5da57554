package exporter

import (
	"maps"
	"path"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// expose makes the app serve what the exporter reads. An app of which the config
// says where that is does so already.
func (p *plan) expose() {
	c, e := p.config, p.preset.expose
	there := c.URI != "" || c.AppAddress != "" && e.port != 0
	if !e.any() || c.ExposeStatus == exposeOff || there {
		return
	}
	if e.processes {
		p.injection.Fields = append(p.injection.Fields, inject.Field{Path: []string{"shareProcessNamespace"}, Value: true})
		return
	}
	app := p.app()
	p.setEnv(e)
	if e.dir != "" && p.runCommand(app, e) {
		p.dropFile(app, e)
	}
}

// setEnv gives variables to the apps. One that is set to something else stays.
func (p *plan) setEnv(e exposure) {
	for _, app := range p.apps {
		for _, name := range slices.Sorted(maps.Keys(e.env)) {
			want := corev1.EnvVar{Name: name, Value: p.fill(e.env[name])}
			have, ok := lookup(app, name)
			if ok && (have.Value != want.Value || have.ValueFrom != nil) {
				p.findf(pod.Error, pod.EnvConflict, "container %q sets %s itself, and not to %s; remove it there, or set spec.exposeStatus: off and %s", app.Name, name, want.Value, e.advice)
				continue
			}
			p.injection.Env = append(p.injection.Env, inject.Env{Container: app.Name, EnvVar: want})
		}
	}
}

// lookup finds a variable of a container; of several, the last one counts.
func lookup(c pod.Container, name string) (corev1.EnvVar, bool) {
	for _, e := range slices.Backward(c.Env) {
		if e.Name == name {
			return e, true
		}
	}
	return corev1.EnvVar{}, false
}

// runCommand makes the app read the file where it does not by itself. It reports
// whether the app will read it.
func (p *plan) runCommand(app pod.Container, e exposure) bool {
	switch {
	case len(e.command) == 0:
		return true
	case !p.preset.suits(app.Image):
		p.unexposed("image %s is not known to be of %s", app.Image, strings.Join(p.preset.apps, ", "))
		return false
	case len(app.Command)+len(app.Args) > 0:
		p.unexposed("container %q has a command of its own", app.Name)
		return false
	}
	p.change(app, "command", e.command)
	return true
}

// change changes a field of a container.
func (p *plan) change(c pod.Container, field string, value any) {
	p.injection.Changes = append(p.injection.Changes, inject.Change{Path: "spec.containers[name=" + c.Name + "]." + field, Value: value})
}

// unexposed tells that the app is left as it is, and what to do by hand.
func (p *plan) unexposed(format string, args ...any) {
	p.findf(pod.Warning, pod.StatusNotExposed, format+": the app is not changed, and the exporter may find nothing to read; "+p.preset.expose.advice, args...)
}

// dropFile puts a file into a directory that the app reads.
func (p *plan) dropFile(app pod.Container, e exposure) {
	m, mounted := app.MountAt(e.dir)
	whole := pod.Clean(m.MountPath) == e.dir && m.SubPath+m.SubPathExpr == ""
	v, _ := p.view.Volume(m.Name)
	switch joined, ok := joined(v); {
	case !mounted, whole && !m.ReadOnly && writable(v):
		p.injection.Mounts = append(p.injection.Mounts, inject.Mount{Container: app.Name,
			VolumeMount: corev1.VolumeMount{Name: p.name, MountPath: path.Join(e.dir, e.name), SubPath: e.name, ReadOnly: true}})
		p.injection.AddVolume(p.name, configMap(p.object()))
	case whole && ok:
		p.join(app, m, joined)
	default:
		p.unexposed("container %q has volume %q mounted at %s", app.Name, m.Name, m.MountPath)
		return
	}
	p.files[e.name] = p.fill(e.text)
	if m, ok := app.MountAt(e.main); ok && e.main != "" && pod.Clean(m.MountPath) == e.main {
		p.findf(pod.Warning, pod.StatusNotExposed, "container %q brings its own %s; see that it includes %s, or set spec.exposeStatus: off and %s", app.Name, e.main, path.Join(e.dir, "*.conf"), e.advice)
	}
}

// join gives the app a volume that holds both the user's files and ours: nothing
// can be mounted below a volume that is read-only.
func (p *plan) join(app pod.Container, m corev1.VolumeMount, both corev1.ProjectedVolumeSource) {
	name := inject.Label(p.name, path.Base(p.preset.expose.dir))
	both.Sources = append(both.Sources, corev1.VolumeProjection{ConfigMap: &corev1.ConfigMapProjection{
		LocalObjectReference: corev1.LocalObjectReference{Name: p.object()},
		Items:                []corev1.KeyToPath{{Key: p.preset.expose.name, Path: p.preset.expose.name}}}})
	p.injection.AddVolume(name, corev1.VolumeSource{Projected: &both})
	p.change(app, "volumeMounts[mountPath="+m.MountPath+"].name", name)
}
