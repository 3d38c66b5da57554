package accepted

import (
	"fmt"
	"maps"
	"reflect"
	"slices"

	"github.com/krm-sidecars/krm-sidecars/pkg/edit"
)

// output is what the functions made, and what of.
type output struct {
	before, after []*object
	asks          string // what Pod Security says to what the config asks for, if it is to be refused
}

// object is an object in two forms, and where it has pod templates.
type object struct {
	text   string
	fields map[string]any
	paths  []edit.Path
}

func (o *object) String() string {
	metadata, _ := o.fields["metadata"].(map[string]any)
	return fmt.Sprint(o.fields["apiVersion"], " ", o.fields["kind"], " ", metadata["namespace"], " ", metadata["name"])
}

// change is an object that the functions changed or generated.
type change struct {
	before, after *object // before is nil where it is generated
}

// changes are the objects that differ, or are new.
func (o output) changes() []change {
	before, seen := map[string]*object{}, map[string]*object{}
	for _, was := range o.before {
		before[unused(before, was.String())] = was
	}
	var all []change
	for _, is := range o.after {
		name := unused(seen, is.String())
		seen[name] = is
		if was := before[name]; was == nil || was.text != is.text {
			all = append(all, change{was, is})
		}
	}
	return all
}

// unused is a name that is no key: the objects of a stream may have the same.
func unused(keys map[string]*object, name string) string {
	for keys[name] != nil {
		name += "'"
	}
	return name
}

// template is a pod template of a change, as it was and is.
type template struct {
	path          string
	before, after map[string]any
}

// templates are those that are not what they were.
func (c change) templates() []template {
	var all []template
	for _, path := range c.after.paths {
		was, _ := at(c.before.fields, path).(map[string]any)
		is, _ := at(c.after.fields, path).(map[string]any)
		if !reflect.DeepEqual(was, is) {
			all = append(all, template{path.String(), claimed(c.before, was), claimed(c.after, is)})
		}
	}
	return all
}

// claimed is a template of an object with volumes for its claims, if it has any.
func claimed(o *object, template map[string]any) map[string]any {
	claims, _ := at(o.fields, edit.Fields("spec", "volumeClaimTemplates")).([]any)
	spec, _ := template["spec"].(map[string]any)
	if len(claims) == 0 || spec == nil {
		return template
	}
	spec = maps.Clone(spec)
	own, _ := spec["volumes"].([]any)
	volumes := slices.Clone(own)
	for _, claim := range claims {
		volumes = append(volumes, map[string]any{"name": at(claim, edit.Fields("metadata", "name")), "emptyDir": map[string]any{}})
	}
	spec["volumes"] = volumes
	return map[string]any{"metadata": template["metadata"], "spec": spec}
}

// at is the value at a path, or nil.
func at(value any, path edit.Path) any {
	for _, step := range path {
		switch step.Kind {
		case edit.ByName:
			fields, _ := value.(map[string]any)
			value = fields[step.Name]
		case edit.ByIndex:
			items, _ := value.([]any)
			if step.Index >= len(items) {
				return nil
			}
			value = items[step.Index]
		case edit.ByKey:
			value = keyed(value, step.Key, step.Name)
		}
	}
	return value
}

// keyed is the item of a list of which a field has a value.
func keyed(list any, key, value string) any {
	items, _ := list.([]any)
	for _, item := range items {
		if fields, _ := item.(map[string]any); fields[key] == value {
			return item
		}
	}
	return nil
}
