package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	apiext "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/pruning"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/validation"

	"sigs.k8s.io/yaml"

	"github.com/krm-sidecars/krm-sidecars/functions"
	"github.com/krm-sidecars/krm-sidecars/pkg/config"
	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
	"github.com/krm-sidecars/krm-sidecars/pkg/yamlpatch"
)

// internal is a schema as API servers hold it.
func internal(t *testing.T, f krm.Function) *apiextensions.JSONSchemaProps {
	t.Helper()
	var props apiext.JSONSchemaProps
	var out apiextensions.JSONSchemaProps
	if err := json.Unmarshal([]byte(f.Schema), &props); err != nil {
		t.Fatal(err)
	}
	if err := apiext.Convert_v1_JSONSchemaProps_To_apiextensions_JSONSchemaProps(&props, &out, nil); err != nil {
		t.Fatal(err)
	}
	return &out
}

func structural(t *testing.T, f krm.Function) *schema.Structural {
	t.Helper()
	s, err := schema.NewStructural(internal(t, f))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestStructural: a CustomResourceDefinition may hold the schemas, defaults
// included.
func TestStructural(t *testing.T) {
	for _, f := range functions.All() {
		t.Run(f.Kind, func(t *testing.T) {
			s := structural(t, f)
			for _, err := range schema.ValidateStructural(nil, s) {
				t.Error(err)
			}
			errs, err := defaulting.ValidateDefaults(t.Context(), nil, s, true, true)
			if err != nil {
				t.Fatal(err)
			}
			for _, err := range errs {
				t.Error(err)
			}
		})
	}
}

// configs are the functionConfigs of the golden cases of a function, and its
// example.
func configs(t *testing.T, f krm.Function) []map[string]any {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(root, "functions", f.Name, "testdata/*.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	texts := []string{f.Example}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, part := range txtar.Parse(data).Files {
			texts = append(texts, strings.Split(string(part.Data), "\n---\n")...)
		}
	}
	var all []map[string]any
	for _, text := range texts {
		var o map[string]any
		if yaml.Unmarshal([]byte(text), &o) == nil && o["kind"] == f.Kind && o["apiVersion"] == apiVersion {
			all = append(all, o)
		}
	}
	return all
}

// TestServer: what an API server does with configs: it finds nothing wrong, and
// no unknown fields, and its defaults change nothing.
func TestServer(t *testing.T) {
	filled := 0
	for _, f := range functions.All() {
		t.Run(f.Kind, func(t *testing.T) {
			s := structural(t, f)
			v, _, err := validation.NewSchemaValidator(internal(t, f))
			if err != nil {
				t.Fatal(err)
			}
			for _, o := range configs(t, f) {
				plain, valid := meaning(t, f, o)
				if !valid {
					continue
				}
				if errs := validation.ValidateCustomResource(nil, o, v); len(errs) > 0 {
					t.Errorf("%v: %v", o, errs)
				}
				if unknown := prune(o, s); unknown != nil {
					t.Errorf("%v: unknown fields %v", o, unknown)
				}
				before := encoded(t, o)
				if defaulting.Default(o, s); encoded(t, o) != before {
					filled++
				}
				if full, _ := meaning(t, f, o); plain != full {
					t.Errorf("the defaults change what the config means:\n%s\n%s", plain, full)
				}
			}
		})
	}
	if filled < 100 {
		t.Errorf("defaults went into %d configs", filled)
	}
}

// TestServerRefuses: an API server finds what is wrong, and fields that are not
// there.
func TestServerRefuses(t *testing.T) {
	for _, f := range functions.All() {
		t.Run(f.Kind, func(t *testing.T) {
			o := configs(t, f)[0]
			v, _, err := validation.NewSchemaValidator(internal(t, f))
			if err != nil {
				t.Fatal(err)
			}
			o["spec"].(map[string]any)["target"] = map[string]any{"kinds": []any{"no kind"}}
			if errs := validation.ValidateCustomResource(nil, o, v); len(errs) != 1 || errs[0].Field != "spec.target.kinds[0]" {
				t.Errorf("validation: %v, want one error about spec.target.kinds[0]", errs)
			}
			o["spec"].(map[string]any)["target"] = map[string]any{"knids": []any{"Deployment"}}
			if unknown := prune(o, structural(t, f)); !slices.Equal(unknown, []string{"spec.target.knids"}) {
				t.Errorf("pruning: unknown fields %v, want spec.target.knids", unknown)
			}
		})
	}
}

func prune(o map[string]any, s *schema.Structural) []string {
	return pruning.PruneWithOptions(o, s, true, schema.UnknownFieldPathOptions{TrackUnknownFieldPaths: true})
}

// meaning is a config as the code reads it, with its own defaults; false where it
// is not valid.
func meaning(t *testing.T, f krm.Function, o map[string]any) (string, bool) {
	t.Helper()
	text := encoded(t, o)
	if _, err := krm.ReadConfigs(functions.All(), "config.yaml", text); err != nil {
		return "", false
	}
	doc, err := yamlpatch.Parse(text, 0)
	if err != nil {
		t.Fatal(err)
	}
	spec := f.New()
	if errs := config.Decode(doc, spec); errs != nil {
		t.Fatal(errs)
	}
	spec.Default()
	return encoded(t, spec), true
}

func encoded(t *testing.T, x any) string {
	t.Helper()
	data, err := json.Marshal(x)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
