package vaultinit

import (
	"cmp"
	"fmt"

	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// The agent's config.
const (
	configDir   = "/vault/config"
	initFile    = "init.json"
	sidecarFile = "agent.json"
)

// shareSecrets adds a volume for each directory of files, and shows it to the app.
func (p *plan) shareSecrets() {
	for _, dir := range p.dirs {
		volume := p.dirVolume(dir)
		p.inj.EmptyDir(volume, p.Mount.SizeLimit, p.medium())
		mount := corev1.VolumeMount{Name: volume, MountPath: cmp.Or(dir, p.Mount.Path), ReadOnly: *p.Mount.ReadOnly}
		for _, c := range p.containers {
			p.inj.Mounts = append(p.inj.Mounts, inject.Mount{Container: c.Name, VolumeMount: mount})
		}
		for _, c := range p.initContainers {
			p.inj.Mounts = append(p.inj.Mounts, inject.Mount{Container: c.Name, VolumeMount: mount})
		}
		if dir := mount.MountPath; pod.Within("/etc/ssl/certs", dir) || pod.Within("/etc/pki/tls/certs", dir) {
			p.find(pod.Warning, pod.MasksImageContent, fmt.Sprintf("the volume at %s hides the certificate authorities of the app's image, by which it trusts other servers; mount it elsewhere with spec.mount.path if the app calls any", dir))
		}
	}
}

// agentVolumes adds what the agent alone needs, and returns its mounts.
func (p *plan) agentVolumes() []corev1.VolumeMount {
	mounts := p.writableMounts()
	add := func(v corev1.Volume, path string) {
		p.inj.Volumes = append(p.inj.Volumes, v)
		mounts = append(mounts, corev1.VolumeMount{Name: v.Name, MountPath: path, ReadOnly: true})
	}
	add(corev1.Volume{Name: p.names.of(configVolume), VolumeSource: corev1.VolumeSource{
		ConfigMap: &corev1.ConfigMapVolumeSource{LocalObjectReference: corev1.LocalObjectReference{Name: p.configMapName()}}}}, configDir)
	if v, ok := p.Auth.volume(p.names.of(authVolume)); ok {
		add(v, authDir)
	}
	if v, ok := p.TLS.volume(p.names.of(tlsVolume)); ok {
		add(v, tlsDir)
	}
	return mounts
}

// writableMounts are where the agent writes: its home, the files and the
// variables.
func (p *plan) writableMounts() []corev1.VolumeMount {
	home := p.names.of(homeVolume)
	p.inj.EmptyDir(home, "1Mi", corev1.StorageMediumMemory)
	mounts := []corev1.VolumeMount{{Name: home, MountPath: p.flavor().home}}
	for _, dir := range p.dirs {
		mounts = append(mounts, corev1.VolumeMount{Name: p.dirVolume(dir), MountPath: p.agentDir(dir)})
	}
	if len(p.Env) > 0 {
		mounts = append(mounts, corev1.VolumeMount{Name: p.names.of(envVolume), MountPath: envDir})
	}
	return mounts
}

// configMapName is that of the workload and its agent.
func (p *plan) configMapName() string {
	return inject.ObjectName(p.view, p.owner, p.names.of(sidecarName))
}
