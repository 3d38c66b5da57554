package initcontainer

import (
	"fmt"
	"slices"

	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// plan works out what one pod template needs.
type plan struct {
	config *Config
	view   *pod.View
	owner  inject.Owner
	name   string            // of the container, and the start of the names of what belongs to it
	files  map[string]string // of the generated ConfigMap

	inj      inject.Injection
	findings []pod.Finding
}

func newPlan(c *Config, v *pod.View, owner inject.Owner, name string) *plan {
	p := &plan{config: c, view: v, owner: owner, name: inject.FreeName(v, owner, name), files: map[string]string{}}
	if c.Container != nil && c.Container.Name != "" {
		p.name = c.Container.Name
	}
	return p
}

// findf notes something to tell about the pod template, once.
func (p *plan) findf(s pod.Severity, code pod.Code, format string, args ...any) {
	p.tell(pod.Finding{Severity: s, Code: code, Field: p.view.Path.String(), Message: fmt.Sprintf(format, args...)})
}

func (p *plan) tell(f pod.Finding) {
	if !slices.Contains(p.findings, f) {
		p.findings = append(p.findings, f)
	}
}

// label is the name of something that belongs to the container.
func (p *plan) label(more string) string { return inject.Label(p.name, more) }

// object is the name of a generated object.
func (p *plan) object() string { return inject.ObjectName(p.view, p.owner, p.name) }
