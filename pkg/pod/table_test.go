package pod

import (
	"strings"
	"testing"

	"github.com/krm-sidecars/krm-sidecars/pkg/edit"
	"github.com/krm-sidecars/krm-sidecars/pkg/yamlpatch"
)

// document writes an object of a kind with a pod template at a path.
func document(t *testing.T, group, kind, path string) *yamlpatch.Doc {
	t.Helper()
	template := edit.Obj(edit.Field{Name: "spec", Value: edit.Obj(edit.Field{Name: "containers", Value: edit.Seq(
		edit.Obj(edit.Field{Name: "name", Value: edit.Str("app")}))})})
	if path != "." {
		steps, err := edit.ParsePath(path)
		if err != nil {
			t.Fatal(err)
		}
		for i := len(steps) - 1; i >= 0; i-- {
			switch steps[i].Kind {
			case edit.AnyItem:
				template = edit.Seq(template)
			case edit.AnyName:
				template = edit.Obj(edit.Field{Name: "any", Value: template})
			default:
				template = edit.Obj(edit.Field{Name: steps[i].Name, Value: template})
			}
		}
	}
	template.Fields = append(template.Fields, edit.Field{Name: "apiVersion", Value: edit.Str(strings.TrimPrefix(group+"/v1", "/"))},
		edit.Field{Name: "kind", Value: edit.Str(kind)})
	text, err := yamlpatch.Render(template)
	if err != nil {
		t.Fatal(err)
	}
	d, err := yamlpatch.Parse(text, 0)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TestTable finds a template at every path of every kind, and none in an object
// of the same kind and another group.
func TestTable(t *testing.T) {
	table, err := NewTable()
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range locations() {
		for _, path := range l.Paths {
			d := document(t, l.Group, l.Kind, path)
			views, why := table.Templates(RefOf(d.Root), d)
			if len(views) != 1 || len(views[0].Containers) != 1 || views[0].PlainOnly != l.PlainOnly {
				t.Errorf("%s %s: no template at %s: %+v", l.Group, l.Kind, path, why)
			}
			if !table.Holds(RefOf(d.Root).APIVersion, l.Kind) || table.Holds("example.org/v1", l.Kind) {
				t.Errorf("%s %s: the group is not checked", l.Group, l.Kind)
			}
		}
	}
}

func TestClosed(t *testing.T) {
	table, err := NewTable()
	if err != nil {
		t.Fatal(err)
	}
	if why := table.Closed("argoproj.io/v1alpha1", "Workflow"); !strings.Contains(why, "spec.templates[].sidecars") {
		t.Errorf("Closed(Workflow) = %q", why)
	}
	for _, kind := range []string{"Work", "Deployment", ""} {
		if why := table.Closed("argoproj.io/v1alpha1", kind); why != "" {
			t.Errorf("Closed(%q) = %q", kind, why)
		}
	}
}

func TestItemsAreNamed(t *testing.T) {
	table, err := NewTable(Location{Group: "example.com", Kind: "Worker", Paths: []string{"spec.workers[*].template"}})
	if err != nil {
		t.Fatal(err)
	}
	d, err := yamlpatch.Parse("apiVersion: example.com/v1\nkind: Worker\nspec:\n  workers:\n  - name: a\n    template: {spec: {}}\n  - name: b\n    template: {spec: {}}\n", 0)
	if err != nil {
		t.Fatal(err)
	}
	views, _ := table.Templates(RefOf(d.Root), d)
	if len(views) != 2 || views[1].Path.String() != "spec.workers[name=b].template" {
		t.Errorf("Templates() = %+v", views)
	}
}
