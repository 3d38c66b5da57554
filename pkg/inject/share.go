package inject

import (
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// Shared is a directory that a container of a function and some of the app see.
type Shared struct {
	Path       string
	Containers []pod.Container      // of the app
	Volume     string               // name of a new volume, a number behind it where it is taken
	SizeLimit  string               // of a new volume; a quantity
	Medium     corev1.StorageMedium // of a new volume
	ReadOnly   bool                 // the app does not write to a new volume
}

// Share mounts a directory in the containers of the app, in the volume that one of
// them has there and can write to, or in a new one. It returns the mount for the
// function's own container.
func (inj *Injection) Share(v *pod.View, s Shared) corev1.VolumeMount {
	for _, app := range s.Containers {
		if m, ok := app.MountAt(s.Path); ok && Writable(v, m.Name) && m.SubPathExpr == "" {
			m = corev1.VolumeMount{Name: m.Name, MountPath: m.MountPath, SubPath: m.SubPath}
			inj.mountIn(s.Containers, m)
			inj.keepEvictable(v, m.Name)
			return m
		}
	}
	m := corev1.VolumeMount{Name: inj.freeVolume(v, s.Volume), MountPath: s.Path}
	inj.EmptyDir(m.Name, s.SizeLimit, s.Medium)
	own := m
	m.ReadOnly = s.ReadOnly
	inj.mountIn(s.Containers, m)
	return own
}

// keepEvictable notes that a volume which another function added does not keep a
// node alive: it stays when that function goes.
func (inj *Injection) keepEvictable(v *pod.View, volume string) {
	vol, _ := v.Volume(volume)
	if _, local := vol.Source.Get("emptyDir"); vol.Owner != "" && local {
		inj.AddElement(SafeToEvict, volume)
	}
}

// mountIn mounts a volume in the containers that lack it.
func (inj *Injection) mountIn(containers []pod.Container, m corev1.VolumeMount) {
	for _, app := range containers {
		if have, ok := app.MountAt(m.MountPath); !ok || have.Name != m.Name {
			inj.Mounts = append(inj.Mounts, Mount{Container: app.Name, VolumeMount: m})
		}
	}
}

// freeVolume is a name that no volume of the pod has.
func (inj *Injection) freeVolume(v *pod.View, base string) string {
	name := base
	for i := 2; v.VolumeTaken(name) || slices.ContainsFunc(inj.Volumes, func(vol corev1.Volume) bool { return vol.Name == name }); i++ {
		name = fmt.Sprintf("%s-%d", base, i)
	}
	return name
}

// Writable reports whether files can be written to a volume of the pod: not to
// those that show objects of the cluster.
func Writable(v *pod.View, volume string) bool {
	vol, ok := v.Volume(volume)
	if !ok {
		return v.VolumeTaken(volume) // a claim
	}
	return !slices.ContainsFunc([]string{"configMap", "secret", "projected", "downwardAPI", "image"}, func(source string) bool {
		_, shows := vol.Source.Get(source)
		return shows
	})
}
