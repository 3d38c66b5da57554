package logsidecar

import (
	"cmp"
	"fmt"
	"path"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
	"github.com/krm-sidecars/krm-sidecars/pkg/images"
	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// sidecar puts together the container of an agent that is not tail, with its
// configuration and volumes.
type sidecar struct {
	*plan
	agent  agent
	output output
	name   string // of the container, and the beginning of those of its volumes
	owner  inject.Owner
	port   int32 // of the health endpoint; 0 for none
	flush  int64
}

func (c *Config) newSidecar(p *plan, name string, owner inject.Owner) *sidecar {
	a, _ := agentOf(c.Agent)
	out, _ := a.output(c.to().name())
	s := &sidecar{plan: p, agent: a, output: out, name: name, owner: owner, flush: cmp.Or(c.FlushSeconds, a.flush)}
	s.port = cmp.Or(c.HealthPort, p.view.FreePort(a.health))
	if c.Config.Existing != nil {
		s.port = c.HealthPort // whether it serves health, and where, is for the user to know
	}
	return s
}

// container returns the agent's container.
func (s *sidecar) container() corev1.Container {
	image := s.image()
	uid := image.UID
	if s.config.Platform == config.PlatformOpenShift {
		uid = 0
	}
	c := corev1.Container{
		Image:           image.String(),
		Args:            s.args(),
		Env:             s.environment(),
		SecurityContext: s.security(uid),
		Resources:       s.resources(),
		VolumeMounts:    s.mountAll(),
	}
	if uid == 0 {
		c.SecurityContext = inject.Restricted(0)
	}
	if s.port != 0 {
		c.Ports = []corev1.ContainerPort{{ContainerPort: s.port}}
		c.LivenessProbe, c.ReadinessProbe = s.probes()
	}
	s.checkGrace()
	return c
}

// image is that with the output's plugin. Where the user has to name it, it runs
// as the agent's usual one.
func (s *sidecar) image() images.Image {
	if s.output.image == "" || s.output.image == needsImage {
		return images.Get(s.agent.image)
	}
	return images.Get(s.output.image)
}

func (s *sidecar) args() []string {
	fill := strings.NewReplacer("{file}", s.agent.file, "{state}", s.agent.state,
		"{port}", strconv.Itoa(int(s.port)), "{flush}", strconv.Itoa(int(s.flush)))
	return strings.Fields(fill.Replace(s.agent.args))
}

func (s *sidecar) resources() corev1.ResourceRequirements {
	r, l := strings.Fields(s.agent.requests), strings.Fields(s.agent.limits)
	return inject.ResourcesIn(s.view, r[0], r[1], l[0], l[1])
}

// probes are the liveness of the agent itself, never that of what it sends to,
// and its readiness where the user wants to wait for it.
func (s *sidecar) probes() (live, ready *corev1.Probe) {
	port := intstr.FromInt32(s.port)
	get := func(path string) corev1.ProbeHandler {
		if path == "" {
			return corev1.ProbeHandler{TCPSocket: &corev1.TCPSocketAction{Port: port}}
		}
		return corev1.ProbeHandler{HTTPGet: &corev1.HTTPGetAction{Path: path, Port: port}}
	}
	live = &corev1.Probe{ProbeHandler: get(s.agent.alive), InitialDelaySeconds: 30, PeriodSeconds: 30, TimeoutSeconds: 5}
	if s.config.Readiness {
		ready = &corev1.Probe{ProbeHandler: get(s.agent.ready), PeriodSeconds: 10, TimeoutSeconds: 5}
	}
	return live, ready
}

// mountAll adds the agent's volumes to the pod, and returns all that it mounts.
func (s *sidecar) mountAll() []corev1.VolumeMount {
	mount := func(kind, dir string, readOnly bool) {
		s.mounts = append(s.mounts, corev1.VolumeMount{Name: s.volume(kind), MountPath: dir, ReadOnly: readOnly})
	}
	s.configuration()
	mount("config", path.Dir(s.agent.file), true)
	if ca := s.ca(); ca != nil {
		s.injection.Volumes = append(s.injection.Volumes, *ca)
		mount("ca", caDir, true)
	}
	s.injection.EmptyDir(s.volume("state"), cmp.Or(s.config.State.SizeLimit, defaultSizeLimit), "")
	mount("state", s.agent.state, false)
	if s.agent.tmp {
		s.injection.EmptyDir(s.volume("tmp"), "64Mi", "")
		mount("tmp", "/tmp", false)
	}
	return s.mounts
}

// volume is the name of a volume of the agent alone. Where it would be too long,
// the checksum is that of the container's name, which alone is unique.
func (s *sidecar) volume(kind string) string {
	if name := s.name + "-" + kind; len(name) <= validation.DNS1123LabelMaxLength {
		return name
	}
	return inject.HashedLabel(kind, s.name)
}

// configuration adds the volume with the agent's configuration, and the
// ConfigMap behind it when it is not the user's own.
func (s *sidecar) configuration() {
	file := path.Base(s.agent.file)
	name, key := inject.ObjectName(s.view, s.owner, s.name), file
	if own := s.config.Config.Existing; own != nil {
		name, key = own.ConfigMap, cmp.Or(own.Key, file)
	} else {
		p := s.pipeline()
		s.injection.AddConfigMap(s.owner, name, map[string]string{key: s.agent.render(p, s.output.render(p))})
	}
	s.injection.Volumes = append(s.injection.Volumes, corev1.Volume{Name: s.volume("config"), VolumeSource: corev1.VolumeSource{
		ConfigMap: &corev1.ConfigMapVolumeSource{LocalObjectReference: corev1.LocalObjectReference{Name: name}, Items: []corev1.KeyToPath{{Key: key, Path: file}}}}})
}

// ca is the volume with the certificate authority of the destination.
func (s *sidecar) ca() *corev1.Volume {
	tls := s.config.to().tls()
	if s.config.Config.Existing != nil || tls == nil || tls.CA == nil {
		return nil
	}
	v := &corev1.Volume{Name: s.volume("ca")}
	if from := tls.CA.Secret; from != nil {
		v.Secret = &corev1.SecretVolumeSource{SecretName: from.Name, Items: []corev1.KeyToPath{{Key: from.Key, Path: caFile}}, Optional: from.Optional}
	} else if from := tls.CA.ConfigMap; from != nil {
		v.ConfigMap = &corev1.ConfigMapVolumeSource{LocalObjectReference: corev1.LocalObjectReference{Name: from.Name},
			Items: []corev1.KeyToPath{{Key: from.Key, Path: caFile}}, Optional: from.Optional}
	}
	return v
}

func (s *sidecar) pipeline() *pipeline {
	c := s.config
	p := &pipeline{
		instance: s.owner.Instance, sources: sourcesOf(c.Logs), fields: byName(c.Fields), service: s.service(), to: c.to(),
		state: s.agent.state, health: s.port, flush: s.flush, config: c.Config,
	}
	if limit, err := resource.ParseQuantity(cmp.Or(c.State.SizeLimit, defaultSizeLimit)); err == nil {
		p.buffer = limit.Value() / 4 * 3 // positions and the like need room, too
	}
	if c.Container != nil {
		p.image = c.Container.Image
	}
	return p
}

// service is the name under which people look for the records.
func (s *sidecar) service() string {
	return cmp.Or(s.config.ServiceName, s.view.Labels["app.kubernetes.io/name"], s.view.Object.Name, s.owner.Instance)
}

// checkGrace warns when the pod is killed before the agent has sent what it
// holds.
func (s *sidecar) checkGrace() {
	if grace := s.view.GracePeriod; grace != nil && *grace < s.flush {
		s.find(pod.Warning, pod.GracePeriodShort, fmt.Sprintf("terminationGracePeriodSeconds is %d, but %s may need %d seconds to send its last records once the app has ended; raise it, or set spec.flushSeconds", *grace, s.agent.name, s.flush))
	}
}
