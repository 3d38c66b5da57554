package initcontainer

import (
	"path"

	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
)

// CA is the certificate of the authority that a server's certificate is checked
// against, in place of those that the image knows.
// +krm-sidecars:oneOf=configMap;secret
type CA struct {
	// ConfigMap that holds it.
	// +krm-sidecars:text=object-name
	ConfigMap string `json:"configMap,omitempty"`
	// Secret that holds it.
	// +krm-sidecars:text=object-name
	Secret string `json:"secret,omitempty"`
	// Key that holds it. Default ca.crt.
	// +krm-sidecars:text=data-key
	// +kubebuilder:default=ca.crt
	Key string `json:"key,omitempty"`
}

const caKey = "ca.crt"

func (a *CA) setDefaults() {
	if a != nil && a.Key == "" {
		a.Key = caKey
	}
}

func (a *CA) validate() config.Errors {
	var errs config.Errors
	if a == nil {
		return errs
	}
	if (a.ConfigMap == "") == (a.Secret == "") {
		errs.Addf("", "needs one of configMap and secret")
	}
	errs = append(errs, config.Each("configMap", a.ConfigMap, config.ObjectName)...)
	errs = append(errs, config.Each("secret", a.Secret, config.ObjectName)...)
	return append(errs, config.Each("key", a.Key, config.DataKey)...)
}

// mountCA has a container see the certificate, and returns its path there; "" for
// none. Containers that name the same one share a volume.
func (p *plan) mountCA(c *corev1.Container, a *CA) string {
	if a == nil {
		return ""
	}
	object := a.ConfigMap + a.Secret
	dir := path.Join("/etc/ca", object)
	item := corev1.KeyToPath{Key: a.Key, Path: a.Key}
	for _, m := range c.VolumeMounts {
		if m.MountPath == path.Join(dir, a.Key) || m.MountPath == dir {
			return path.Join(dir, a.Key)
		}
	}
	if a.ConfigMap != "" {
		p.Injection.MountConfigMap(c, p.label("ca "+object), object, dir, item)
	} else {
		p.mountSecret(c, p.label("ca "+object), object, dir, item)
	}
	return path.Join(dir, a.Key)
}
