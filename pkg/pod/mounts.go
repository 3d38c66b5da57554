package pod

import (
	"slices"

	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/pkg/edit"
)

// OwnMounts returns the mounts of a container that no function has added, in full.
func (v *View) OwnMounts(c Container) []corev1.VolumeMount {
	own := slices.DeleteFunc(slices.Clone(c.Mounts), func(m corev1.VolumeMount) bool { return slices.Contains(c.Added, m.MountPath) })
	var full []corev1.VolumeMount
	v.part(c.Name, &full, edit.Name("volumeMounts"))
	for i, m := range own { // the document may hold more, which is about to go
		if at := slices.IndexFunc(full, func(f corev1.VolumeMount) bool { return f.MountPath == m.MountPath && f.Name == m.Name }); at >= 0 {
			own[i] = full[at]
		}
	}
	return own
}
