package krm

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// Judge is a Config that looks at pod templates and tells what it finds. The
// findings carry rules and verdicts, by which the config says which of them fail
// the run.
type Judge interface {
	Config
	// Known are all rules, by id.
	Known() []Rule
	// Adjust gives a config that is used other values than it has, and returns what
	// is wrong with them.
	Adjust(Judgement) config.Errors
}

// Rule is something that a Judge can find.
type Rule struct {
	ID, Name string // SC011, missing-resources
	Severity pod.Severity
	About    string // what is wrong, in one sentence
	Remedy   string // what to do
}

// Judgement are the fields of a Judge that a command line sets. What is not set is
// as the config has it.
type Judgement struct {
	FailOn string            // error, warning, info or never
	Rules  map[string]string // severities by id or name
	Fix    bool
}

// Judge returns the instance's config as one that judges.
func (in *Instance) Judge() (Judge, bool) {
	j, ok := in.Config.(Judge)
	return j, ok
}

func (in *Instance) judges() bool {
	_, ok := in.Judge()
	return ok
}

// Judged counts what Judges have found.
type Judged struct {
	Objects int // that they looked at; 0: no Judge ran
	Ignored int // findings that were not told
}

// judged counts in what Judges made of an object.
func (r *Report) judged(w *work) {
	for _, in := range w.matched {
		if in.judges() && w.status != Skipped {
			r.Judged.Objects++
			r.Judged.Ignored += w.ignored
			return
		}
	}
}

// Judgement is the closing line of Judges, such as
//
//	checked 12: errors 1, warnings 3, ignored 2
func (r *Report) Judgement() string {
	counts := map[pod.Severity]int{}
	for _, res := range r.Results {
		if res.Rule != "" || res.Severity == pod.Error { // or what could not be read
			counts[res.Severity]++
		}
	}
	var parts []string
	for _, part := range []struct {
		name  string
		count int
	}{{"errors", counts[pod.Error]}, {"warnings", counts[pod.Warning]}, {"infos", counts[pod.Info]}, {"ignored", r.Judged.Ignored}} {
		if part.count > 0 {
			parts = append(parts, fmt.Sprintf("%s %d", part.name, part.count))
		}
	}
	return fmt.Sprintf("checked %d: %s", r.Judged.Objects, cmp.Or(strings.Join(parts, ", "), "nothing found"))
}

// judges reports whether nothing but Judges runs: they have rules for what else
// would be told of templates.
func (e *Engine) judges() bool {
	return len(e.instances) > 0 && !slices.ContainsFunc(e.instances, func(in *Instance) bool { return !in.judges() })
}
