package vaultinit

import (
	"fmt"
	"hash/fnv"
	"strings"

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
	for _, name := range []string{initName, sidecarName} {
		if c, ok := v.Container(name); ok && c.Owner != "" {
			return names{suffix: owner.Instance}
		}
	}
	if volume, ok := v.Volume(homeVolume); ok && volume.Owner != "" {
		return names{suffix: owner.Instance}
	}
	return names{}
}

// of returns the name of a container or volume.
func (n names) of(name string) string {
	if n.suffix == "" {
		return name
	}
	return joined(maxLabel, name, n.suffix)
}

// The longest names of containers and volumes, and of objects.
const (
	maxLabel = 63
	maxName  = 253
)

// joined is a name of two parts; where it would be too long, a checksum stands
// for its end.
func joined(longest int, name, more string) string {
	whole := name + "-" + more
	if longest == maxLabel {
		whole = strings.ReplaceAll(whole, ".", "-")
	}
	if len(whole) <= longest {
		return whole
	}
	h := fnv.New32a()
	h.Write([]byte(whole))
	sum := fmt.Sprintf("-%08x", h.Sum32())
	return strings.TrimRight(whole[:longest-len(sum)], "-.") + sum
}
