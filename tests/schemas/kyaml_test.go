package schemas_test

import (
	"encoding/json"
	"strings"
	"testing"

	openapi "k8s.io/kube-openapi/pkg/validation/spec"
	"sigs.k8s.io/kustomize/kyaml/fn/framework"
	"sigs.k8s.io/kustomize/kyaml/resid"
	kyaml "sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/krm-sidecars/krm-sidecars/functions"
	"github.com/krm-sidecars/krm-sidecars/pkg/config"
)

// api is how a function of kyaml's framework says what its config looks like.
type api struct {
	Spec   any `json:"spec" yaml:"spec"`
	schema *openapi.Schema
}

// Schema makes the framework check the config.
func (a *api) Schema() (*openapi.Schema, error) { return a.schema, nil }

// TestSchemaFromFunctionDefinition: kyaml finds the schema in a definition of the
// function, on which catalogs rely (G3), and judges configs by it.
func TestSchemaFromFunctionDefinition(t *testing.T) {
	for _, f := range functions.All() {
		t.Run(f.Kind, func(t *testing.T) {
			group, version, _ := strings.Cut(config.APIVersion, "/")
			s, err := framework.SchemaFromFunctionDefinition(resid.NewGvk(group, version, f.Kind), `
apiVersion: config.kubernetes.io/v1alpha1
kind: KRMFunctionDefinition
metadata: {name: some}
spec:
  group: `+group+`
  names: {kind: `+f.Kind+`}
  versions:
  - name: `+version+`
    schema: {openAPIV3Schema: `+f.Schema+`}`)
			check(t, err)
			load := func(spec any) error {
				text, err := json.Marshal(whole(f, spec))
				check(t, err)
				return framework.LoadFunctionConfig(kyaml.MustParse(string(text)), &api{schema: s})
			}
			for _, good := range specs(t, f) {
				if err := load(good); err != nil {
					t.Errorf("%v: %v", good, err)
				}
				for field, wrong := range map[string]any{"injectAs": "bogus", "target": []any{}, "imagePullSecrets": "bogus", "kubernetesVersion": "latest"} {
					if !strings.Contains(f.Schema, `"`+field+`":{`) {
						continue
					}
					bad := place{path: []string{field}}.with(clone(t, good), wrong)
					if err := load(bad); err == nil {
						t.Errorf("spec.%s: %v is taken", field, wrong)
					}
				}
			}
		})
	}
}
