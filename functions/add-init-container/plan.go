package initcontainer

import (
	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// plan works out what one pod template needs.
type plan struct {
	inject.Draft
	config *Config
	name   string            // of the container, and the start of the names of what belongs to it
	files  map[string]string // of the generated ConfigMap
}

func newPlan(c *Config, v *pod.View, owner inject.Owner, name string) *plan {
	p := &plan{config: c, Draft: inject.Draft{View: v, Owner: owner}, name: inject.FreeName(v, owner, name), files: map[string]string{}}
	if c.Container != nil && c.Container.Name != "" {
		p.name = c.Container.Name
	}
	return p
}

// label is the name of something that belongs to the container.
func (p *plan) label(more string) string { return inject.Label(p.name, more) }

// object is the name of a generated object.
func (p *plan) object() string { return inject.ObjectName(p.View, p.Owner, p.name) }
