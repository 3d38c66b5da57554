package exporter

import (
	"path"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

const (
	javaOptions = "JAVA_TOOL_OPTIONS"

	// imageVolumesFrom is the minor of Kubernetes 1.x from which images can be
	// mounted as volumes without a feature gate.
	imageVolumesFrom = 35

	agentDir = "/jmx-agent"
)

// runAgent has the app's JVM load the exporter.
func (p *plan) runAgent() {
	app := p.app()
	if !p.config.moves() && p.view.HasPort(p.port) {
		p.findf(pod.Error, pod.PortConflict, "a container has port %d already, where the agent is to serve the metrics; %d is free, set it in spec.port", p.port, p.free(p.port))
	}
	mount := func(name, dir string) {
		p.injection.Mounts = append(p.injection.Mounts, inject.Mount{Container: app.Name, VolumeMount: corev1.VolumeMount{Name: name, MountPath: dir, ReadOnly: true}})
	}
	mount(p.name, path.Dir(p.preset.file.path))
	volume := inject.Label(p.name, "jar")
	mount(volume, agentDir)
	jar := p.bringJar(volume)
	p.javaOption(app, "-javaagent:"+jar+"="+p.fill("{port}:{config}"))
	p.declarePort()
}

// bringJar brings the jar to a volume, and returns its path for the app.
func (p *plan) bringJar(volume string) string {
	image := p.preset.own.image
	if p.config.Minor() >= imageVolumesFrom {
		p.injection.AddVolume(volume, corev1.VolumeSource{Image: &corev1.ImageVolumeSource{Reference: image, PullPolicy: corev1.PullIfNotPresent}})
		return path.Join(agentDir, p.fill("{jar}"))
	}
	p.injection.EmptyDir(volume, "32Mi", "")
	copied := path.Join(agentDir, "agent.jar")
	copying := corev1.Container{Name: p.name, Image: image, Command: []string{"cp", p.fill("{jar}"), copied},
		VolumeMounts: []corev1.VolumeMount{{Name: volume, MountPath: agentDir}}, SecurityContext: inject.Restricted(p.config.User(nobody)),
		Resources: inject.ResourcesIn(p.view, "10m", "16Mi", "100m", "64Mi")}
	p.injection.Containers = append(p.injection.Containers,
		inject.Container{Container: inject.Override(copying, p.config.Container), Rank: inject.RankPrepare, Init: true})
	return copied
}

// javaOption adds an option to those of the app's JVM. Options that come from
// elsewhere cannot be added to.
func (p *plan) javaOption(app pod.Container, option string) {
	have, ok := lookup(app, javaOptions)
	switch {
	case ok && have.ValueFrom != nil:
		p.findf(pod.Error, pod.EnvConflict, "container %q takes %s from another object, and nothing can be added to it here; give it a value, or add %q to what it comes from and use preset: native", app.Name, javaOptions, option)
	case ok:
		p.change(app, "env[name="+javaOptions+"].value", strings.TrimSpace(have.Value+" "+option))
	default:
		if app.EnvFrom {
			p.findf(pod.Warning, pod.EnvHidden, "container %q has variables from other objects; if %s is among them, it is hidden by the one that is added", app.Name, javaOptions)
		}
		p.injection.Env = append(p.injection.Env, inject.Env{Container: app.Name, EnvVar: corev1.EnvVar{Name: javaOptions, Value: option}})
	}
}

// declarePort puts the port of the metrics on the app's container, for monitors
// to find it by its name.
func (p *plan) declarePort() {
	for _, c := range p.apps {
		for _, q := range c.Ports {
			if !isTCP(p.port)(q) {
				continue
			}
			if q.Name != "" {
				p.portName = q.Name
				return
			}
			p.change(c, "ports[containerPort="+p.fill("{port}")+"].name", p.portName)
			return
		}
	}
	p.change(p.app(), "ports[name="+p.portName+"]", corev1.ContainerPort{Name: p.portName, ContainerPort: p.port})
}
