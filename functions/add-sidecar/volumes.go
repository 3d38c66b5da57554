package sidecar

import (
	"cmp"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// sizeLimit is that of an emptyDir for which the user gives none.
const sizeLimit = "256Mi"

// addVolumes adds the config's volumes. What is in an emptyDir may go with the
// pod, so it keeps no node alive.
func (p *plan) addVolumes() {
	for _, v := range p.config.Volumes {
		v = *v.DeepCopy()
		if dir := v.EmptyDir; dir != nil {
			if dir.SizeLimit == nil {
				limit := resource.MustParse(sizeLimit)
				dir.SizeLimit = &limit
				p.tell(pod.Info, pod.DefaultedField, "the emptyDir volume %q has no size limit and gets %s; set sizeLimit in spec.volumes", v.Name, sizeLimit)
			}
			p.injection.AddElement(inject.SafeToEvict, v.Name)
		}
		p.injection.Volumes = append(p.injection.Volumes, v)
	}
}

// addFiles generates the ConfigMap of the files, and mounts it.
func (p *plan) addFiles() {
	files := p.config.Files
	if files == nil {
		return
	}
	object := inject.ObjectName(p.view, p.owner, p.container.Name)
	name := inject.Label(p.container.Name, "files")
	p.injection.AddConfigMap(p.owner, object, files.Data)
	p.injection.Volumes = append(p.injection.Volumes, corev1.Volume{Name: name, VolumeSource: corev1.VolumeSource{
		ConfigMap: &corev1.ConfigMapVolumeSource{LocalObjectReference: corev1.LocalObjectReference{Name: object}}}})
	p.mount(corev1.VolumeMount{Name: name, MountPath: files.MountPath, ReadOnly: true})
}

// addWritable gives the container its directories to write to.
func (p *plan) addWritable() {
	for _, dir := range p.config.Writable {
		name := inject.Label(p.container.Name, strings.Trim(dir, "/"))
		if slices.ContainsFunc(p.injection.Volumes, func(v corev1.Volume) bool { return v.Name == name }) {
			name = inject.HashedLabel(p.container.Name, dir)
		}
		p.injection.EmptyDir(name, sizeLimit, "")
		p.mount(corev1.VolumeMount{Name: name, MountPath: dir})
	}
}

// mount mounts a volume in the container.
func (p *plan) mount(m corev1.VolumeMount) {
	p.container.VolumeMounts = append(p.container.VolumeMounts, m)
}

// shareVolumes mounts what the app has mounted. What functions have added there,
// such as secrets, is not shared, and what the config itself mounts at a place
// stays.
func (p *plan) shareVolumes() {
	share := p.config.ShareVolumes
	if share == nil {
		return
	}
	sources := p.sources("spec.shareVolumes.containers", share.Containers)
	p.checkShared(sources, share)
	for _, c := range sources {
		p.shareMounts(c, share)
	}
}

// shareMounts mounts what a container has mounted.
func (p *plan) shareMounts(from pod.Container, share *Share) {
	for _, m := range p.view.OwnMounts(from) {
		if !share.wants(m.Name) || p.mountedAt(m.MountPath) {
			continue
		}
		m.ReadOnly = m.ReadOnly || *share.ReadOnly
		m.MountPropagation = p.propagation(m.MountPropagation)
		p.mount(m)
		p.addEnv(p.view.EnvFor(from, pod.References(m.SubPathExpr)...))
	}
}

// propagation is that of a shared mount: what the container mounts itself reaches
// the node only if it is privileged, or else the API server refuses the pod.
func (p *plan) propagation(of *corev1.MountPropagationMode) *corev1.MountPropagationMode {
	given := cmp.Or(p.config.Container.SecurityContext, &corev1.SecurityContext{})
	if of != nil && *of == corev1.MountPropagationBidirectional && !isTrue(given.Privileged) {
		inward := corev1.MountPropagationHostToContainer
		return &inward
	}
	return of
}

func (s *Share) wants(volume string) bool {
	return (len(s.Volumes) == 0 || slices.Contains(s.Volumes, volume)) && !slices.Contains(s.Exclude, volume)
}

// mountedAt reports whether the container has something mounted at a path.
func (p *plan) mountedAt(path string) bool {
	return slices.ContainsFunc(p.container.VolumeMounts, func(m corev1.VolumeMount) bool { return pod.Clean(m.MountPath) == pod.Clean(path) })
}

// checkShared reports volumes that no container mounts.
func (p *plan) checkShared(sources []pod.Container, share *Share) {
	var have, names []string
	for _, c := range sources {
		names = append(names, c.Name)
		for _, m := range p.view.OwnMounts(c) {
			have = append(have, m.Name)
		}
	}
	for _, name := range share.Volumes {
		if len(sources) > 0 && !slices.Contains(have, name) {
			p.tell(pod.Error, pod.VolumeUnknown, "spec.shareVolumes.volumes names %q, but container %q mounts %s", name, strings.Join(names, ", "), listed(have))
		}
	}
}

// checkVolumes reports mounts of volumes that the pod does not have.
func (p *plan) checkVolumes() {
	for _, m := range p.container.VolumeMounts {
		p.checkVolume("spec.container.volumeMounts", m.Name)
	}
	for _, m := range p.config.Mounts {
		p.checkVolume("spec.mounts", m.Name)
	}
}

func (p *plan) checkVolume(field, name string) {
	if p.view.VolumeTaken(name) || slices.ContainsFunc(p.injection.Volumes, func(v corev1.Volume) bool { return v.Name == name }) {
		return
	}
	var have []string
	for _, v := range p.view.Volumes {
		have = append(have, v.Name)
	}
	for _, v := range p.injection.Volumes {
		have = append(have, v.Name)
	}
	p.tell(pod.Error, pod.VolumeUnknown, "%s names volume %q, but the volumes are %s; add it to spec.volumes", field, name, listed(append(have, p.view.Claims...)))
}

// listed is a list of names in a message.
func listed(names []string) string {
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, ", ")
}
