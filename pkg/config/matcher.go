package config

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/krm-sidecars/krm-sidecars/pkg/lazyre"
)

// Candidate is an object that a Target may select.
type Candidate struct {
	Group, Kind, Name, Namespace string
	// Labels and Annotations are only read if the Matcher says so.
	Labels, Annotations map[string]string
}

// Matcher is a Target made ready for many candidates.
type Matcher struct {
	in  rule
	out *rule
}

// Matches reports whether the target selects c.
func (m *Matcher) Matches(c Candidate) bool {
	return m.in.matches(&c) && (m.out == nil || !m.out.matches(&c))
}

// Reads tells which maps of a Candidate Matches looks at: the others need not
// be filled in.
func (m *Matcher) Reads() (labels, annotations bool) {
	for _, r := range []*rule{&m.in, m.out} {
		if r != nil {
			labels = labels || len(r.labels) > 0
			annotations = annotations || len(r.annotations) > 0
		}
	}
	return labels, annotations
}

// rule is a compiled Selector.
type rule struct {
	kinds             []groupKind
	names, namespaces []string
	labels            requirements
	annotations       requirements
}

type groupKind struct {
	group, kind string
	anyGroup    bool
}

// kindText and groupText say how kinds are written. The group is a version, by
// mistake, when it looks like v1: that of core objects is empty.
var (
	kindText    = lazyre.New(`^[A-Z][A-Za-z0-9]*$`)
	groupText   = lazyre.New(`^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$`)
	versionLike = lazyre.New(`^v[0-9]+((alpha|beta)[0-9]+)?$`)
)

func compile(at string, s Selection) (rule, Errors) {
	r := rule{names: s.Names, namespaces: s.Namespaces}
	var errs Errors
	for i, text := range s.Kinds {
		kind, ok := parseKind(text)
		if !ok {
			errs.Addf(fmt.Sprintf("%s.kinds[%d]", at, i), "%q is no kind; write it as Deployment or argoproj.io/Rollout", text)
		}
		r.kinds = append(r.kinds, kind)
	}
	errs = append(errs, validateGlobs(at+".names", s.Names)...)
	errs = append(errs, validateGlobs(at+".namespaces", s.Namespaces)...)
	for _, sel := range []struct {
		name, text string
		isBad      func(value string) bool
		into       *requirements
	}{
		{".labels", s.Labels, badLabelValue, &r.labels},
		{".annotations", s.Annotations, badAnnotationValue, &r.annotations},
	} {
		parsed, err := parseRequirements(sel.text, sel.isBad)
		if err != nil {
			errs.Addf(at+sel.name, "%s", err)
		}
		*sel.into = parsed
	}
	return r, errs
}

func parseKind(text string) (groupKind, bool) {
	group, kind, hasGroup := strings.Cut(text, "/")
	if !hasGroup {
		return groupKind{kind: text, anyGroup: true}, kindText().MatchString(text)
	}
	ok := kindText().MatchString(kind) && groupText().MatchString(group) && !versionLike().MatchString(group)
	return groupKind{group: group, kind: kind}, ok
}

func validateGlobs(at string, patterns []string) Errors {
	var errs Errors
	for i, p := range patterns {
		item := fmt.Sprintf("%s[%d]", at, i)
		if _, err := path.Match(p, ""); err != nil {
			errs.Addf(item, "%q is no pattern; close its brackets, or write \\[ for a bracket", p)
		} else if p == "" {
			errs.Addf(item, "empty; give a name or a pattern such as web-*")
		}
	}
	return errs
}

func (r *rule) isEmpty() bool {
	return len(r.kinds)+len(r.names)+len(r.namespaces)+len(r.labels)+len(r.annotations) == 0
}

// matches asks the cheap questions first.
func (r *rule) matches(c *Candidate) bool {
	isKind := func(k groupKind) bool { return k.kind == c.Kind && (k.anyGroup || k.group == c.Group) }
	return (len(r.kinds) == 0 || slices.ContainsFunc(r.kinds, isKind)) &&
		matchesAny(r.names, c.Name) &&
		matchesAny(r.namespaces, c.Namespace) &&
		r.labels.match(c.Labels) &&
		r.annotations.match(c.Annotations)
}

func matchesAny(patterns []string, name string) bool {
	return len(patterns) == 0 || slices.ContainsFunc(patterns, func(p string) bool {
		ok, err := path.Match(p, name)
		return ok && err == nil
	})
}
