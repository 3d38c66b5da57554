package proxysidecar

import (
	"cmp"

	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
)

// TLS is ghostunnel in front of the app. It says itself who may enter: one of
// allowAll, allowCN, allowDNS, allowURI and noClientCertificates is needed.
type TLS struct {
	Front `json:",inline"`
	// SecretName is the Secret with the certificate, as cert-manager writes it.
	// Required.
	// +required
	// +krm-sidecars:text=object-name
	SecretName string `json:"secretName,omitempty"`
	// CertificateKey in the Secret. Default tls.crt.
	// +kubebuilder:default=tls.crt
	// +krm-sidecars:text=data-key
	CertificateKey string `json:"certificateKey,omitempty"`
	// PrivateKeyKey in the Secret. Default tls.key.
	// +kubebuilder:default=tls.key
	// +krm-sidecars:text=data-key
	PrivateKeyKey string `json:"privateKeyKey,omitempty"`
	// CAKey in the Secret: who has signed the certificates of clients. Default ca.crt.
	// +kubebuilder:default=ca.crt
	// +krm-sidecars:text=data-key
	CAKey string `json:"caKey,omitempty"`
	// NoClientCertificates lets every client in. Default false.
	NoClientCertificates bool `json:"noClientCertificates,omitempty"`
	// AllowAll lets in every client whose certificate that authority has signed.
	AllowAll bool `json:"allowAll,omitempty"`
	// AllowCN are common names of clients.
	AllowCN []string `json:"allowCN,omitempty"`
	// AllowDNS are DNS names in the certificates of clients.
	AllowDNS []string `json:"allowDNS,omitempty"`
	// AllowURI are URIs in the certificates of clients, such as SPIFFE ids.
	AllowURI []string `json:"allowURI,omitempty"`
	// ReloadInterval is how often the files are read again. Default 5m.
	// +krm-sidecars:text=duration
	// +kubebuilder:default="5m"
	ReloadInterval string `json:"reloadInterval,omitempty"`
	// MetricsPort serves the status and metrics. Default 6060, or the next that is
	// free.
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=65535
	MetricsPort int32 `json:"metricsPort,omitempty"`
	// Args are further arguments.
	Args []string `json:"args,omitempty"`
}

func (t *TLS) setDefaults() {
	t.CertificateKey = cmp.Or(t.CertificateKey, "tls.crt")
	t.PrivateKeyKey = cmp.Or(t.PrivateKeyKey, "tls.key")
	t.CAKey = cmp.Or(t.CAKey, "ca.crt")
	t.ReloadInterval = cmp.Or(t.ReloadInterval, "5m")
}

func (t *TLS) validate() config.Errors {
	errs := t.Front.validate(map[string]int32{"metricsPort": t.MetricsPort})
	errs = append(errs, config.Required("secretName", t.SecretName, "the Secret with the certificate", config.ObjectName)...)
	for _, key := range []struct{ path, text string }{{"certificateKey", t.CertificateKey}, {"privateKeyKey", t.PrivateKeyKey}, {"caKey", t.CAKey}} {
		errs = append(errs, config.Each(key.path, key.text, config.DataKey)...)
	}
	errs = append(errs, config.Each("reloadInterval", t.ReloadInterval, config.Duration)...)
	named := len(t.AllowCN) + len(t.AllowDNS) + len(t.AllowURI)
	switch {
	case !t.NoClientCertificates && !t.AllowAll && named == 0:
		errs.Addf("", "says nobody who may enter; write allowCN, allowDNS or allowURI, or allowAll: true, or noClientCertificates: true")
	case t.NoClientCertificates && (t.AllowAll || named > 0):
		errs.Addf("noClientCertificates", "lets everybody in, whatever allowAll, allowCN, allowDNS and allowURI say; keep one")
	case t.AllowAll && named > 0:
		errs.Addf("allowAll", "lets all clients in, whatever allowCN, allowDNS and allowURI say; keep one")
	}
	errs = append(errs, unclean("allowCN", t.AllowCN)...)
	errs = append(errs, unclean("allowDNS", t.AllowDNS)...)
	errs = append(errs, unclean("allowURI", t.AllowURI)...)
	return append(errs, config.NoPasswords("args", t.Args)...)
}

// certificates is where the proxy finds its own.
const certificates = "/etc/tls"

func (t *TLS) add(p *plan) {
	app, ok := p.upstream(t.Front)
	if !ok {
		return
	}
	c := p.container("tls-proxy", "ghostunnel")
	ports := p.allot(need{t.Port, 8443}, need{t.MetricsPort, 6060})
	port, status := ports[0], ports[1]
	c.Args = t.args(app, port, status)
	c.Ports = []corev1.ContainerPort{{Name: inject.PortName(p.View, "tls-proxy", c.Name), ContainerPort: port}, {ContainerPort: status}}
	c.LivenessProbe = inject.Connects(port, 30)
	c.ReadinessProbe = inject.Asks("/_status", status, 10) // it asks the app, too
	keys := []string{t.CertificateKey, t.PrivateKeyKey}
	if !t.NoClientCertificates {
		keys = append(keys, t.CAKey)
	}
	p.Injection.MountSecret(&c, inject.Label(c.Name, certificates), t.SecretName, certificates, keys...)
	p.run(c, inject.RankBeside)
	p.rewire(t.Front, app, port)
}

func (t *TLS) args(app, port, status int32) []string {
	args := []string{"server"}
	args = append(args, inject.Flags("--listen", everywhere(port), "--target", local(app), "--status", "http://"+everywhere(status),
		"--cert", certificates+"/"+t.CertificateKey, "--key", certificates+"/"+t.PrivateKeyKey, "--timed-reload", t.ReloadInterval)...)
	switch {
	case t.NoClientCertificates:
		args = append(args, "--disable-authentication")
	case t.AllowAll:
		args = append(args, "--cacert="+certificates+"/"+t.CAKey, "--allow-all")
	default:
		args = append(args, "--cacert="+certificates+"/"+t.CAKey)
		args = append(args, each("--allow-cn", t.AllowCN)...)
		args = append(args, each("--allow-dns", t.AllowDNS)...)
		args = append(args, each("--allow-uri", t.AllowURI)...)
	}
	return append(args, inject.Literals(t.Args)...)
}
