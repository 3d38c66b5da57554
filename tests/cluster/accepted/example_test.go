package accepted

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/krm-sidecars/krm-sidecars/pkg/edit"
	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
	"github.com/krm-sidecars/krm-sidecars/tests/box"
	"github.com/krm-sidecars/krm-sidecars/tests/cluster/kube"
)

// examples are what the examples expect, whole or as a difference. They leave the
// records out, so what was there before is read from the sources.
func examples(t *testing.T) map[string]output {
	t.Helper()
	all := map[string]output{}
	for _, file := range files(t, filepath.Join(kube.Root(), "examples")) {
		name := below("examples", file)
		switch filepath.Base(file) {
		case "expected.yaml":
			all[name] = rendered(t, file)
		case "expected.diff":
			if !removes(t, file) {
				all[name] = patched(t, file)
			}
		}
	}
	return all
}

// removes reports whether a difference takes a record away: it is shortened there,
// so that nothing can be done with it. What it leaves is the app.
func removes(t *testing.T, diff string) bool {
	t.Helper()
	text, err := os.ReadFile(diff)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Contains(string(text), "\n-    krm-sidecars.dev/")
}

// patched applies the difference that an example expects to its files.
func patched(t *testing.T, diff string) output {
	t.Helper()
	b := box.New(t, filepath.Dir(diff), []string{"PATH=" + os.Getenv("PATH")})
	before := objects(t, joined(b.Tree()))
	b.OK("git", "apply", filepath.Base(diff))
	return output{before: before, after: objects(t, joined(b.Tree()))}
}

func joined(tree map[string]string) string {
	var texts []string
	for _, name := range slices.Sorted(maps.Keys(tree)) {
		if filepath.Ext(name) == ".yaml" {
			texts = append(texts, tree[name])
		}
	}
	return strings.Join(texts, "\n---\n")
}

// named finds the names in a source.
var named = regexp.MustCompile(`(?m)\bname: ([a-z0-9-]+)`)

// rendered is what a host makes of an example. Of its containers and volumes, those
// are the app's whose names are in the sources.
func rendered(t *testing.T, file string) output {
	t.Helper()
	known := map[string]bool{}
	for _, source := range files(t, filepath.Dir(file)) {
		if filepath.Base(source) != "expected.yaml" {
			for _, m := range named.FindAllStringSubmatch(read(t, source), -1) {
				known[m[1]] = true
			}
		}
	}
	out := output{after: objects(t, read(t, file))}
	for _, o := range out.after {
		annotations, _ := at(o.fields, edit.Fields("metadata", "annotations")).(map[string]any)
		if annotations[inject.GeneratedBy] == nil {
			out.before = append(out.before, o.without(t, known))
		}
	}
	return out
}

// without is an object without the containers and volumes whose names are not known.
func (o *object) without(t *testing.T, known map[string]bool) *object {
	t.Helper()
	text, err := json.Marshal(o.fields)
	box.Check(t, err)
	before := &object{paths: o.paths}
	box.Check(t, json.Unmarshal(text, &before.fields))
	for _, path := range o.paths {
		spec, _ := at(before.fields, path.With(edit.Name("spec"))).(map[string]any)
		for _, list := range []string{"initContainers", "containers", "volumes"} {
			items, _ := spec[list].([]any)
			spec[list] = slices.DeleteFunc(items, func(item any) bool {
				fields, _ := item.(map[string]any)
				return !known[name(fields)]
			})
		}
	}
	text, err = json.Marshal(before.fields)
	box.Check(t, err)
	before.text = string(text)
	return before
}
