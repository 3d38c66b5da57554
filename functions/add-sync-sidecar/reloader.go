package syncsidecar

import (
	"strings"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
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

// warnOfOwn warns of annotations for which the operator overlooks those of the
// template.
func (p *plan) warnOfOwn() {
	for _, key := range sorted(p.View.Meta().Annotations) {
		if strings.Contains(key, reloaderPrefix) && len(p.View.Path) > 0 {
			p.Findf(pod.Warning, pod.AnnotationUnused, "Reloader reads the annotations of the pod template only where the workload itself has none, so that these count for nothing beside its %s; take that out", key)
		}
	}
}

// add puts the annotations on the pod template. The operator looks there for what
// the workload itself has none of (Reloader, internal/pkg/handler/upgrade.go).
func (r *Reloader) add(p *plan) {
	p.warnOfOwn()
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
