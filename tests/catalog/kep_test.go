package catalog_test

import (
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/kube-openapi/pkg/validation/spec"
	"k8s.io/kube-openapi/pkg/validation/strfmt"
	"k8s.io/kube-openapi/pkg/validation/validate"
	"sigs.k8s.io/kustomize/kyaml/fn/framework"
	"sigs.k8s.io/kustomize/kyaml/resid"
	"sigs.k8s.io/yaml"

	"github.com/krm-sidecars/krm-sidecars/functions"
	"github.com/krm-sidecars/krm-sidecars/pkg/catalog"
	"github.com/krm-sidecars/krm-sidecars/pkg/config"
	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
)

// TestG3_ValidatesAgainstTheKEP: the catalog in the repository, and the one that
// a release will have, under both names of the kind.
func TestG3_ValidatesAgainstTheKEP(t *testing.T) {
	kep := schemaOf(t, string(mustRead(t, "testdata/kep-2906.yaml")))
	for name, text := range map[string]string{
		"catalog.yaml": read(t, "catalog.yaml"), "of a release": print(t, released(t)),
		"by its other name": strings.Replace(read(t, "catalog.yaml"), "kind: Catalog\n", "kind: KRMFunctionCatalog\n", 1),
	} {
		t.Run(name, func(t *testing.T) {
			for _, err := range faults(kep, data(t, text)) {
				t.Error(err)
			}
			if _, err := catalog.ReadStrict(name, text); err != nil {
				t.Errorf("catalog check: %v", err)
			}
		})
	}
}

// slips are changes of the catalog that make it wrong.
var slips = map[string][2]string{
	"spec in body is required":                              {"\nspec:\n", "\nspek:\n"},
	"kind in body should be one of":                         {"kind: Catalog\n", "kind: Katalog\n"},
	"apiVersion in body should be one of":                   {"config.kubernetes.io/v1alpha1", "config.kubernetes.io/v1"},
	"publisher in body is required":                         {"    publisher: krm-sidecars\n", ""},
	"seller in body is a forbidden property":                {"    publisher: krm-sidecars\n", "    publisher: x\n    seller: krm-sidecars\n"},
	"license in body should be one of":                      {"license: Apache 2.0\n", "license: Apache-2.0\n"},
	"idempotent in body must be of type boolean":            {"idempotent: true\n", "idempotent: always\n"},
	"names.kind in body is required":                        {"      kind: AddLogSidecar\n", "      plural: logs\n"},
	"container.image in body is required":                   {"image: ghcr", "picture: ghcr"},
	"exec.platforms[0].os in body should be one of":         {"os: linux", "os: plan9"},
	"exec.platforms[0].sha256 in body is required":          {"tar.gz\n            sha256: ''\n", "tar.gz\n"},
	"usage in body must be of type uri":                     {"usage: https://github.com", "usage: ../github.com:x y"},
	"schema.openAPIV3Schema in body must be of type object": {"openAPIV3Schema:\n", "openAPIV3Schema: none\n      schemas:\n"},
}

// TestG3_TheKEPIsStrict: the schema that stands for the KEP sees what is wrong.
func TestG3_TheKEPIsStrict(t *testing.T) {
	kep := schemaOf(t, string(mustRead(t, "testdata/kep-2906.yaml")))
	good := read(t, "catalog.yaml")
	for want, change := range slips {
		bad := strings.Replace(good, change[0], change[1], 1)
		if bad == good {
			t.Errorf("catalog.yaml has no %q", change[0])
		}
		if err := errors.Join(faults(kep, data(t, bad))...); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q in place of %q gives %v, want %q", change[1], change[0], err, want)
		}
	}
}

// TestG3_EntriesAreDefinitions: each entry is a KRMFunctionDefinition to kyaml,
// whose schema is the one that the function has, and takes the example.
func TestG3_EntriesAreDefinitions(t *testing.T) {
	entries := data(t, read(t, "catalog.yaml"))["spec"].(map[string]any)["krmFunctions"].([]any)
	if len(entries) != len(functions.All()) {
		t.Fatalf("%d entries for %d functions", len(entries), len(functions.All()))
	}
	for i, f := range functions.All() {
		t.Run(f.Name, func(t *testing.T) { isDefinition(t, f, entries[i]) })
	}
}

func isDefinition(t *testing.T, f krm.Function, entry any) {
	t.Helper()
	definition, err := yaml.Marshal(map[string]any{
		"apiVersion": framework.FunctionDefinitionGroupVersion, "kind": framework.FunctionDefinitionKind,
		"metadata": map[string]any{"name": f.Name}, "spec": entry,
	})
	check(t, err)
	_, version, _ := strings.Cut(config.APIVersion, "/")
	got, err := framework.SchemaFromFunctionDefinition(resid.Gvk{Group: config.Group, Version: version, Kind: f.Kind}, string(definition))
	check(t, err)
	if d := cmp.Diff(plain(t, schemaOf(t, f.Schema)), plain(t, got)); d != "" {
		t.Errorf("the schema is not that of the function (-function +catalog):\n%s", d)
	}
	for _, err := range faults(got, data(t, f.Example)) {
		t.Errorf("the example: %v", err)
	}
	wrong := data(t, f.Example)
	wrong["spec"] = "none"
	if len(faults(got, wrong)) == 0 {
		t.Error("the schema takes a spec that is none")
	}
}

// plain is a schema as data.
func plain(t *testing.T, s *spec.Schema) map[string]any {
	t.Helper()
	raw, err := json.Marshal(s)
	check(t, err)
	return data(t, string(raw))
}

// schemaOf reads an OpenAPI schema, YAML or JSON.
func schemaOf(t *testing.T, text string) *spec.Schema {
	t.Helper()
	var s spec.Schema
	check(t, yaml.Unmarshal([]byte(text), &s))
	return &s
}

// faults returns what a schema does not like.
func faults(s *spec.Schema, value any) []error {
	return validate.NewSchemaValidator(s, nil, "", strfmt.Default).Validate(value).Errors
}

func mustRead(t *testing.T, file string) []byte {
	t.Helper()
	raw, err := os.ReadFile(file)
	check(t, err)
	return raw
}
