package initcontainer

import (
	"cmp"
	"maps"

	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// addFiles generates a ConfigMap of files, and has a container see them in a
// directory. All containers of a config share one ConfigMap: names differ.
func (p *plan) addFiles(c *corev1.Container, dir string, files map[string]string) {
	maps.Copy(p.files, files)
	p.Injection.MountConfigMap(c, p.label("config"), p.object(), dir)
}

// mountSecret has a container see a Secret, or some keys of it, in a directory.
func (p *plan) mountSecret(c *corev1.Container, volume, name, dir string, items ...corev1.KeyToPath) {
	p.Injection.AddVolume(volume, corev1.VolumeSource{Secret: &corev1.SecretVolumeSource{SecretName: name, Items: items}})
	c.VolumeMounts = append(c.VolumeMounts, corev1.VolumeMount{Name: volume, MountPath: dir, ReadOnly: true})
}

// addConfigMap generates the files that containers are to read.
func (p *plan) addConfigMap() {
	if len(p.files) > 0 {
		p.Injection.AddConfigMap(p.Owner, p.object(), p.files)
	}
}

// namespace is that of the pods, "" where nobody tells.
func (p *plan) namespace() string { return cmp.Or(p.View.Object.Namespace, p.config.Namespace) }

// serviceAccount is that of the pods.
func (p *plan) serviceAccount() string {
	if p.View.ServiceAccount == "" {
		p.Findf(pod.Warning, pod.ServiceAccountDefault, "the rights go to the ServiceAccount default, and so to all pods of the namespace that have none of their own; set serviceAccountName")
	}
	return cmp.Or(p.View.ServiceAccount, "default")
}
