package lint

import (
	_ "embed"

	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

var (
	//go:embed README.md
	readme string
	//go:embed example.yaml
	example string
	//go:embed schema.json
	schema string
	//go:embed metadata.yaml
	metadata string
)

// Function returns lint-sidecars, with what finds mistakes in the words of meshes.
func Function(mistakes MeshMistakes) krm.Function {
	return krm.Function{
		Name: "lint-sidecars", Kind: "LintSidecars",
		Short:  "Tells what is wrong with sidecars and init containers, whoever wrote them.",
		Readme: readme, Example: example, Schema: schema, Metadata: metadata,
		New: func() krm.Spec { return &Config{meshMistakes: mistakes} },
	}
}

// Injection checks the rules. It adds nothing; with fix, it corrects.
func (c *Config) Injection(v *pod.View, _ inject.Owner) (*inject.Injection, []pod.Finding) {
	s := newSubject(c, v)
	s.ignores = s.annotated()
	for _, s.rule = range c.active {
		s.rule.check(s)
	}
	return &inject.Injection{Repairs: s.repairs}, s.findings
}
