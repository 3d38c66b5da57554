package inject

import (
	"fmt"
	"slices"

	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// Draft is what a function gathers while it works out what one pod template needs.
type Draft struct {
	View      *pod.View
	Owner     Owner
	Injection Injection
	Findings  []pod.Finding
}

// Findf notes something to tell about the pod template, once.
func (d *Draft) Findf(s pod.Severity, code pod.Code, format string, args ...any) {
	d.Tell(pod.Finding{Severity: s, Code: code, Field: d.View.Path.String(), Message: fmt.Sprintf(format, args...)})
}

// Tell notes a finding, once.
func (d *Draft) Tell(f pod.Finding) {
	if !slices.Contains(d.Findings, f) {
		d.Findings = append(d.Findings, f)
	}
}

// Pick returns the containers of a list that have the names. A name that is not
// there is a mistake in the field of the config that has it.
func (d *Draft) Pick(field string, from []pod.Container, want []string) []pod.Container {
	found, bad := d.View.Pick(field, from, want)
	for _, f := range bad {
		d.Tell(f)
	}
	return found
}
