package schema_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/krm-sidecars/krm-sidecars/pkg/schema"
)

// TestJSON: what becomes of each part of an openAPIV3Schema.
func TestJSON(t *testing.T) {
	const spec = `"properties":{"kind":{"type":"string","enum":["Thing"]},"metadata":{"type":"object"},"spec":`
	for name, c := range map[string]struct{ openAPI, want string }{
		"object": {
			`{"type":"object","description":"<a>","required":["a"],"properties":{"a":{"type":"string","default":"x"}}}`,
			`{"additionalProperties":false,"description":"<a>","properties":{"a":{"default":"x","type":"string"}},"required":["a"],"type":"object"}`,
		},
		"a field named as a keyword": {
			`{"type":"object","properties":{"items":{"type":"object","properties":{}},"x-kubernetes-a":{"type":"string"}}}`,
			`{"additionalProperties":false,"properties":{"items":{"additionalProperties":false,"properties":{},"type":"object"},"x-kubernetes-a":{"type":"string"}},"type":"object"}`,
		},
		"list":    {`{"type":"array","items":{"type":"object","properties":{}}}`, `{"items":{"additionalProperties":false,"properties":{},"type":"object"},"type":"array"}`},
		"map":     {`{"type":"object","additionalProperties":{"type":"string","enum":["a"]}}`, `{"additionalProperties":{"const":"a","type":"string"},"type":"object"}`},
		"free":    {`{"type":"object","x-kubernetes-preserve-unknown-fields":true}`, `{"type":"object"}`},
		"numbers": {`{"type":"integer","minimum":1,"maximum":65535}`, `{"maximum":65535,"minimum":1,"type":"integer"}`},
		"number or text": {
			`{"anyOf":[{"type":"integer"},{"type":"string"}],"x-kubernetes-int-or-string":true,"pattern":"^auto$"}`,
			`{"anyOf":[{"type":"integer"},{"type":"string"}],"pattern":"^auto$"}`,
		},
		"word or object": {
			`{"description":"where","anyOf":[{"enum":["first","last"]},{"maxLength":0}],"properties":{"a":{"type":"string"}},"minProperties":1,"x-kubernetes-preserve-unknown-fields":true}`,
			`{"anyOf":[{"enum":["first","last"]},{"additionalProperties":false,"minProperties":1,"properties":{"a":{"type":"string"}},"type":"object"}],"description":"where"}`,
		},
		"config in a config": {
			`{"type":"object","properties":{"kind":{"enum":["A","B"]},"spec":{"type":"object","x-kubernetes-preserve-unknown-fields":true}}}`,
			`{"additionalProperties":false,"allOf":[` +
				`{"if":{"properties":{"kind":{"const":"A"}}},"then":{"properties":{"spec":{"$ref":"A.json#/properties/spec"}}}},` +
				`{"if":{"properties":{"kind":{"const":"B"}}},"then":{"properties":{"spec":{"$ref":"B.json#/properties/spec"}}}}],` +
				`"properties":{"kind":{"enum":["A","B"]},"spec":{"type":"object"}},"type":"object"}`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			text, err := schema.JSON(`{"type":"object",` + spec + c.openAPI + `}}`)
			if err != nil {
				t.Fatal(err)
			}
			_, rest, _ := strings.Cut(compact(text), `"spec":`)
			got, _, _ := strings.Cut(rest, `},"title":"Thing"`)
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// compact drops what Indent adds.
func compact(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		b.WriteString(strings.Replace(strings.TrimSpace(line), `": `, `":`, 1))
	}
	return b.String()
}

func TestHead(t *testing.T) {
	text, err := schema.JSON(`{"type":"object","properties":{"kind":{"enum":["Thing"]}}}`)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`"$id":"https://raw.githubusercontent.com/krm-sidecars/krm-sidecars/main/schemas/Thing.json"`,
		`"$schema":"https://json-schema.org/draft/2020-12/schema"`, `"title":"Thing"`, `"kind":{"const":"Thing"}`, `"required":["name"]`,
	} {
		if !strings.Contains(compact(text), want) {
			t.Errorf("no %s in\n%s", want, text)
		}
	}
}

func TestErrors(t *testing.T) {
	for text, want := range map[string]string{
		"":                     "reading a schema: EOF; run make schemas",
		"{":                    "reading a schema: unexpected EOF; run make schemas",
		`{"properties":{}}`:    "reading a schema: properties.kind.enum names 0 kinds; run make schemas",
		`{"properties":"wow"}`: "reading a schema: properties.kind.enum names 0 kinds; run make schemas",
	} {
		if _, err := schema.JSON(text); err == nil || err.Error() != want {
			t.Errorf("JSON(%q): %v, want %s", text, err, want)
		}
	}
	if _, err := schema.Pretty("{"); err == nil {
		t.Error("Pretty takes half an object")
	}
}
