package lint

import (
	"slices"
	"strings"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// ignoreKey is the annotation of an object or pod template that names rules to
// ignore there, with a reason:
//
//	krm-sidecars.dev/lint-ignore: "SC011: set by a LimitRange; SC014, SC015: vendor's image"
const ignoreKey = inject.Prefix + "lint-ignore"

// ignored are rules that are not told about a pod template.
type ignored struct {
	names  []string // ids or names
	reason string
	field  string // where the annotation stands
}

// ignoreRules are the rules about ignoring rules.
func ignoreRules() []rule {
	return []rule{{
		id: "SC000", name: "bad-ignore", severity: pod.Warning,
		about:  "An annotation ignores a rule that there is not, or gives no reason.",
		remedy: `write it as "SC011: the reason; SC014: another"`,
		check:  badIgnore,
	}}
}

// annotated reads the annotations of the object and its pod template.
func (s *subject) annotated() []ignored {
	meta := s.view.Meta()
	all := parseIgnores("metadata", meta.Annotations[ignoreKey])
	if len(s.view.Path) > 0 {
		all = append(all, parseIgnores(s.field("metadata"), s.view.Annotations[ignoreKey])...)
	}
	return all
}

func parseIgnores(metadata, text string) []ignored {
	var all []ignored
	for entry := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == ';' || r == '\n' }) {
		if strings.TrimSpace(entry) == "" {
			continue
		}
		rules, reason, _ := strings.Cut(entry, ":")
		all = append(all, ignored{field: metadata + `.annotations["` + ignoreKey + `"]`, reason: strings.TrimSpace(reason),
			names: strings.FieldsFunc(rules, func(r rune) bool { return r == ',' || r == ' ' })})
	}
	return all
}

// ignored reports whether the rule that is checked is not to be told.
func (s *subject) ignored() bool { return s.ignoredBy(s.ignores, s.candidate()) }

// ignoredBy is ignored for an object and what its annotations ignore.
func (s *subject) ignoredBy(annotated []ignored, object config.Candidate) bool {
	if slices.ContainsFunc(annotated, func(i ignored) bool { return i.reason != "" && slices.ContainsFunc(i.names, s.rule.is) }) {
		return true
	}
	return slices.ContainsFunc(s.config.Ignore, func(i Ignore) bool { return s.rule.is(i.Rule) && i.target().Matches(object) })
}

// candidate is the object as targets see it.
func (s *subject) candidate() config.Candidate {
	ref, meta := s.view.Object, s.view.Meta()
	return config.Candidate{Group: ref.Group(), Kind: ref.Kind, Name: ref.Name, Namespace: ref.Namespace,
		Labels: meta.Labels, Annotations: meta.Annotations}
}

// badIgnore finds annotations that ignore nothing.
func badIgnore(s *subject) {
	for _, i := range s.ignores {
		if i.reason == "" {
			s.note(s.rule.severity, i.field, "gives no reason for %s, which is not ignored", strings.Join(i.names, ", "))
		}
		for _, name := range i.names {
			if _, ok := find(name); !ok {
				s.note(s.rule.severity, i.field, "names %q, which is no rule", name)
			}
		}
	}
}
