package lint

import (
	"fmt"
	"iter"
	"slices"

	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// subject is a pod template under judgement.
type subject struct {
	config     *Config
	view       *pod.View
	spec       *corev1.PodSpec // as the document has it; what has a wrong type is left out
	containers []container

	rule     rule // that is checked now
	ignores  []ignored
	findings []pod.Finding
	repairs  []inject.Repair
}

// container is a container or init container.
type container struct {
	corev1.Container
	at     string // its path below the template: spec.containers[name=app]
	owner  string // who added it, as function.instance; "": the user
	init   bool   // it stands among the init containers
	native bool   // it does, and keeps running beside the app
}

func newSubject(c *Config, v *pod.View) *subject {
	s := &subject{config: c, view: v, spec: v.Spec()}
	for _, list := range []struct {
		name       string
		init       bool
		containers []corev1.Container
		seen       []pod.Container
	}{
		{"initContainers", true, s.spec.InitContainers, v.InitContainers},
		{"containers", false, s.spec.Containers, v.Containers},
	} {
		for i, c := range list.containers {
			p := container{Container: c, init: list.init, at: fmt.Sprintf("spec.%s[name=%s]", list.name, c.Name)}
			if c.Name == "" || slices.ContainsFunc(list.containers[:i], func(o corev1.Container) bool { return o.Name == c.Name }) {
				p.at = fmt.Sprintf("spec.%s[%d]", list.name, i)
			}
			p.native = p.init && c.RestartPolicy != nil && *c.RestartPolicy == corev1.ContainerRestartPolicyAlways
			for _, seen := range list.seen {
				if seen.Name == c.Name {
					p.owner = seen.Owner
				}
			}
			s.containers = append(s.containers, p)
		}
	}
	return s
}

// all are the init containers and containers, in their order.
func (s *subject) all() iter.Seq[container] { return slices.Values(s.containers) }

// findf notes a problem at a path below the template; "" for the template as a
// whole.
func (s *subject) findf(at, format string, args ...any) {
	s.note(s.rule.severity, s.field(at), format, args...)
}

// findAs is findf for a problem that matters more or less than others of the rule,
// unless the config says how much they matter.
func (s *subject) findAs(severity pod.Severity, at, format string, args ...any) {
	if _, set := s.config.severity(s.rule); set {
		severity = s.rule.severity
	}
	s.note(severity, s.field(at), format, args...)
}

// fixf is findf for a problem with one certain correction. Paths of repairs begin
// at the object; field gives them.
func (s *subject) fixf(repairs []inject.Repair, at, format string, args ...any) {
	s.correct(repairs, s.field(at), format, args...)
}

// correct is fixf for a path of the object. Without repairs, it notes the problem.
func (s *subject) correct(repairs []inject.Repair, field, format string, args ...any) {
	if !s.config.Fix || len(repairs) == 0 || s.ignored() {
		s.note(s.rule.severity, field, format, args...)
		return
	}
	s.repairs = append(s.repairs, repairs...)
	s.findings = append(s.findings, pod.Finding{Severity: pod.Info, Code: pod.Repaired, Rule: s.rule.id, Verdict: pod.Passes,
		Field: field, Message: fmt.Sprintf(format, args...) + "; corrected"})
}

// note notes a problem at a path of the object.
func (s *subject) note(severity pod.Severity, field, format string, args ...any) {
	f := s.finding(severity, field, s.rule.remedy, fmt.Sprintf(format, args...))
	if s.ignored() {
		f.Verdict = pod.Ignored
	}
	s.findings = append(s.findings, f)
}

// finding is a problem of the rule that is checked.
func (s *subject) finding(severity pod.Severity, field, remedy, problem string) pod.Finding {
	return pod.Finding{Severity: severity, Code: pod.Lint, Rule: s.rule.id, Verdict: s.config.verdict(severity),
		Field: field, Message: problem + "; " + remedy}
}

// field is the path of something in the object, given its path below the template.
func (s *subject) field(at string) string {
	template := s.view.Path.String()
	switch {
	case len(s.view.Path) == 0:
		return at
	case at == "":
		return template
	}
	return template + "." + at
}
