package main

import (
	"fmt"
	"os"
	"path/filepath"

	"sigs.k8s.io/yaml"
)

// function is a folder with a config.
type function struct {
	name string // add-log-sidecar
	kind string // AddLogSidecar
}

func (f function) schema() string { return "functions/" + f.name + "/schema.json" }
func (f function) editor() string { return "schemas/" + f.kind + ".json" }

// find lists the functions. The kind is that of the example, so that a function
// can be described before it is registered, or builds.
func find(root string) ([]function, error) {
	examples, err := filepath.Glob(filepath.Join(root, "functions/*/example.yaml"))
	if err != nil {
		return nil, err
	}
	if len(examples) == 0 {
		return nil, fmt.Errorf("finding functions below %s: no functions/*/example.yaml; name the repository with -root", root)
	}
	var all []function
	for _, example := range examples {
		data, err := os.ReadFile(example)
		if err != nil {
			return nil, err
		}
		var header struct{ Kind string }
		if err := yaml.Unmarshal(data, &header); err != nil || header.Kind == "" {
			return nil, fmt.Errorf("reading the kind of %s: it has none: %w", example, err)
		}
		all = append(all, function{name: filepath.Base(filepath.Dir(example)), kind: header.Kind})
	}
	return all, nil
}
