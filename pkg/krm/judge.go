package krm

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// Judge is a Config that looks at pod templates and tells what it finds. The
// findings carry rules and verdicts, by which the config says which of them fail
// the run.
type Judge interface {
	Config
	Judges()
}

// Judged counts what Judges have found.
type Judged struct {
	Objects int // that they looked at; 0: no Judge ran
	Ignored int // findings that were not told
}

// judged counts in what Judges made of an object.
func (r *Report) judged(w *work) {
	for _, in := range w.matched {
		if _, ok := in.Config.(Judge); ok {
			r.Judged.Objects++
			r.Judged.Ignored += w.ignored
			return
		}
	}
}

// verdict is the closing line of Judges, such as
//
//	checked 12: errors 1, warnings 3, ignored 2
func (r *Report) verdict() string {
	counts := map[pod.Severity]int{}
	for _, res := range r.Results {
		if res.Rule != "" {
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
