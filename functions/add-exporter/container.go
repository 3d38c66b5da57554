package exporter

import (
	"cmp"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/krm-sidecars/krm-sidecars/pkg/images"
	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
)

// runExporter adds the exporter in a container of its own.
func (p *plan) runExporter() {
	c := p.config
	image, uid := p.image()
	exporter := corev1.Container{
		Name: p.name, Image: image, Command: p.fillAll(p.preset.command),
		Args: p.args(),
		Env:  p.env(),
		Ports: append([]corev1.ContainerPort{{Name: p.portName, ContainerPort: p.port}},
			p.preset.ports...),
		LivenessProbe:   p.probe(30),
		VolumeMounts:    p.mounts(),
		SecurityContext: inject.Restricted(c.User(uid)),
		Resources:       inject.ResourcesIn(p.view, "10m", "16Mi", "100m", cmp.Or(p.preset.memory, "64Mi")),
	}
	if c.Readiness {
		exporter.ReadinessProbe = p.probe(10)
	}
	p.injection.Containers = append(p.injection.Containers, inject.Container{Container: inject.Override(exporter, c.Container), Rank: inject.RankBeside})
}

// image is the exporter's image, and a user that it runs as.
func (p *plan) image() (string, int64) {
	if own := p.preset.own; own.image != "" {
		return own.image, own.uid
	}
	image := images.Get(p.preset.image)
	return image.String(), image.UID
}

func (p *plan) args() []string {
	args := p.fillAll(p.preset.args)
	if p.config.Credentials.SecretName != "" {
		args = append(args, p.preset.loginArgs...)
	}
	if p.preset.file.arg != "" && p.hasFile() {
		args = append(args, p.fill(p.preset.file.arg))
	}
	args = append(args, p.config.Args...)
	if p.preset.last != "" {
		args = append(args, p.fill(p.preset.last))
	}
	return args
}

// env are the exporter's variables. Those of the Secret come first: others may
// refer to them.
func (p *plan) env() []corev1.EnvVar {
	env := p.config.Credentials.env(p.preset)
	for _, pair := range p.preset.env {
		name, value, _ := strings.Cut(pair, "=")
		if !slices.ContainsFunc(env, func(e corev1.EnvVar) bool { return e.Name == name }) {
			env = append(env, corev1.EnvVar{Name: name, Value: p.fill(value)})
		}
	}
	for _, e := range p.preset.own.env {
		e.Value = p.fill(e.Value)
		env = append(env, e)
	}
	return env
}

// probe asks the exporter itself, never the app: an app that is down must not
// restart it.
func (p *plan) probe(period int32) *corev1.Probe {
	probe := &corev1.Probe{PeriodSeconds: period, TimeoutSeconds: 5}
	switch p.preset.health {
	case healthNone:
		return nil
	case healthTCP:
		probe.TCPSocket = &corev1.TCPSocketAction{Port: intstr.FromInt32(p.port)}
	default:
		probe.HTTPGet = &corev1.HTTPGetAction{Path: cmp.Or(p.preset.health, "/"), Port: intstr.FromInt32(p.port)}
	}
	return probe
}
