package syncsidecar

import (
	"strings"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
)

// Reloader are annotations for the operator of that name, which must run in the
// cluster.
type Reloader struct {
	// ConfigMaps whose changes restart the pods. Default, with secrets left out, too: all
	// that the pods use.
	// +krm-sidecars:text=object-name
	ConfigMaps []string `json:"configMaps,omitempty"`
	// Secrets whose changes restart the pods.
	// +krm-sidecars:text=object-name
	Secrets []string `json:"secrets,omitempty"`
}

func (*Reloader) setDefaults() {}

func (r *Reloader) validate() config.Errors {
	errs := config.All("configMaps", r.ConfigMaps, config.ObjectName)
	return append(errs, config.All("secrets", r.Secrets, config.ObjectName)...)
}

const reloaderPrefix = "reloader.stakater.com/"

// add puts the annotations on the pod template, where the operator looks, too.
func (r *Reloader) add(p *plan) {
	p.Injection.Annotations = map[string]string{}
	for _, kind := range []struct {
		prefix string
		names  []string
	}{{"configmap.", r.ConfigMaps}, {"secret.", r.Secrets}} {
		if len(kind.names) > 0 {
			p.Injection.Annotations[kind.prefix+reloaderPrefix+"reload"] = strings.Join(kind.names, ",")
		}
	}
	if len(p.Injection.Annotations) == 0 {
		p.Injection.Annotations[reloaderPrefix+"auto"] = "true"
	}
}
