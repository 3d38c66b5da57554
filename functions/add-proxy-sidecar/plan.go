package proxysidecar

import (
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/krm-sidecars/krm-sidecars/pkg/images"
	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// plan works out what one pod template needs.
type plan struct {
	config   *Config
	view     *pod.View
	owner    inject.Owner
	inj      inject.Injection
	findings []pod.Finding
	taken    []int32 // ports that the proxy, or the app behind it, has
}

func newPlan(c *Config, v *pod.View, owner inject.Owner) *plan {
	return &plan{config: c, view: v, owner: owner}
}

func (p *plan) findf(s pod.Severity, code pod.Code, format string, args ...any) {
	f := pod.Finding{Severity: s, Code: code, Field: p.view.Path.String(), Message: fmt.Sprintf(format, args...)}
	if !slices.Contains(p.findings, f) {
		p.findings = append(p.findings, f)
	}
}

// container is one with all that is safe, of a row of the table of images.
func (p *plan) container(name, image string) corev1.Container {
	row := images.Get(image)
	c := p.bare(name, row.UID)
	c.Image = row.String()
	return c
}

// bare is a container without an image.
func (p *plan) bare(name string, uid int64) corev1.Container {
	c := corev1.Container{Name: inject.FreeName(p.view, p.owner, name),
		SecurityContext:          inject.Restricted(p.config.User(uid)),
		Resources:                inject.ResourcesIn(p.view, "10m", "32Mi", "500m", "128Mi"),
		TerminationMessagePolicy: corev1.TerminationMessageFallbackToLogsOnError,
	}
	if by := p.config.Container; by != nil && by.Name != "" {
		c.Name = by.Name // other names follow it
	}
	return c
}

// run adds the proxy.
func (p *plan) run(c corev1.Container, rank inject.Rank) {
	p.inj.Containers = append(p.inj.Containers, inject.Container{Container: inject.Override(c, p.config.Container), Rank: rank})
}

// secret has the proxy see some keys of a Secret as files of a directory.
func (p *plan) secret(c *corev1.Container, name, dir string, keys ...string) {
	volume := inject.Label(c.Name, dir)
	source := &corev1.SecretVolumeSource{SecretName: name}
	for _, key := range keys {
		source.Items = append(source.Items, corev1.KeyToPath{Key: key, Path: key})
	}
	p.inj.Volumes = append(p.inj.Volumes, corev1.Volume{Name: volume, VolumeSource: corev1.VolumeSource{Secret: source}})
	c.VolumeMounts = append(c.VolumeMounts, corev1.VolumeMount{Name: volume, MountPath: dir, ReadOnly: true})
}

// files has the proxy see files of a generated ConfigMap in a directory.
func (p *plan) files(c *corev1.Container, dir string, files map[string]string) {
	name := inject.ObjectName(p.view, p.owner, c.Name)
	p.inj.AddConfigMap(p.owner, name, files)
	p.configMap(c, name, dir)
}

// configMap has the proxy see a ConfigMap in a directory.
func (p *plan) configMap(c *corev1.Container, name, dir string, items ...corev1.KeyToPath) {
	volume := inject.Label(c.Name, "config")
	p.inj.Volumes = append(p.inj.Volumes, corev1.Volume{Name: volume, VolumeSource: corev1.VolumeSource{
		ConfigMap: &corev1.ConfigMapVolumeSource{LocalObjectReference: corev1.LocalObjectReference{Name: name}, Items: items}}})
	c.VolumeMounts = append(c.VolumeMounts, corev1.VolumeMount{Name: volume, MountPath: dir, ReadOnly: true})
}

// asks is a probe that asks a path over HTTP.
func asks(path string, port, period int32) *corev1.Probe {
	return &corev1.Probe{PeriodSeconds: period, TimeoutSeconds: 5, ProbeHandler: corev1.ProbeHandler{
		HTTPGet: &corev1.HTTPGetAction{Path: path, Port: intstr.FromInt32(port)}}}
}

// connects is a probe that opens a connection.
func connects(port, period int32) *corev1.Probe {
	return &corev1.Probe{PeriodSeconds: period, TimeoutSeconds: 5, ProbeHandler: corev1.ProbeHandler{
		TCPSocket: &corev1.TCPSocketAction{Port: intstr.FromInt32(port)}}}
}

// starts is a probe as one that others wait for, up to five minutes.
func starts(probe *corev1.Probe) *corev1.Probe {
	s := *probe
	s.PeriodSeconds, s.FailureThreshold = 2, 150
	return &s
}
