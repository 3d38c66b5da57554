package exporter

import (
	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
)

// freeName is the name of what is added.
func (p *plan) freeName() string {
	if c := p.config.Container; c != nil && c.Name != "" {
		return c.Name
	}
	return inject.FreeName(p.view, p.owner, p.preset.base())
}

// object is the name of a generated object.
func (p *plan) object() string { return inject.ObjectName(p.view, p.owner, p.name) }
