package inject

import (
	"maps"
	"slices"
	"strings"

	"github.com/krm-sidecars/krm-sidecars/pkg/edit"
)

// elements adds elements to annotations that hold comma-separated lists: the
// user's own stay in front, ours follow in the order of their owners.
func (a *adder) elements(want map[string][]string) {
	for _, key := range slices.Sorted(maps.Keys(want)) {
		value, there := a.cur.Annotations[key]
		users := value
		for _, e := range a.listed[key] {
			users = withoutElement(users, e.name)
		}
		for _, name := range want[key] {
			if hasElement(users, name) {
				continue // the user's own
			}
			a.items.Elements[key] = append(a.items.Elements[key], name)
			a.list(key, a.req.Owner, name)
		}
		a.setElements(key, composed(users, a.listed[key]), there)
	}
}

// element is a part of a list-valued annotation that an owner added.
type element struct {
	owner Owner
	name  string
}

// list notes that an owner has an element.
func (t *template) list(key string, owner Owner, name string) {
	t.listed[key] = append(t.listed[key], element{owner, name})
	slices.SortStableFunc(t.listed[key], func(x, y element) int { return x.owner.Compare(y.owner) })
}

// composed is the value of an annotation with the user's part and ours.
func composed(users string, ours []element) string {
	parts := []string{}
	if users != "" {
		parts = append(parts, users)
	}
	for _, e := range ours {
		if !slices.Contains(parts, e.name) {
			parts = append(parts, e.name)
		}
	}
	return strings.Join(parts, ",")
}

func hasElement(list, name string) bool {
	return slices.ContainsFunc(strings.Split(list, ","), func(p string) bool { return strings.TrimSpace(p) == name })
}

func (a *adder) setElements(key, value string, there bool) {
	if len(a.items.Elements[key]) == 0 {
		return
	}
	at := a.template.meta(edit.Name("annotations"), edit.Name(key))
	made := a.origin(a.record, at, at.String())
	switch {
	case !there:
		a.insert(at, edit.Str(value), a.elementsPlace(key))
		a.owned[anAnnotation+key] = a.req.Owner
	case value == a.cur.Annotations[key]:
		a.ensure(a.record, at.Parent(), edit.Map)
		if a.rewritten(at) {
			a.wasScalar(at)
		}
	case made && a.record.Was[at.String()] == "":
		a.put(edit.Edit{Op: edit.Delete, Path: at})
		a.insert(at, edit.Str(value), a.elementsPlace(key))
	default:
		a.ensure(a.record, at.Parent(), edit.Map)
		a.wasScalar(at)
		a.put(edit.Edit{Op: edit.Replace, Path: at, Value: edit.Str(value)})
	}
	a.cur.Annotations[key] = value
}

// elementsPlace is that of the annotation's first owner. With another first owner
// than before it moves.
func (a *adder) elementsPlace(key string) edit.Where {
	first := a.listed[key][0].owner
	where := a.metaPlace(first, anAnnotation, a.cur.Annotations)
	for old, r := range a.old {
		if ownerOf(old).Compare(first) < 0 && r.items(a.path).Elements[key] != nil {
			where.Stay = false
		}
	}
	return where
}

// rewritten reports whether another owner of this run has changed a scalar.
func (a *adder) rewritten(at edit.Path) bool {
	for _, r := range a.next {
		if _, ok := r.Was[at.String()]; ok {
			return true
		}
	}
	return false
}

// wasScalar records the source text of a user's scalar that is about to change:
// its quotes and folds come back with its value.
func (a *adder) wasScalar(at edit.Path) {
	text := at.String()
	for _, r := range a.old {
		if was, ok := r.Was[text]; ok {
			a.record.Was[text] = was
			return
		}
	}
	if was := a.target.State(at).Source(); was != "" {
		a.record.Was[text] = was
	}
}
