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
// the owners of the requests have changed them and no other owner wants them so.
// A plan is to be made for the object as it is then.
func Undo(target Target, reqs []Request) ([]edit.Edit, []pod.Finding) {
	old, _ := records(target.Annotations) // Make tells of those that cannot be read
	u := undoer{target: target, done: map[string]bool{}}
	for key, r := range old {
		if !slices.ContainsFunc(reqs, func(req Request) bool { return req.Owner.Key() == key }) {
			for text := range r.Changes {
				u.done[text] = true
			}
		}
	}
	for _, req := range reqs {
		if r := old[req.Owner.Key()]; r != nil {
			u.undo(req.Owner, r)
		}
	}
	return u.edits, u.findings
}

type undoer struct {
	target   Target
	done     map[string]bool // fields that need nothing more
	edits    []edit.Edit
	findings []pod.Finding
}

func (u *undoer) undo(owner Owner, r *Record) {
	for _, text := range slices.Sorted(maps.Keys(r.Changes)) {
		at, err := edit.ParsePath(text)
		if err != nil || u.done[text] || !u.target.State(at).Present {
			continue
		}
		u.done[text] = true
		e, drift := r.Changes[text].undo(at, u.target.Value(at))
		if e != nil {
			u.edits = append(append(u.edits, *e), r.pruned(at)...)
		}
		if drift != "" {
			u.findings = append(u.findings, pod.Finding{Severity: pod.Warning, Code: pod.Drift, Field: text, Owner: owner.String(),
				Message: "what " + owner.String() + " had put here was edited since; " + drift})
		}
	}
}

// pruned takes away the parents of a field that are there because of us, or gives
// them back their text, as far as nothing is left in them.
func (r *Record) pruned(at edit.Path) []edit.Edit {
	var edits []edit.Edit
	for i := len(at) - 1; i > 0; i-- {
		text := at[:i].String()
		was, changed := r.Was[text]
		if !changed && !slices.Contains(r.Made, text) {
			break
		}
		e := edit.Edit{Op: edit.Prune, Path: at[:i]}
		if changed {
			e.Value = edit.Source(was)
		}
		edits = append(edits, e)
	}
	return edits
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

// change gives a field another value, and records what it was. Two owners may
// want the same.
func (p *planner) change(owner Owner, at edit.Path, want edit.Value) {
	text, record := at.String(), p.next[owner]
	changed := Changed{Sum: sumOf(want)}
	if by, theirs, taken := p.changedBy(text); taken {
		if record.Changes[text] = theirs; theirs.Sum != changed.Sum {
			p.refuse(at, by.String()+" has changed it already; let one of them do it")
		} else if theirs.Was == nil {
			p.parents(record, at) // they are ours as much as theirs
		}
		return
	}
	state := p.target.State(at)
	switch have := p.target.Value(at); {
	case state.Present && have.Equal(want):
		return
	case !state.Present && !p.parents(record, at):
		return
	case !state.Present:
		p.put(edit.Edit{Op: edit.Insert, Path: at, Value: want, Where: p.among(owner, at)})
	default:
		was := state.Source()
		if was == "" && have.Kind != edit.Null { // an alias, or a style whose text is not known
			was = " " + have.JSON()
		}
		changed.Was = &was
		p.put(edit.Edit{Op: edit.Swap, Path: at, Value: want})
	}
	record.Changes[text] = changed
}

// among places a new field where people put it, and a new element of a list at its
// end, but in front of those of owners that come later, whoever ran first.
func (p *planner) among(owner Owner, at edit.Path) edit.Where {
	last, list := at.Last(), at.Parent()
	if last.Kind != edit.ByKey {
		return fieldPlace(at)
	}
	var siblings []string
	for _, item := range p.target.Value(list).Items {
		name, _ := item.Get(last.Key)
		siblings = append(siblings, name.Text)
	}
	for _, e := range p.puts {
		if len(e.Path) == len(at) && e.Path.Last().Kind == edit.ByKey && e.Path.Parent().String() == list.String() {
			siblings = append(siblings, e.Path.Last().Name)
		}
	}
	var where edit.Where
	for _, name := range siblings {
		by, _, ours := p.changedBy(list.With(edit.Elem(last.Key, name)).String())
		if ours && by.Compare(owner) > 0 {
			where.Before = append(where.Before, name)
		}
	}
	return where
}

// parents makes the collection that a new field goes into.
func (p *planner) parents(r *Record, at edit.Path) (ok bool) {
	above := at.Parent()
	there := p.target.State(above).Present
	if !there && (len(above) == 0 || above.Last().Kind != edit.ByName || !p.target.State(above.Parent()).Present) {
		p.refuse(at, "there is nothing that it could be a field of; write "+above.String()+" out in this object")
		return false
	}
	kind := edit.List
	if at.Last().Kind == edit.ByName {
		kind = edit.Map
	}
	p.ensure(r, above, kind)
	return true
}

func (p *planner) refuse(at edit.Path, message string) {
	p.plan.Findings = append(p.plan.Findings, pod.Finding{Severity: pod.Error, Code: pod.FieldConflict, Field: at.String(), Message: message})
}

// changedBy returns the owner whose change a field has. Owners that share it
// agree on what it is.
func (p *planner) changedBy(path string) (Owner, Changed, bool) {
	for _, key := range slices.Sorted(maps.Keys(p.old)) {
		if c, ok := p.old[key].Changes[path]; ok && !p.running[key] {
			return ownerOf(key), c, true
		}
	}
	for _, req := range p.reqs {
		if c, ok := p.next[req.Owner].Changes[path]; ok {
			return req.Owner, c, true
		}
	}
	return Owner{}, Changed{}, false
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

// Mend lines up repairs. Parents that are missing are maps; those that nothing
// is left in go. Several templates may ask for the same.
func Mend(target Target, repairs []Repair) ([]edit.Edit, error) {
	var edits []edit.Edit
	for i, r := range repairs {
		if slices.ContainsFunc(repairs[:i], func(other Repair) bool { return other.Path == r.Path }) {
			continue
		}
		at, err := edit.ParsePath(r.Path)
		value, bad := edit.Of(r.Value)
		if err = cmp.Or(err, bad); err != nil {
			return nil, fmt.Errorf("repairing %s: %w", r.Path, err)
		}
		edits = append(edits, mend(at, r.Value != nil, value, target.State(at).Present)...)
	}
	return edits, nil
}

func mend(at edit.Path, wanted bool, value edit.Value, there bool) []edit.Edit {
	switch {
	case !wanted && !there:
		return nil
	case !wanted:
		edits := []edit.Edit{{Op: edit.Delete, Path: at}, {Op: edit.Prune, Path: at.Parent()}}
		if len(at) > 3 { // metadata of something below the object
			edits = append(edits, edit.Edit{Op: edit.Prune, Path: at[:len(at)-2]})
		}
		return edits
	case there:
		return []edit.Edit{{Op: edit.Replace, Path: at, Value: value}}
	}
	var edits []edit.Edit
	for i := 1; i < len(at); i++ {
		edits = append(edits, edit.Edit{Op: edit.Ensure, Path: at[:i], Value: edit.Value{Kind: edit.Map}, Where: fieldPlace(at[:i])})
	}
	return append(edits, edit.Edit{Op: edit.Insert, Path: at, Value: value, Where: fieldPlace(at)})
}
