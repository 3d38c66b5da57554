package config

import (
	"fmt"

	"github.com/krm-sidecars/krm-sidecars/pkg/edit"
)

// Selection selects objects by what they are called. Within one of the lists any
// entry may fit, and all that is given must.
type Selection struct {
	// Kinds are Deployment, in any group, or argoproj.io/Rollout.
	// +krm-sidecars:text=kind
	Kinds []string `json:"kinds,omitempty"`
	// Names are names, or shell patterns such as web-*.
	// +krm-sidecars:text=not-empty
	Names []string `json:"names,omitempty"`
	// Namespaces are names, or shell patterns such as team-*.
	// +krm-sidecars:text=not-empty
	Namespaces []string `json:"namespaces,omitempty"`
	// Labels is a selector, such as app=web,tier!=db.
	Labels string `json:"labels,omitempty"`
	// Annotations is a selector, such as example.com/logs.
	Annotations string `json:"annotations,omitempty"`
}

// Target selects the workloads that a function works on, and what it touches
// there.
type Target struct {
	Selection `json:",inline"`

	// Exclude takes workloads out again.
	Exclude *Selector `json:"exclude,omitempty"`
	// Containers are the workload's own containers to touch; by default all.
	// +krm-sidecars:text=dns-label
	Containers []string `json:"containers,omitempty"`
	// TemplatePaths are the places where further kinds hold pod templates.
	TemplatePaths []TemplatePath `json:"templatePaths,omitempty"`
	// IncludeHelmHooks selects hook objects as well.
	IncludeHelmHooks bool `json:"includeHelmHooks,omitempty"`
	// Required makes it an error when nothing matches.
	Required bool `json:"required,omitempty"`
}

// Selector selects objects to be taken out.
// +kubebuilder:validation:MinProperties=1
type Selector struct {
	Selection `json:",inline"`
}

// TemplatePath tells where objects of a kind hold a pod template.
type TemplatePath struct {
	// Group is the API group, "" for that of core.
	Group string `json:"group,omitempty"`
	// Kind is the kind. Required.
	// +required
	// +krm-sidecars:text=core-kind
	Kind string `json:"kind,omitempty"`
	// Path leads to the pod template, such as spec.workers[*].template. Required.
	// +required
	// +kubebuilder:validation:MinLength=1
	Path string `json:"path,omitempty"`
}

// Steps returns the parsed path.
func (t TemplatePath) Steps() (edit.Path, error) { return edit.ParsePath(t.Path) }

// Unlimited reports whether the target selects whatever there is.
func (t *Target) Unlimited() bool {
	return len(t.Kinds)+len(t.Names)+len(t.Namespaces) == 0 && t.Labels == "" && t.Annotations == "" && t.Exclude == nil
}

// Matches reports whether t selects c. A target that is not valid selects
// nothing. For more than a few candidates, Compile once.
func (t *Target) Matches(c Candidate) bool {
	m, errs := t.Compile()
	return len(errs) == 0 && m.Matches(c)
}

// Compile checks all of t and returns what does the matching.
func (t *Target) Compile() (*Matcher, Errors) {
	const path = "spec.target"
	in, errs := compile(path, t.Selection)
	m := &Matcher{in: in}
	if t.Exclude != nil {
		out, outErrs := compile(path+".exclude", t.Exclude.Selection)
		if m.out = &out; out.isEmpty() && len(outErrs) == 0 {
			outErrs.Addf(path+".exclude", "empty, which would exclude everything; name what to exclude or remove it")
		}
		errs = append(errs, outErrs...)
	}
	errs = append(errs, validateNames(path+".containers", t.Containers)...)
	for i, tp := range t.TemplatePaths {
		errs = append(errs, tp.validate(fmt.Sprintf("%s.templatePaths[%d]", path, i))...)
	}
	if len(errs) > 0 {
		return nil, errs
	}
	return m, nil
}

func (t TemplatePath) validate(path string) Errors {
	var errs Errors
	if t.Kind == "" {
		errs.Addf(path+".kind", "missing; name the kind that holds the pod template")
	} else if !kindText().MatchString(t.Kind) {
		errs.Addf(path+".kind", "%q is no kind; write it as Worker, its group apart", t.Kind)
	}
	if t.Path == "" {
		errs.Addf(path+".path", "missing; tell where the pod template is, such as spec.template")
	} else if _, err := t.Steps(); err != nil {
		errs.Addf(path+".path", "%s", err)
	}
	return errs
}
