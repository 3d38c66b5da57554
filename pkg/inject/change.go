package inject

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"maps"
	"slices"

	"github.com/krm-sidecars/krm-sidecars/pkg/edit"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// Changed is what an owner did to a field of the user's own.
type Changed struct {
	Sum string  `json:"sum"`           // of the value that it has put there
	Was *string `json:"was,omitempty"` // the source text in that place; nil when there was none
}

// Undo lines up what gives the user's own fields back their values, as far as
// the owners of the requests have changed them. A plan is to be made for the
// object as it is then.
func Undo(target Target, reqs []Request) ([]edit.Edit, []pod.Finding) {
	old, _ := records(target.Annotations) // Make tells of those that cannot be read
	var edits []edit.Edit
	var findings []pod.Finding
	for _, req := range reqs {
		r := old[req.Owner.Key()]
		if r == nil {
			continue
		}
		for _, text := range slices.Sorted(maps.Keys(r.Changes)) {
			at, err := edit.ParsePath(text)
			if err != nil || !target.State(at).Present {
				continue
			}
			e, drift := r.Changes[text].undo(at, target.Value(at))
			if e != nil {
				edits = append(edits, *e)
			}
			if drift != "" {
				findings = append(findings, pod.Finding{Severity: pod.Warning, Code: pod.Drift, Field: text,
					Message: "what " + req.Owner.String() + " had put here was edited since; " + drift})
			}
		}
	}
	return edits, findings
}

// undo gives a field its old value back. A field that was not there before and
// has been edited since is the user's now.
func (c Changed) undo(at edit.Path, now edit.Value) (e *edit.Edit, drift string) {
	edited := c.Sum != sumOf(now)
	switch {
	case c.Was == nil && edited:
		return nil, "it is left as it is now"
	case c.Was == nil:
		return &edit.Edit{Op: edit.Delete, Path: at}, ""
	case edited:
		drift = "the edit is undone"
	}
	return &edit.Edit{Op: edit.Swap, Path: at, Value: edit.Source(*c.Was)}, drift
}

func sumOf(v edit.Value) string {
	h := fnv.New32a()
	h.Write([]byte(v.String()))
	return fmt.Sprintf("%08x", h.Sum32())
}

// change gives a field another value, and records what it was.
func (p *planner) change(owner Owner, at edit.Path, want edit.Value) {
	text := at.String()
	refuse := func(message string) {
		p.plan.Findings = append(p.plan.Findings, pod.Finding{Severity: pod.Error, Code: pod.FieldConflict, Field: text, Message: message})
	}
	if by, taken := p.changedBy(text); taken {
		refuse(by.String() + " has changed it already; let one of them do it")
		return
	}
	record, state := p.next[owner], p.target.State(at)
	changed := Changed{Sum: sumOf(want)}
	switch have := p.target.Value(at); {
	case !p.target.State(at.Parent()).Present:
		refuse("there is nothing that it could be a field of; write " + at.Parent().String() + " out in this object")
		return
	case state.Present && have.Equal(want):
		return
	case !state.Present:
		p.put(edit.Edit{Op: edit.Insert, Path: at, Value: want, Where: fieldPlace(at)})
	default:
		was := state.Source
		if was == "" && have.Kind != edit.Null { // an alias, or a style whose text is not known
			was = " " + have.JSON()
		}
		changed.Was = &was
		p.put(edit.Edit{Op: edit.Swap, Path: at, Value: want})
	}
	record.Changes[text] = changed
}

// changedBy returns the owner whose change a field has.
func (p *planner) changedBy(path string) (Owner, bool) {
	for key, r := range p.old {
		if _, ok := r.Changes[path]; ok && !p.running[key] {
			return ownerOf(key), true
		}
	}
	for owner, r := range p.next {
		if _, ok := r.Changes[path]; ok {
			return owner, true
		}
	}
	return Owner{}, false
}

// changes changes fields below a place of the object.
func (p *planner) changes(owner Owner, below edit.Path, all []Change) {
	for _, c := range all {
		at, err := edit.ParsePath(c.Path)
		want, bad := edit.Of(c.Value)
		if err = cmp.Or(err, bad); err != nil {
			p.plan.Findings = append(p.plan.Findings, pod.Finding{Severity: pod.Error, Code: pod.InternalError, Field: c.Path, Message: err.Error()})
			continue
		}
		p.change(owner, below.With(at...), want)
	}
}

// Mend lines up repairs. Parents that are missing are maps.
func Mend(target Target, repairs []Repair) ([]edit.Edit, error) {
	var edits []edit.Edit
	for _, r := range repairs {
		at, err := edit.ParsePath(r.Path)
		if err != nil {
			return nil, err
		}
		value, err := edit.Of(r.Value)
		if err != nil {
			return nil, err
		}
		there := target.State(at).Present
		switch {
		case r.Value != nil && there:
			edits = append(edits, edit.Edit{Op: edit.Replace, Path: at, Value: value})
		case r.Value != nil:
			for i := 1; i < len(at); i++ {
				edits = append(edits, edit.Edit{Op: edit.Ensure, Path: at[:i], Value: edit.Value{Kind: edit.Map}, Where: fieldPlace(at[:i])})
			}
			edits = append(edits, edit.Edit{Op: edit.Insert, Path: at, Value: value, Where: fieldPlace(at)})
		case there:
			edits = append(edits, edit.Edit{Op: edit.Delete, Path: at}, edit.Edit{Op: edit.Prune, Path: at.Parent()})
		}
	}
	return edits, nil
}
