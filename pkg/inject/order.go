package inject

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// slot is the place of a container in the order of configs: its rank, then its
// owner, then its name.
type slot struct {
	rank  Rank
	owner Owner
	name  string
	ours  bool
}

func (s slot) compare(t slot) int {
	return cmp.Or(cmp.Compare(s.rank, t.rank), s.owner.Compare(t.owner), cmp.Compare(s.name, t.name))
}

// place returns the index at which a container goes into list. It depends on
// the set of containers that are there, not on the order in which functions
// ran.
func (p *template) place(list []pod.Container, c Container, owner Owner, want Placement) (int, *pod.Finding) {
	mine := slot{rank: c.Rank, owner: owner, name: c.Name, ours: true}
	index := p.ranked(list, mine)
	switch {
	case want.First:
		index = 0
	case want.Last:
		index = len(list)
	case len(want.Before)+len(want.After) > 0:
		return p.between(list, want)
	}
	return index, nil
}

func (p *template) ranked(list []pod.Container, mine slot) int {
	if mine.rank > RankUser {
		index := len(list)
		for index > 0 {
			s := p.slot(list[index-1])
			if !s.ours || s.compare(mine) < 0 {
				break
			}
			index--
		}
		return index
	}
	index := 0
	for i, c := range list {
		if s := p.slot(c); s.rank == RankMesh || (s.ours && s.compare(mine) < 0) {
			index = i + 1
		}
	}
	return index
}

func (p *template) slot(c pod.Container) slot {
	if p.leads(c.Name) {
		return slot{rank: RankMesh, name: c.Name}
	}
	if s, ok := p.slots[c.Name]; ok {
		return s
	}
	return slot{rank: RankUser, name: c.Name}
}

// between finds the place that a user asked for by name.
func (p *template) between(list []pod.Container, want Placement) (int, *pod.Finding) {
	low, high := 0, len(list)
	known := 0
	for i, c := range list {
		if slices.Contains(want.After, c.Name) {
			low, known = max(low, i+1), known+1
		}
		if slices.Contains(want.Before, c.Name) {
			high, known = min(high, i), known+1
		}
	}
	if known == 0 {
		return 0, &pod.Finding{Severity: pod.Error, Code: pod.PlacementUnknown,
			Message: fmt.Sprintf("spec.placement names %s, which is not there; %s", joined(slices.Concat(want.Before, want.After)), standing(list))}
	}
	if low > high {
		return 0, &pod.Finding{Severity: pod.Error, Code: pod.PlacementUnknown,
			Message: fmt.Sprintf("spec.placement leaves no place after %s and before %s in %s; drop one of them", joined(want.After), joined(want.Before), joined(names(list)))}
	}
	if len(want.Before) > 0 {
		return high, nil
	}
	return low, nil
}

func standing(list []pod.Container) string {
	if len(list) == 0 {
		return "the pod has no init containers, among which sidecars stand"
	}
	return "the containers are " + joined(names(list))
}

func joined(names []string) string { return strings.Join(names, ", ") }

func names(list []pod.Container) []string {
	all := make([]string, len(list))
	for i, c := range list {
		all[i] = c.Name
	}
	return all
}
