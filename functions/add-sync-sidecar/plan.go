package syncsidecar

import (
	"fmt"
	"slices"
	"strconv"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
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
}

func newPlan(c *Config, v *pod.View, owner inject.Owner) *plan {
	return &plan{config: c, view: v, owner: owner}
}

func (p *plan) findf(s pod.Severity, code pod.Code, format string, args ...any) {
	p.tell(pod.Finding{Severity: s, Code: code, Field: p.view.Path.String(), Message: fmt.Sprintf(format, args...)})
}

// tell notes a finding, once.
func (p *plan) tell(f pod.Finding) {
	if !slices.Contains(p.findings, f) {
		p.findings = append(p.findings, f)
	}
}

// container is one with all that is safe, of a row of the table of images.
func (p *plan) container(name, image string) corev1.Container {
	row := images.Get(image)
	c := corev1.Container{Name: inject.FreeName(p.view, p.owner, name), Image: row.String(),
		SecurityContext:          inject.Restricted(p.config.User(row.UID)),
		Resources:                inject.ResourcesIn(p.view, "10m", "32Mi", "200m", "128Mi"),
		TerminationMessagePolicy: corev1.TerminationMessageFallbackToLogsOnError,
	}
	if by := p.config.Container; by != nil && by.Name != "" {
		c.Name = by.Name // other names follow it
	}
	return c
}

// run adds the sidecar. What the app waits for starts before the user's init
// containers.
func (p *plan) run(c corev1.Container, rank inject.Rank) {
	p.inj.Containers = append(p.inj.Containers, inject.Container{Container: inject.Override(c, p.config.Container), Rank: rank})
}

// gated runs a sidecar that has files ready when a probe says so. As a native
// sidecar it holds the app back until then; else once, which ends when they are
// there, runs before the app, too.
func (p *plan) gated(c corev1.Container, ready *corev1.Probe, once func(*corev1.Container)) {
	if p.config.Native() && !p.view.PlainOnly {
		c.StartupProbe = starts(ready)
		p.run(c, inject.RankPrepare)
		return
	}
	first := c
	first.Name = inject.Label(c.Name, "init")
	first.Ports, first.LivenessProbe, first.ReadinessProbe, first.StartupProbe = nil, nil, nil, nil
	once(&first)
	by := p.config.Container
	if by != nil {
		unnamed := *by
		unnamed.Name = ""
		by = &unnamed
	}
	p.inj.Containers = append(p.inj.Containers, inject.Container{Container: inject.Override(first, by), Rank: inject.RankPrepare, Init: true})
	p.run(c, inject.RankBeside)
}

// scratch gives a container a directory of its own to write to.
func (p *plan) scratch(c *corev1.Container, dir, limit string) {
	name := inject.Label(c.Name, dir)
	p.inj.EmptyDir(name, limit, "")
	c.VolumeMounts = append(c.VolumeMounts, corev1.VolumeMount{Name: name, MountPath: dir})
}

// secret has a container see some keys of a Secret as files of a directory.
func (p *plan) secret(c *corev1.Container, name, dir string, keys ...string) {
	volume := inject.Label(c.Name, dir)
	source := &corev1.SecretVolumeSource{SecretName: name}
	for _, key := range keys {
		source.Items = append(source.Items, corev1.KeyToPath{Key: key, Path: key})
	}
	p.inj.Volumes = append(p.inj.Volumes, corev1.Volume{Name: volume, VolumeSource: corev1.VolumeSource{Secret: source}})
	c.VolumeMounts = append(c.VolumeMounts, corev1.VolumeMount{Name: volume, MountPath: dir, ReadOnly: true})
}

// free is a port for the sidecar: the one that is wanted, else the usual one or the
// next that no container of the pod has.
func (p *plan) free(want, usual int32) int32 {
	if want != 0 {
		return want
	}
	return p.view.FreePort(usual)
}

// pick returns the user's containers of these names; without any, those of
// spec.target.containers, or all.
func (p *plan) pick(field string, names []string) []pod.Container {
	if len(names) == 0 {
		field, names = "spec.target.containers", p.config.Target.Containers
	}
	if len(names) == 0 {
		return p.view.Own()
	}
	found, bad := p.view.Pick(field, p.view.Own(), names)
	for _, f := range bad {
		p.tell(f)
	}
	return found
}

// asks is a probe that asks a path over HTTP.
func asks(path string, port, period int32) *corev1.Probe {
	return &corev1.Probe{PeriodSeconds: period, TimeoutSeconds: 5, ProbeHandler: corev1.ProbeHandler{
		HTTPGet: &corev1.HTTPGetAction{Path: path, Port: intstr.FromInt32(port)}}}
}

// starts is a probe as one that others wait for, up to five minutes.
func starts(probe *corev1.Probe) *corev1.Probe {
	s := *probe
	s.PeriodSeconds, s.FailureThreshold = 2, 150
	return &s
}

func number(n int32) string { return strconv.Itoa(int(n)) }

// flags are arguments made of pairs of a flag and its value, without those that
// are empty.
func flags(pairs ...string) []string {
	var args []string
	for pair := range slices.Chunk(pairs, 2) {
		if pair[1] != "" {
			args = append(args, pair[0]+"="+inject.Literal(pair[1]))
		}
	}
	return args
}

// required checks a text that cannot be left out; what says what it names.
func required(path, text, what string, checks ...config.Check) config.Errors {
	if text == "" {
		return config.Errors{{Path: path, Msg: "missing; name " + what}}
	}
	return config.Each(path, text, checks...)
}

// port reports what is no number of a port; 0 is left open.
func port(path string, n int32) config.Errors {
	var errs config.Errors
	if n < 0 || n > 65535 {
		errs.Addf(path, "%d is no port; write a number from 1 to 65535", n)
	}
	return errs
}
