package emit

import (
	"slices"

	"github.com/krm-sidecars/krm-sidecars/pkg/edit"
)

// differ collects what turns one object into another.
type differ struct {
	ops    []edit.Value // of a JSON patch, to be applied in order
	merge  edit.Value   // a strategic merge patch
	merges bool         // it has fields
}

// op adds an operation; not all of them have a value.
func (d *differ) op(name string, at place, value ...edit.Value) {
	o := edit.Obj(edit.Field{Name: "op", Value: edit.Str(name)}, edit.Field{Name: "path", Value: edit.Str(at.pointer)})
	for _, v := range value {
		o.Fields = append(o.Fields, edit.Field{Name: "value", Value: v})
	}
	d.ops = append(d.ops, o)
}

// test has the patch fail where another value stands.
func (d *differ) test(at place, v edit.Value) { d.op("test", at, v) }

// value turns old, which stands at a place, into want.
func (d *differ) value(at place, old, want edit.Value) {
	switch {
	case old.Equal(want):
	case at.merges() && (old.Kind == edit.Map || old.Kind == edit.Null) && isTexts(want):
		d.mergeFields(at, old, want)
	case old.Kind == edit.Map && want.Kind == edit.Map:
		d.mapFields(at, old, want)
	case old.Kind == edit.List && want.Kind == edit.List:
		d.items(at, old.Items, want.Items)
	default:
		d.testScalar(at, old)
		d.op("replace", at, want)
	}
}

// isTexts reports whether v is a map of labels or annotations that has some.
func isTexts(v edit.Value) bool {
	return v.Kind == edit.Map && len(v.Fields) > 0 && !slices.ContainsFunc(v.Fields, func(f edit.Field) bool {
		return f.Value.Kind == edit.Null || f.Value.Kind == edit.Map || f.Value.Kind == edit.List
	})
}

// mergeFields sets fields by a merge. It leaves it to the JSON patch to take some
// away: kustomize makes the text "null" of a null in metadata.
func (d *differ) mergeFields(at place, old, want edit.Value) {
	d.removeFields(at, old, want)
	for _, f := range want.Fields {
		if was, ok := old.Get(f.Name); !ok || !was.Equal(f.Value) {
			d.merge, d.merges = put(d.merge, f.Value, at.field(f.Name).fields...), true
		}
	}
}

// put returns v with another value at a path, whose maps are made where missing.
func put(v, to edit.Value, path ...string) edit.Value {
	for i := 1; i < len(path); i++ {
		if above := edit.Fields(path[:i]...); !has(v, path[:i]) {
			v = v.With(above, edit.Obj())
		}
	}
	return v.With(edit.Fields(path...), to)
}

func has(v edit.Value, path []string) bool {
	for _, name := range path {
		below, ok := v.Get(name)
		if !ok {
			return false
		}
		v = below
	}
	return true
}

// mapFields turns the fields of one map into those of another.
func (d *differ) mapFields(at place, old, want edit.Value) {
	d.removeFields(at, old, want)
	for _, f := range want.Fields {
		if was, ok := old.Get(f.Name); ok && was.Kind != edit.Null {
			d.value(at.field(f.Name), was, f.Value)
		} else if !ok || f.Value.Kind != edit.Null {
			d.addField(at.field(f.Name), f.Value)
		}
	}
}

// removeFields takes the fields of a map away that are not wanted.
func (d *differ) removeFields(at place, old, want edit.Value) {
	for _, f := range old.Fields {
		if _, ok := want.Get(f.Name); !ok {
			d.removeField(at.field(f.Name), f.Value)
		}
	}
}

func (d *differ) removeField(at place, old edit.Value) {
	if !at.merges() || old.Kind != edit.Map {
		d.testScalar(at, old)
		d.op("remove", at)
		return
	}
	d.removeFields(at, old, edit.Obj())
	if at.pointer != ownAnnotations { // kustomize has some there, and takes an empty map away itself
		d.test(at, edit.Obj())
		d.op("remove", at)
	}
}

// ownAnnotations are those of the object itself.
const ownAnnotations = "/metadata/annotations"

// addField sets a field that is not there, or null: should it have a value where
// the patch is applied, that is not to be overwritten.
func (d *differ) addField(at place, v edit.Value) {
	switch {
	case at.merges() && isTexts(v):
		d.mergeFields(at, edit.Obj(), v)
	case at.allMerge(v):
		d.mapFields(at, edit.Obj(), v)
	default:
		d.test(at, edit.Value{})
		d.op("add", at, v)
	}
}

// testScalar has the patch fail where a scalar is another one. Collections are
// not compared: what is beside our change in them is not our concern.
func (d *differ) testScalar(at place, v edit.Value) {
	if v.Kind != edit.Map && v.Kind != edit.List {
		d.test(at, v)
	}
}
