package exporter

import (
	"cmp"
	"path"

	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// configure generates the exporter's configuration file, or mounts the one that
// the user has.
func (p *plan) configure() {
	c, file := p.config.Config, p.preset.file
	key := path.Base(file.path)
	switch {
	case c.ConfigMap != "":
		p.injection.AddVolume(p.name, configMap(c.ConfigMap, corev1.KeyToPath{Key: cmp.Or(c.Key, key), Path: key}))
	case c.Text != "":
		p.files[key] = c.Text
	case file.text != "":
		p.files[key] = p.fill(file.text)
	}
	if p.files[key] != "" {
		p.injection.AddVolume(p.name, configMap(p.object()))
	}
}

func configMap(name string, items ...corev1.KeyToPath) corev1.VolumeSource {
	return corev1.VolumeSource{ConfigMap: &corev1.ConfigMapVolumeSource{
		LocalObjectReference: corev1.LocalObjectReference{Name: name}, Items: items}}
}

// hasFile reports whether there is a configuration file.
func (p *plan) hasFile() bool { return p.config.Config.set() || p.preset.file.text != "" }

// mounts are what the exporter reads.
func (p *plan) mounts() []corev1.VolumeMount {
	var mounts []corev1.VolumeMount
	if p.hasFile() {
		mounts = append(mounts, corev1.VolumeMount{Name: p.name, MountPath: path.Dir(p.preset.file.path), ReadOnly: true})
	}
	if p.preset.log {
		mounts = append(mounts, p.logMount())
	}
	return mounts
}

// logMount shares the directory of the app's log: in the volume that the app has
// there, or in a new one.
func (p *plan) logMount() corev1.VolumeMount {
	dir := path.Dir(p.values["log"])
	if m, ok := p.app().MountAt(dir); ok {
		return corev1.VolumeMount{Name: m.Name, MountPath: m.MountPath, SubPath: m.SubPath, ReadOnly: true}
	}
	name := inject.Label(p.name, "logs")
	p.injection.EmptyDir(name, "256Mi", "")
	p.injection.Mounts = append(p.injection.Mounts, inject.Mount{Container: p.app().Name,
		VolumeMount: corev1.VolumeMount{Name: name, MountPath: dir}})
	p.findf(pod.Warning, pod.MasksImageContent, "a new volume at %s takes the place of what image %s has there, such as links of log files to standard output; add-log-sidecar prints the files", dir, p.app().Image)
	return corev1.VolumeMount{Name: name, MountPath: dir, ReadOnly: true}
}
