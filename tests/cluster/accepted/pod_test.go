package accepted

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"testing"

	"github.com/krm-sidecars/krm-sidecars/pkg/edit"
	"github.com/krm-sidecars/krm-sidecars/tests/box"
)

// asPod makes a Pod of a template. The name of its service account is left out: there
// is none but the default one.
func asPod(t *testing.T, template map[string]any) *object {
	t.Helper()
	if template == nil {
		return nil
	}
	metadata := map[string]any{"name": "judged"}
	for _, field := range []string{"labels", "annotations"} {
		if value := at(template, edit.Fields("metadata", field)); value != nil {
			metadata[field] = value
		}
	}
	own, _ := template["spec"].(map[string]any)
	spec := maps.Clone(own)
	delete(spec, "serviceAccountName")
	delete(spec, "serviceAccount")
	return encoded(t, map[string]any{"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec})
}

func encoded(t *testing.T, fields map[string]any) *object {
	t.Helper()
	text, err := json.Marshal(fields)
	box.Check(t, err)
	return &object{text: string(text), fields: fields}
}

// alone is a Pod of our containers and whatever else we added to a template, beside
// an app that is accepted.
func alone(t *testing.T, of template) *object {
	t.Helper()
	before, _ := of.before["spec"].(map[string]any)
	after, _ := of.after["spec"].(map[string]any)
	init, containers := ours(before, after, "initContainers"), ours(before, after, "containers")
	spec := different(before, after)
	spec["initContainers"] = init
	spec["containers"] = append(slices.Clone(containers), app())
	spec["volumes"] = volumes(before, after, slices.Concat(init, containers))
	was, _ := of.before["metadata"].(map[string]any)
	is, _ := of.after["metadata"].(map[string]any)
	metadata := map[string]any{}
	for _, field := range []string{"labels", "annotations"} {
		was, _ := was[field].(map[string]any)
		is, _ := is[field].(map[string]any)
		metadata[field] = different(was, is)
	}
	return asPod(t, map[string]any{"metadata": metadata, "spec": spec})
}

// different are the fields that are not what they were.
func different(before, after map[string]any) map[string]any {
	fields := map[string]any{}
	for field, value := range after {
		if !reflect.DeepEqual(before[field], value) {
			fields[field] = value
		}
	}
	return fields
}

// app is a container that any namespace takes.
func app() map[string]any {
	return map[string]any{"name": "accepted-app", "image": "app", "securityContext": map[string]any{
		"runAsNonRoot": true, "allowPrivilegeEscalation": false,
		"capabilities":   map[string]any{"drop": []any{"ALL"}},
		"seccompProfile": map[string]any{"type": "RuntimeDefault"},
	}}
}

// ours are the items of a list that were not there before, by their names.
func ours(before, after map[string]any, field string) []any {
	var all []any
	items, _ := after[field].([]any)
	for _, item := range items {
		if fields, _ := item.(map[string]any); keyed(before[field], "name", name(fields)) == nil {
			all = append(all, item)
		}
	}
	return all
}

func name(fields map[string]any) string {
	name, _ := fields["name"].(string)
	return name
}

// volumes are those that we added, and empty ones in place of those of the app that
// our containers mount.
func volumes(before, after map[string]any, containers []any) []any {
	all := ours(before, after, "volumes")
	empty := map[string]bool{}
	for _, c := range containers {
		mounts, _ := c.(map[string]any)["volumeMounts"].([]any)
		for _, m := range mounts {
			if mount, _ := m.(map[string]any); keyed(all, "name", name(mount)) == nil {
				empty[name(mount)] = true
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(empty)) {
		all = append(all, map[string]any{"name": name, "emptyDir": map[string]any{}})
	}
	return all
}
