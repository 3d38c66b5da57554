package proxysidecar

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
)

// Cloudflared is a Cloudflare Tunnel. Where its hostnames lead, such as to
// http://127.0.0.1:8080, is set at Cloudflare.
type Cloudflared struct {
	// Token is the Secret's key that holds the token of the tunnel. Required.
	// +required
	Token *config.SecretKey `json:"token,omitempty"`
	// MetricsPort serves metrics and health. Default 2000, or the next that is free.
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=65535
	MetricsPort int32 `json:"metricsPort,omitempty"`
	// Args are further arguments, in front of the word run.
	Args []string `json:"args,omitempty"`
}

func (*Cloudflared) setDefaults() {}

func (f *Cloudflared) validate() config.Errors {
	errs := ports(map[string]int32{"metricsPort": f.MetricsPort})
	if f.Token == nil {
		errs.Addf("token", "missing; name the Secret with the token of the tunnel, as in {name: tunnel, key: token}")
	}
	errs = append(errs, f.Token.Validate("token")...)
	return append(errs, config.NoPasswords("args", f.Args)...)
}

func (f *Cloudflared) add(p *plan) {
	c := p.container("cloudflared", "cloudflared")
	port := p.allot(need{f.MetricsPort, 2000})[0]
	c.Args = append([]string{"tunnel", "--no-autoupdate", "--metrics", everywhere(port)}, inject.Literals(f.Args)...)
	c.Args = append(c.Args, "run")
	c.Env = []corev1.EnvVar{f.Token.Env("TUNNEL_TOKEN")}
	c.Ports = []corev1.ContainerPort{{ContainerPort: port}}
	c.LivenessProbe = inject.Asks("/ready", port, 30)
	c.LivenessProbe.FailureThreshold = 10 // a tunnel that is down for a while must not restart it
	p.run(c, inject.RankBeside)
}
