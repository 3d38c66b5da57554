package vaultinit

import (
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
	"github.com/krm-sidecars/krm-sidecars/pkg/servicemesh"
)

// Where the webhook's agents find what others have made.
const (
	webhookTLSDir    = "/vault/tls"
	webhookSecretDir = "/vault/custom"
	webhookConfigDir = "/vault/configs"
)

// mountSecrets shows Secrets to the agents, where the webhook has them.
func (d *dialect) mountSecrets() {
	for _, m := range []struct{ secret, volume, dir string }{
		{d.agent.tlsSecret, "vault-tls-secrets", webhookTLSDir},
		{d.agent.extraSecret, "extra-secrets", webhookSecretDir},
	} {
		if m.secret != "" {
			d.volumes = append(d.volumes, corev1.Volume{Name: m.volume, VolumeSource: corev1.VolumeSource{Secret: &corev1.SecretVolumeSource{SecretName: m.secret}}})
			d.mount(m.volume, m.dir)
		}
	}
	if d.agent.tlsSecret != "" { // at the place of the functionConfig's own
		d.config.TLS.CA, d.config.TLS.Client = nil, nil
	}
}

// describeServer tells the agents by variables what a config that others have
// written may leave out.
func (d *dialect) describeServer() {
	if d.agent.configMap == "" {
		return
	}
	if d.config.Mode == modeNative {
		d.find(pod.Error, pod.AnnotationInvalid, d.place(d.given["agent-configmap"].key), "hides which files there will be, for which mode native waits; set spec.mode: init+sidecar")
	}
	c, prefix := d.config, d.config.flavor().prefix
	d.setEnv(prefix+"LOG_LEVEL", c.Agent.LogLevel)
	d.setEnv(prefix+"LOG_FORMAT", c.Agent.LogFormat)
	p := &plan{Config: c, view: d.view}
	for _, v := range p.clientEnv(c.flavor()) {
		d.addEnv(v)
	}
}

// finish does to an injection what a config has no words for.
func (d *dialect) finish(inj *inject.Injection) {
	if d.agent.configMap != "" {
		d.useConfigMap(inj)
	}
	inj.Volumes = append(inj.Volumes, d.volumes...)
	d.rename(inj)
	d.order(inj)
	d.patch(inj)
	d.keepWebhookAway(inj)
}

// keepWebhookAway sets the status that a webhook sets when it is done. Any other
// one asks it to begin anew.
func (d *dialect) keepWebhookAway(inj *inject.Injection) {
	for _, prefix := range prefixes() {
		if on, _ := truth(d.view.Annotations[prefix+asksKey]); !on {
			continue
		}
		if _, there := d.view.Annotations[prefix+statusKey]; there {
			inj.Changes = append(inj.Changes, inject.Change{Path: fmt.Sprintf("metadata.annotations[%q]", prefix+statusKey), Value: injected})
		} else {
			inj.Annotations[prefix+statusKey] = injected
		}
	}
}

// useConfigMap puts the ConfigMap of the pod's own people in the place of the one
// that would be generated.
func (d *dialect) useConfigMap(inj *inject.Injection) {
	for i := range inj.Volumes {
		if from := inj.Volumes[i].ConfigMap; from != nil && from.Name == inj.Objects[0].Name {
			from.Name = d.agent.configMap
		}
	}
	for i := range inj.Containers {
		c := &inj.Containers[i]
		for j := range c.VolumeMounts {
			if c.VolumeMounts[j].MountPath == configDir {
				c.VolumeMounts[j].MountPath = webhookConfigDir
			}
		}
		file := "config.hcl"
		if c.Init {
			file = "config-init.hcl"
		}
		c.Args = []string{"-config=" + webhookConfigDir + "/" + file}
	}
	inj.Objects, inj.Annotations = nil, map[string]string{} // with the checksum of what was generated
}

// rename gives OpenBao's agents the names that its webhook gives them, where the
// config has no other.
func (d *dialect) rename(inj *inject.Injection) {
	if d.config.Flavor != flavorOpenBao || d.config.Container.Name != "" {
		return
	}
	for i := range inj.Containers {
		c := &inj.Containers[i]
		c.Name = "openbao" + strings.TrimPrefix(c.Name, "vault")
	}
}

// order puts the agents behind the init containers of the pod, as the webhook
// does if nobody asks otherwise. A proxy that starts later would hold them back
// there for good.
func (d *dialect) order(inj *inject.Injection) {
	_, mesh, _ := servicemesh.Of(d.view)
	if d.agent.first || mesh.Here && !mesh.Native {
		return
	}
	for i := range inj.Containers {
		if inj.Containers[i].Rank = inject.RankBeside; inj.Containers[i].Init {
			inj.Containers[i].Rank = inject.RankFinish
		}
	}
}
