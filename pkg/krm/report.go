package krm

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
	"github.com/krm-sidecars/krm-sidecars/pkg/manifest"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// Status is what became of an object.
type Status string

// The statuses.
const (
	Injected  Status = "injected"
	Updated   Status = "updated"
	Removed   Status = "removed"
	Unchanged Status = "unchanged"
	Skipped   Status = "skipped"
	Failed    Status = "failed"
	passed    Status = "" // nobody asked for it
)

// ObjectReport is what became of one object that a function was asked to work
// on.
type ObjectReport struct {
	Ref               pod.Ref
	Status            Status
	Code              pod.Code // why it was skipped
	object            *manifest.Object
	missing, outdated []inject.Owner // who had no record in it, or one of another config
	stale             []inject.Owner // who had a record and wants nothing any more
	absent            []string       // generated objects, as Kind/name, that were not there
}

// Where returns file, document and line of the object.
func (o ObjectReport) Where() string { return o.object.Position().String() }

// Report is what a run did.
type Report struct {
	Objects  []ObjectReport
	Results  []Result
	Function string // the one that ran, when it was one
	Removing bool   // the run took away
	Judged   Judged
}

// Failed reports whether a result fails the run.
func (r *Report) Failed() bool {
	return slices.ContainsFunc(r.Results, Result.Fatal)
}

// Add appends what another run did.
func (r *Report) Add(other Report) {
	r.Objects = append(r.Objects, other.Objects...)
	r.Results = append(r.Results, other.Results...)
	r.Removing = r.Removing || other.Removing
	r.Judged.Objects += other.Judged.Objects
	r.Judged.Ignored += other.Judged.Ignored
}

// Changed counts the objects that are not as they were.
func (r *Report) Changed() int {
	n := 0
	for _, o := range r.Objects {
		if o.Status == Injected || o.Status == Updated || o.Status == Removed {
			n++
		}
	}
	return n
}

// Summary returns the closing line, such as
//
//	add-log-sidecar: injected 3, unchanged 1, skipped 2 (helm-hook 1, no-containers 1)
func (r *Report) Summary(name string) string {
	if r.Failed() && r.Judged.Objects == 0 {
		return name + ": nothing was written (" + r.counts() + ")"
	}
	return name + ": " + r.counts()
}

func (r *Report) counts() string {
	counts, codes := map[Status]int{}, map[pod.Code]int{}
	for _, o := range r.Objects {
		counts[o.Status]++
		if o.Status == Skipped {
			codes[o.Code]++
		}
	}
	var parts []string
	for _, s := range []Status{Injected, Updated, Removed, Unchanged, Skipped, Failed} {
		if counts[s] == 0 {
			continue
		}
		part := fmt.Sprintf("%s %d", s, counts[s])
		if s == Skipped {
			part += " (" + strings.Join(counted(codes), ", ") + ")"
		}
		parts = append(parts, part)
	}
	if r.Judged.Objects > 0 {
		parts = append(parts, r.Judgement())
	}
	if len(parts) == 0 && r.Removing {
		return "removed 0"
	}
	if len(parts) == 0 {
		return "injected 0"
	}
	return strings.Join(parts, ", ")
}

func counted(codes map[pod.Code]int) []string {
	var all []string
	for _, code := range slices.Sorted(maps.Keys(codes)) {
		all = append(all, fmt.Sprintf("%s %d", code, codes[code]))
	}
	return all
}
