package inject

import (
	"maps"
	"slices"
	"strings"

	"github.com/krm-sidecars/krm-sidecars/pkg/edit"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// remove lines up the deletion of what the owners had in the template. What
// others share stays, unless it comes back anyway.
func (t *template) remove() {
	for _, key := range slices.Sorted(maps.Keys(t.old)) {
		if r := t.old[key]; t.running[key] {
			t.checkDrift(key, r)
			t.removeItems(r.items(t.path))
		}
	}
}

func (t *template) removeItems(it *Items) {
	for _, name := range slices.Sorted(maps.Keys(it.Containers)) {
		if at, ok := t.containerPath(t.view, name); ok {
			t.delete(at)
		}
	}
	shared := it.shares()
	for _, name := range slices.Concat(it.Volumes, shared.Volumes) {
		if _, ok := t.view.Volume(name); ok && !t.stays(aVolume+name, name) {
			t.delete(t.spec(edit.Name("volumes"), edit.Elem("name", name)))
		}
	}
	for _, name := range slices.Concat(it.Mounts, shared.Mounts) {
		if !t.stays(aMount+name, name) {
			t.removeMember(name, "volumeMounts", "mountPath")
		}
	}
	for _, name := range it.Env {
		if !t.stays(anEnv+name, name) {
			t.removeMember(name, "env", "name")
		}
	}
	t.removeMeta("labels", aLabel, t.view.Labels, it.Labels)
	t.removeMeta("annotations", anAnnotation, t.view.Annotations, it.Annotations)
	t.removeElements(it.Elements)
}

// delete takes a place away, once.
func (t *template) delete(at edit.Path) {
	text := at.String()
	if !slices.ContainsFunc(t.drops, func(e edit.Edit) bool { return e.Path.String() == text }) {
		t.drop(edit.Edit{Op: edit.Delete, Path: at})
	}
}

// stays reports whether an owner that does not run now has, or shares, a volume
// or mount that the owners that run do not want back.
func (t *template) stays(key, name string) bool {
	if owner, ok := t.owned[key]; ok && !t.running[owner.Key()] {
		return true
	}
	if _, back := t.owned[key]; back {
		return false
	}
	return slices.ContainsFunc(t.kept, func(it *Items) bool {
		s := it.shares()
		return slices.Contains(s.Volumes, name) || slices.Contains(s.Mounts, name)
	})
}

func (t *template) removeMember(name, list, key string) {
	container, value := split(name)
	at, ok := t.containerPath(t.view, container)
	if !ok {
		return
	}
	if at = at.With(edit.Name(list), edit.Elem(key, value)); t.target.State(at).Present {
		t.delete(at)
	}
}

func (t *template) removeMeta(field, kind string, have map[string]string, gone []string) {
	for _, name := range gone {
		if _, ok := have[name]; ok && !t.stays(kind+name, name) {
			t.delete(t.meta(edit.Name(field), edit.Name(name)))
		}
	}
}

// removeElements takes elements out of list-valued annotations and leaves the
// rest of their text as it is.
func (t *template) removeElements(elements map[string][]string) {
	for _, key := range slices.Sorted(maps.Keys(elements)) {
		have, ok := t.view.Annotations[key]
		if !ok {
			continue
		}
		at := t.meta(edit.Name("annotations"), edit.Name(key))
		switch rest := t.withoutOurs(key, have); rest {
		case have:
		default:
			if !t.madeByUs(at) {
				t.drop(edit.Edit{Op: edit.Replace, Path: at, Value: edit.Str(rest)})
				continue
			}
			t.delete(at)
			if rest != "" { // anew, so that it is written as if it had never been longer
				t.drop(edit.Edit{Op: edit.Insert, Path: at, Value: edit.Str(rest), Where: edit.Where{Stay: true}})
			}
		}
	}
}

// withoutOurs is the value of a list-valued annotation without the elements that
// only the owners that run have added.
func (t *template) withoutOurs(key, value string) string {
	if !t.hasRunner(func(it *Items) bool { return it.Elements[key] != nil }) {
		return value
	}
	users := value
	for _, old := range slices.Sorted(maps.Keys(t.old)) {
		for _, element := range t.old[old].items(t.path).Elements[key] {
			users = withoutElement(users, element)
		}
	}
	kept := slices.DeleteFunc(slices.Clone(t.listed[key]), func(e element) bool { return t.running[e.owner.Key()] })
	return composed(users, kept)
}

// withoutElement removes an element and its comma from a list.
func withoutElement(list, element string) string {
	parts := strings.Split(list, ",")
	for i := len(parts) - 1; i >= 0; i-- {
		if strings.TrimSpace(parts[i]) == element {
			return strings.Join(slices.Delete(parts, i, i+1), ",")
		}
	}
	return list
}

// checkDrift warns when what an owner added has been edited by hand since.
func (t *template) checkDrift(key string, r *Record) {
	it := r.Templates[t.path]
	if it == nil || it.Sum == "" || it.Sum == t.sum(it, r.Objects, func(p edit.Path) edit.Value { return t.view.Value(p) }) {
		return
	}
	t.plan.Findings = append(t.plan.Findings, pod.Finding{Severity: pod.Warning, Code: pod.Drift, Field: t.path, Owner: ownerOf(key).String(),
		Message: "what " + ownerOf(key).String() + " had added was edited since; the edit is undone"})
}
