package accepted

import (
	"encoding/json"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"

	"github.com/krm-sidecars/krm-sidecars/pkg/edit"
	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
	"github.com/krm-sidecars/krm-sidecars/pkg/manifest"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
	"github.com/krm-sidecars/krm-sidecars/tests/box"
)

// objects reads a stream. What we can read and Kubernetes cannot has no fields.
func objects(t *testing.T, text string) []*object {
	t.Helper()
	table, err := pod.NewTable()
	box.Check(t, err)
	stream, err := manifest.Read("out.yaml", text)
	box.Check(t, err)
	var all []*object
	for _, o := range stream.Objects {
		read := &object{text: o.Alone()}
		if err := yaml.Unmarshal([]byte(read.text), &read.fields); err != nil {
			all = append(all, &object{text: read.text})
			continue
		}
		document, err := o.Document()
		box.Check(t, err)
		views, _ := table.Templates(pod.RefOf(document.Root), document, recorded(t, read)...)
		for _, view := range views {
			read.paths = append(read.paths, view.Path)
		}
		all = append(all, read)
	}
	return all
}

// recorded are the paths of templates that the records in an object's annotations
// name: a config may name others than the usual.
func recorded(t *testing.T, o *object) []edit.Path {
	t.Helper()
	annotations, _ := at(o.fields, edit.Fields("metadata", "annotations")).(map[string]any)
	var all []edit.Path
	for name, value := range annotations {
		text, _ := value.(string)
		var record inject.Record
		if !strings.HasPrefix(name, inject.Prefix) || json.Unmarshal([]byte(text), &record) != nil {
			continue // none, or one that an example leaves out
		}
		for where := range record.Templates {
			if where != "" {
				path, err := edit.ParsePath(where)
				box.Check(t, err)
				all = append(all, path)
			}
		}
	}
	return all
}
