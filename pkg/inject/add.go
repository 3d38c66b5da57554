package inject

import (
	"fmt"
	"maps"
	"slices"

	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/pkg/edit"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// adder adds the injection of one owner to a template.
type adder struct {
	*template
	req    Request
	record *Record
	items  *Items
	values []placed // what was put where
}

// add checks an injection against the pod as it is by now, and lines up what
// comes. On a conflict the finding tells, and nothing of the plan is done.
func (t *template) add(req Request, inj *Injection) {
	a := &adder{template: t, req: req, record: t.next[req.Owner],
		items: &Items{Containers: map[string]Rank{}, Elements: map[string][]string{}}}
	for _, v := range inj.Volumes {
		a.volume(v)
	}
	for _, c := range inj.Containers {
		a.container(c)
	}
	for _, m := range inj.Mounts {
		a.mount(m)
	}
	for _, e := range inj.Env {
		a.env(e)
	}
	a.meta("labels", aLabel, a.cur.Labels, inj.Labels)
	a.meta("annotations", anAnnotation, a.cur.Annotations, inj.Annotations)
	a.elements(inj.Elements)
	for _, f := range inj.Fields {
		a.field(f)
	}
	a.changes(req.Owner, a.view.Path, inj.Changes)
	a.show(inj)
	a.share(inj)
	if !inj.empty() {
		a.finish(inj)
	}
}

// empty reports whether nothing is wanted that a record would name.
func (inj *Injection) empty() bool {
	return len(inj.Containers)+len(inj.Volumes)+len(inj.Mounts)+len(inj.Env)+len(inj.Labels)+len(inj.Annotations)+
		len(inj.Elements)+len(inj.Fields)+len(inj.Objects)+len(inj.Changes)+len(inj.Amendments) == 0
}

// finish puts the items into the owner's record.
func (a *adder) finish(inj *Injection) {
	a.plan.Has = true
	more(&a.plan.Wanted, a.req.Owner, inj.Objects...)
	more(&a.plan.Amend, a.req.Owner, inj.Amendments...)
	for _, o := range inj.Objects {
		a.record.Objects = append(a.record.Objects, o.Kind+"/"+o.Name)
	}
	if a.items.empty() {
		return // all of it was there
	}
	a.items.Sum = a.sum(a.items, a.record.Objects, a.placed)
	a.record.Templates[a.path] = a.items
}

// insert puts a value at a place below the template.
func (a *adder) insert(at edit.Path, v edit.Value, where edit.Where) {
	parent := edit.List
	if at.Last().Kind == edit.ByName {
		parent = edit.Map
	}
	a.ensure(a.record, at.Parent(), parent)
	a.put(edit.Edit{Op: edit.Insert, Path: at, Value: v, Where: where})
	a.putAt(at, v)
}

// placed is a value that an injection has at a place below the template.
type placed struct {
	at    edit.Path
	value edit.Value
}

func (a *adder) putAt(at edit.Path, v edit.Value) {
	a.values = append(a.values, placed{at[len(a.view.Path):], v})
}

// placed returns what was put last at a place below the template.
func (a *adder) placed(at edit.Path) edit.Value {
	for _, v := range slices.Backward(a.values) {
		if v.at.Last() == at.Last() && slices.Equal(v.at, at) {
			return v.value
		}
	}
	return edit.Value{}
}

// value turns Kubernetes data into plain data.
func (a *adder) value(x any) edit.Value {
	v, err := edit.Of(x)
	if err != nil {
		a.finding(pod.Error, pod.InternalError, a.view.Path, err.Error())
	}
	return v
}

// behind places a thing behind everything but the injected ones of owners that
// come later, so that the order does not depend on who ran first.
func (a *adder) behind(owner Owner, kind string, siblings []string, key func(string) string) edit.Where {
	var after []string
	for _, name := range siblings {
		of, owned := a.owned[kind+key(name)]
		if !owned || of.Compare(owner) <= 0 {
			after = append(after, name)
		}
	}
	return edit.Where{After: after, First: true, Stay: true}
}

func same(name string) string { return name }

func (a *adder) volume(v corev1.Volume) {
	at := a.spec(edit.Name("volumes"), edit.Elem("name", v.Name))
	value := a.value(v)
	if have, ok := a.cur.Volume(v.Name); ok {
		switch {
		case !have.Source.Equal(without(value, "name")):
			a.finding(pod.Error, pod.VolumeNameConflict, at, "another volume has this name; rename it, or set another volume name in the config")
		case a.others(aVolume + v.Name):
			a.items.Volumes = append(a.items.Volumes, v.Name)
			a.also(at, value)
		}
		return // what is the user's own stays so
	}
	if a.cur.VolumeTaken(v.Name) {
		a.finding(pod.Error, pod.VolumeNameConflict, at, "a volumeClaimTemplate has this name; rename one of them")
		return
	}
	var siblings []string
	for _, have := range a.cur.Volumes {
		siblings = append(siblings, have.Name)
	}
	a.insert(at, value, a.behind(a.req.Owner, aVolume, siblings, same))
	a.cur.Volumes = append(a.cur.Volumes, pod.Volume{Name: v.Name, Source: without(value, "name"), Owner: a.req.Owner.String()})
	a.owned[aVolume+v.Name] = a.req.Owner
	a.items.Volumes = append(a.items.Volumes, v.Name)
}

func without(v edit.Value, name string) edit.Value {
	v.Fields = slices.DeleteFunc(slices.Clone(v.Fields), func(f edit.Field) bool { return f.Name == name })
	return v
}

// meta adds labels or annotations to the template.
func (a *adder) meta(field, kind string, have, want map[string]string) {
	for _, key := range slices.Sorted(maps.Keys(want)) {
		at := a.template.meta(edit.Name(field), edit.Name(key))
		if value, ok := have[key]; ok {
			switch {
			case value == want[key] && a.others(kind+key): // it stays as long as one of us does
				a.ensure(a.record, at.Parent(), edit.Map)
				a.note(kind, key, at, edit.Str(value))
			case value != want[key]:
				a.finding(pod.Error, map[string]pod.Code{aLabel: pod.LabelConflict, anAnnotation: pod.AnnotationConflict}[kind], at,
					fmt.Sprintf("it has the value %q and should have %q; change it there, or in the config", value, want[key]))
			}
			continue
		}
		a.insert(at, edit.Str(want[key]), a.metaPlace(a.req.Owner, kind, have))
		have[key] = want[key]
		a.owned[kind+key] = a.req.Owner
		a.note(kind, key, at, edit.Str(want[key]))
	}
}

// note enters a label or annotation into the record.
func (a *adder) note(kind, key string, at edit.Path, value edit.Value) {
	a.putAt(at, value)
	if kind == anAnnotation {
		a.items.Annotations = append(a.items.Annotations, key)
		return
	}
	a.cur.Added = append(slices.Clip(a.cur.Added), key)
	a.items.Labels = append(a.items.Labels, key)
}

// metaPlace puts labels and annotations behind the user's, in front of records.
func (a *adder) metaPlace(owner Owner, kind string, have map[string]string) edit.Where {
	keys := slices.DeleteFunc(slices.Sorted(maps.Keys(have)), IsRecord)
	return a.behind(owner, kind, keys, same)
}

// field sets a field of the pod spec, where the user has not.
func (a *adder) field(f Field) {
	at := a.spec(edit.Fields(f.Path...)...)
	want := a.value(f.Value)
	have := a.target.Value(at)
	if _, _, ours := a.changedBy(at.String()); !ours && have.Kind != edit.Null && !have.Equal(want) {
		a.finding(pod.Error, pod.FieldConflict, at, fmt.Sprintf("it is %s and should be %s; change it there, or in the config", have, want))
		return
	}
	a.change(a.req.Owner, at, want)
	switch value := f.Value.(type) {
	case int64:
		if at.Last().Name == "fsGroup" {
			a.cur.FSGroup = &value
		}
	case bool:
		a.cur.ShareProcesses = a.cur.ShareProcesses || value && at.Last().Name == "shareProcessNamespace"
	}
}

// share notes which volumes of other owners the new containers use, and the
// mounts that bring them to the app: they stay as long as this owner does.
func (a *adder) share(inj *Injection) {
	var s Shares
	for _, c := range inj.Containers {
		for _, m := range c.VolumeMounts {
			if a.others(aVolume+m.Name) && !slices.Contains(s.Volumes, m.Name) {
				s.Volumes = append(s.Volumes, m.Name)
			}
		}
	}
	if len(s.Volumes) == 0 {
		return
	}
	a.ensure(a.record, a.spec(edit.Name("volumes")), edit.List)
	for _, c := range a.cur.Containers {
		for _, m := range c.Mounts {
			if name := member(c.Name, m.MountPath); slices.Contains(s.Volumes, m.Name) && a.others(aMount+name) {
				s.Mounts = append(s.Mounts, name)
				a.ensure(a.record, a.spec(edit.Name("containers"), edit.Elem("name", c.Name), edit.Name("volumeMounts")), edit.List)
			}
		}
	}
	a.items.Shares = &s
}

// others reports whether another owner has a thing.
func (a *adder) others(key string) bool {
	owner, owned := a.owned[key]
	return owned && owner != a.req.Owner
}
