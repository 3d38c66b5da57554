package lint

import (
	"cmp"
	"slices"
	"strings"

	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// rule is something that a pod template should not have.
type rule struct {
	id       string // SC011; ids are stable
	name     string // the same in words: missing-resources
	severity pod.Severity
	about    string // what is wrong, in one sentence
	remedy   string // what to do
	check    func(*subject)
}

// is reports whether a name is that of the rule: its id, with or without the
// letter of a part, or its name in words.
func (r rule) is(name string) bool {
	whole := wholeID(r.id)
	return name == r.id || name == r.name || name == whole
}

// wholeID is the id of what a rule is a part of: SC013 for SC013a.
func wholeID(id string) string {
	return strings.TrimRight(id, "abcdefghijklmnopqrstuvwxyz")
}

// table is the one list of rules, by id.
func table() []rule {
	all := slices.Concat(
		ignoreRules(),
		restrictedRules(),
		imageRules(),
		probeRules(),
		againRules(),
		orderRules(),
		volumeRules(),
		secretRules(),
		vaultRules(),
		meshRules(),
		metricsRules(),
		workloadRules(),
		resourceRules(),
		lifetimeRules(),
		nameRules(),
	)
	slices.SortStableFunc(all, func(a, b rule) int { return cmp.Compare(a.id, b.id) })
	return all
}

// find returns the rule of an id or name.
func find(name string) (rule, bool) {
	for _, r := range table() {
		if r.is(name) {
			return r, true
		}
	}
	return rule{}, false
}

// names are the ids and names of all rules.
func names() []string {
	var all []string
	for _, r := range table() {
		whole := wholeID(r.id)
		all = append(all, r.id, r.name, whole)
	}
	return all
}
