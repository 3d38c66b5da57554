package schemas_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/krm-sidecars/krm-sidecars/functions"
	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
	"github.com/krm-sidecars/krm-sidecars/pkg/schema"
)

// node is a part of a schema.
type node map[string]any

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// openAPI returns the openAPIV3Schema of a function.
func openAPI(t *testing.T, f krm.Function) node {
	t.Helper()
	var s node
	check(t, json.Unmarshal([]byte(f.Schema), &s))
	return s
}

// spec is the part of a schema that is about the spec.
func spec(t *testing.T, f krm.Function) node {
	t.Helper()
	s := openAPI(t, f).properties()["spec"]
	if s == nil {
		t.Fatalf("the schema of %s has no spec; run make schemas", f.Name)
	}
	return s
}

func (n node) of(key string) node {
	s, _ := n[key].(map[string]any)
	return s
}

func (n node) list(key string) []any {
	all, _ := n[key].([]any)
	return all
}

// number is what a keyword holds; false where it is absent.
func (n node) number(key string) (int, bool) {
	x, ok := n[key].(float64)
	return int(x), ok
}

func (n node) properties() map[string]node {
	all := map[string]node{}
	for name, p := range n.of("properties") {
		all[name] = p.(map[string]any)
	}
	return all
}

// wordy reports whether a value may also be written as a word.
func (n node) wordy() bool { return n["type"] == nil && n["properties"] != nil }

// compile makes a validator of the JSON schema of a function.
func compile(t *testing.T, f krm.Function) *jsonschema.Schema {
	t.Helper()
	c, ids := jsonschema.NewCompiler(), map[string]string{}
	for _, g := range functions.All() { // that of a composite refers to others
		text, err := schema.JSON(g.Schema)
		check(t, err)
		doc, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
		check(t, err)
		ids[g.Kind] = doc.(map[string]any)["$id"].(string)
		check(t, c.AddResource(ids[g.Kind], doc))
	}
	s, err := c.Compile(ids[f.Kind])
	check(t, err)
	return s
}

// clone copies plain data.
func clone(t *testing.T, x any) any {
	t.Helper()
	data, err := json.Marshal(x)
	check(t, err)
	var out any
	check(t, json.Unmarshal(data, &out))
	return out
}
