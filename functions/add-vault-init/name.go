package vaultinit

import (
	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// names are those of what is added to a pod.
type names struct {
	suffix string // of a second config on the same pod, else ""
}

// The names of containers and volumes.
const (
	initName    = "vault-agent-init"
	sidecarName = "vault-agent"

	secretsVolume = "vault-secrets"
	configVolume  = "vault-config"
	authVolume    = "vault-auth"
	tlsVolume     = "vault-tls"
	homeVolume    = "vault-home"
	envVolume     = "vault-env"
)

// namesFor keeps two configs on one pod apart: the second one's names end with
// its own.
func namesFor(v *pod.View, owner inject.Owner) names {
	for _, name := range []string{initName, sidecarName, homeVolume} {
		if inject.FreeName(v, owner, name) != name {
			return names{suffix: owner.Instance}
		}
	}
	return names{}
}

// of returns the name of a container or volume.
func (n names) of(name string) string {
	if n.suffix == "" {
		return name
	}
	return inject.Label(name, n.suffix)
}
