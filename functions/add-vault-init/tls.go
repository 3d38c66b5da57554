package vaultinit

import (
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
)

// TLS is how the agent trusts the server, and shows who it is.
type TLS struct {
	// CA is the authority that signed the server's certificate: one of secret, configMap
	// and clusterTrustBundle.
	CA *CA `json:"ca,omitempty"`
	// ServerName is what to expect in the server's certificate. Default: the host of the address.
	// +krm-sidecars:text=object-name
	ServerName string `json:"serverName,omitempty"`
	// Client is a certificate to show to the server.
	Client *ClientCert `json:"client,omitempty"`
	// SkipVerify trusts any server; needs allowInsecure. Default false.
	SkipVerify bool `json:"skipVerify,omitempty"`
}

// CA is where certificates of authorities come from: one of secret, configMap and
// clusterTrustBundle.
// +krm-sidecars:oneOf=secret;configMap;clusterTrustBundle
type CA struct {
	// Secret is the name of a Secret that holds it.
	// +krm-sidecars:text=object-name
	Secret string `json:"secret,omitempty"`
	// ConfigMap is the name of a ConfigMap that holds it.
	// +krm-sidecars:text=object-name
	ConfigMap string `json:"configMap,omitempty"`
	// ClusterTrustBundle is the name of one; needs Kubernetes 1.33, and up to 1.36 a
	// feature gate.
	// +krm-sidecars:text=trust-bundle
	ClusterTrustBundle string `json:"clusterTrustBundle,omitempty"`
	// Key is that of the Secret or ConfigMap. Default ca.crt.
	// +krm-sidecars:text=data-key
	// +kubebuilder:default=ca.crt
	Key string `json:"key,omitempty"`
}

// ClientCert is a certificate and its key in a Secret.
type ClientCert struct {
	// Secret is the name of the Secret. Required.
	// +required
	// +krm-sidecars:text=object-name
	Secret string `json:"secret,omitempty"`
	// CertificateKey is the key of the certificate. Default tls.crt.
	// +krm-sidecars:text=data-key
	// +kubebuilder:default=tls.crt
	CertificateKey string `json:"certificateKey,omitempty"`
	// PrivateKeyKey is the key of the private key. Default tls.key.
	// +krm-sidecars:text=data-key
	// +kubebuilder:default=tls.key
	PrivateKeyKey string `json:"privateKeyKey,omitempty"`
}

func (t *TLS) setDefaults() {
	if t.CA != nil {
		setDefault(&t.CA.Key, "ca.crt")
	}
	if t.Client != nil {
		setDefault(&t.Client.CertificateKey, "tls.crt")
		setDefault(&t.Client.PrivateKeyKey, "tls.key")
	}
}

// trustBundlesFrom is the minor of Kubernetes 1.x from which pods can mount
// ClusterTrustBundles, then behind a feature gate; without one from 1.37.
const trustBundlesFrom = 33

func (t TLS) validate(c *Config) config.Errors {
	errs := config.Each("serverName", t.ServerName, config.ObjectName)
	errs = append(errs, t.CA.validate(c).Under("ca")...)
	errs = append(errs, t.Client.validate().Under("client")...)
	if t.SkipVerify && !c.AllowInsecure {
		errs.Addf("skipVerify", "trusts anybody who answers, and hands over the pod's token; give the authority in tls.ca, or set allowInsecure: true")
	}
	if strings.HasPrefix(c.Address, "http://") && (t.CA != nil || t.Client != nil || t.ServerName != "") {
		errs.Addf("", "has no effect on an address with http://; use https://, or drop it")
	}
	return errs.Under("spec.tls")
}

func (a *CA) validate(c *Config) config.Errors {
	if a == nil {
		return nil
	}
	var errs config.Errors
	sources := 0
	for _, name := range []string{a.Secret, a.ConfigMap, a.ClusterTrustBundle} {
		if name != "" {
			sources++
		}
	}
	if sources != 1 {
		errs.Addf("", "needs one of secret, configMap and clusterTrustBundle; it has %d", sources)
	}
	errs = append(errs, config.Each("secret", a.Secret, config.ObjectName)...)
	errs = append(errs, config.Each("configMap", a.ConfigMap, config.ObjectName)...)
	if a.ClusterTrustBundle != "" && c.Minor() < trustBundlesFrom && c.Minor() > 0 {
		errs.Addf("clusterTrustBundle", "needs Kubernetes 1.%d, kubernetesVersion is %s; use a ConfigMap", trustBundlesFrom, c.KubernetesVersion)
	}
	errs = append(errs, config.Each("clusterTrustBundle", a.ClusterTrustBundle, trustBundle)...)
	return append(errs, config.Each("key", a.Key, config.DataKey)...)
}

// trustBundle is a name such as ca or example.com:issuer:ca.
func trustBundle(text string) string {
	return config.ObjectName(strings.ReplaceAll(text, ":", "."))
}

func (a *ClientCert) validate() config.Errors {
	if a == nil {
		return nil
	}
	var errs config.Errors
	if a.Secret == "" {
		errs.Addf("secret", "missing; name the Secret that holds %s and %s", a.CertificateKey, a.PrivateKeyKey)
	}
	errs = append(errs, config.Each("secret", a.Secret, config.ObjectName)...)
	errs = append(errs, config.Each("certificateKey", a.CertificateKey, config.DataKey)...)
	return append(errs, config.Each("privateKeyKey", a.PrivateKeyKey, config.DataKey)...)
}

// The files that the agent trusts the server by.
const (
	tlsDir         = "/vault/tls"
	caFile         = "ca.crt"
	clientCertFile = "client.crt"
	clientKeyFile  = "client.key"
)

// volume holds the authority and the client's certificate, if there are any.
func (t TLS) volume(name string) (corev1.Volume, bool) {
	var sources []corev1.VolumeProjection
	if t.CA != nil {
		sources = append(sources, t.CA.source())
	}
	if c := t.Client; c != nil {
		sources = append(sources, corev1.VolumeProjection{Secret: &corev1.SecretProjection{
			LocalObjectReference: corev1.LocalObjectReference{Name: c.Secret},
			Items:                []corev1.KeyToPath{{Key: c.CertificateKey, Path: clientCertFile}, {Key: c.PrivateKeyKey, Path: clientKeyFile}},
		}})
	}
	return projected(name, sources...), len(sources) > 0
}

func (a *CA) source() corev1.VolumeProjection {
	items := []corev1.KeyToPath{{Key: a.Key, Path: caFile}}
	switch {
	case a.Secret != "":
		return corev1.VolumeProjection{Secret: &corev1.SecretProjection{LocalObjectReference: corev1.LocalObjectReference{Name: a.Secret}, Items: items}}
	case a.ConfigMap != "":
		return corev1.VolumeProjection{ConfigMap: &corev1.ConfigMapProjection{LocalObjectReference: corev1.LocalObjectReference{Name: a.ConfigMap}, Items: items}}
	default:
		return corev1.VolumeProjection{ClusterTrustBundle: &corev1.ClusterTrustBundleProjection{Name: &a.ClusterTrustBundle, Path: caFile}}
	}
}
