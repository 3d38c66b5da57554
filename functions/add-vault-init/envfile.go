package vaultinit

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// The file of variables. With fileKeyRef the kubelet reads it from the volume; a
// shell in front of the app needs it mounted.
const (
	envDir  = "/vault/env"
	envFile = "vault.env"
)

// envContents is the template of the file of variables, each secret read once.
func (p *plan) envContents() string {
	var b strings.Builder
	for _, s := range p.Secrets {
		var variables strings.Builder
		for _, e := range p.Env {
			if e.Secret == s.Name {
				variables.WriteString(p.variable(e))
			}
		}
		if variables.Len() > 0 {
			b.WriteString(s.read() + variables.String() + "{{ end }}")
		}
	}
	return b.String()
}

// variable writes a variable. The kubelet's syntax has no way to write a single
// quote, and it drops what Windows has in front of a line end; a shell takes both.
func (p *plan) variable(e Env) string {
	begin := setKey(e.Key) + valueOfKey
	if p.EnvWrap != nil {
		return begin + e.Name + "=" + shellQuoted + "\n"
	}
	return begin + refuseQuote + e.Name + "='{{ $value }}'\n"
}

// envMode: the kubelet reads every file, a shell in the app's container only those
// of its user.
func (p *plan) envMode() string {
	if p.EnvWrap == nil {
		return "0600"
	}
	return p.access.defaultMode()
}

// deliverEnv gives the app its variables.
func (p *plan) deliverEnv() {
	if len(p.Env) == 0 {
		return
	}
	volume := p.names.of(envVolume)
	p.inj.EmptyDir(volume, "1Mi", p.medium())
	for _, c := range p.containers {
		if p.EnvWrap != nil {
			p.wrap(c, volume)
			continue
		}
		for _, e := range p.Env {
			p.inj.Env = append(p.inj.Env, inject.Env{Container: c.Name, EnvVar: corev1.EnvVar{Name: e.Name, ValueFrom: &corev1.EnvVarSource{
				FileKeyRef: &corev1.FileKeySelector{VolumeName: volume, Path: envFile, Key: e.Name}}}})
		}
	}
	if p.EnvWrap != nil {
		p.pick("spec.envWrap.entrypoints", p.containers, slices.Sorted(maps.Keys(p.EnvWrap.Entrypoints)))
	}
}

// wrapper reads the variables and becomes the app. The file is the shell's $0.
const wrapper = `set -a; . "$0"; set +a; exec "$@"`

// wrap puts a shell in front of a container's command. Its args stay as they are:
// they follow the command.
func (p *plan) wrap(c pod.Container, volume string) {
	command := c.Command
	if len(command) == 0 {
		for _, word := range p.EnvWrap.Entrypoints[c.Name] {
			command = append(command, inject.Literal(word)) // as in the image, where nothing is expanded
		}
	}
	if len(command) == 0 {
		p.find(pod.Error, pod.EntrypointUnknown, fmt.Sprintf("container %q has no command in the manifest, and what its image runs cannot be seen here; write it into spec.envWrap.entrypoints.%s, or into the container's command", c.Name, c.Name))
		return
	}
	p.inj.Mounts = append(p.inj.Mounts, inject.Mount{Container: c.Name, VolumeMount: corev1.VolumeMount{Name: volume, MountPath: envDir, ReadOnly: true}})
	p.inj.Changes = append(p.inj.Changes, inject.Change{
		Path:  fmt.Sprintf("spec.containers[name=%s].command", c.Name),
		Value: append([]string{p.EnvWrap.Shell, "-c", wrapper, envDir + "/" + envFile}, command...),
	})
}
