package inject

import (
	"slices"

	corev1 "k8s.io/api/core/v1"
)

// MountSecret has a container see some keys of a Secret, or all, as files of a
// directory.
func (inj *Injection) MountSecret(c *corev1.Container, volume, name, dir string, keys ...string) {
	source := &corev1.SecretVolumeSource{SecretName: name}
	for _, key := range keys {
		source.Items = append(source.Items, corev1.KeyToPath{Key: key, Path: key})
	}
	inj.mount(c, volume, dir, corev1.VolumeSource{Secret: source})
}

// MountConfigMap has a container see a ConfigMap, or some keys of it, as files of a
// directory.
func (inj *Injection) MountConfigMap(c *corev1.Container, volume, name, dir string, items ...corev1.KeyToPath) {
	inj.mount(c, volume, dir, corev1.VolumeSource{ConfigMap: &corev1.ConfigMapVolumeSource{
		LocalObjectReference: corev1.LocalObjectReference{Name: name}, Items: items}})
}

func (inj *Injection) mount(c *corev1.Container, volume, dir string, source corev1.VolumeSource) {
	inj.AddVolume(volume, source)
	c.VolumeMounts = append(c.VolumeMounts, corev1.VolumeMount{Name: volume, MountPath: dir, ReadOnly: true})
}

// AddVolume adds a volume, once.
func (inj *Injection) AddVolume(name string, source corev1.VolumeSource) {
	if !slices.ContainsFunc(inj.Volumes, func(v corev1.Volume) bool { return v.Name == name }) {
		inj.Volumes = append(inj.Volumes, corev1.Volume{Name: name, VolumeSource: source})
	}
}

// Scratch gives a container a directory of its own to write to, of a bounded size.
func (inj *Injection) Scratch(c *corev1.Container, dir, limit string) {
	name := Label(c.Name, dir)
	inj.EmptyDir(name, limit, "")
	c.VolumeMounts = append(c.VolumeMounts, corev1.VolumeMount{Name: name, MountPath: dir})
}
