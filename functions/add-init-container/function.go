package initcontainer

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

// Function returns add-init-container.
func Function() krm.Function {
	return krm.Function{
		Name: "add-init-container", Kind: "AddInitContainer",
		Short:  "Prepares what an app needs before it starts.",
		Readme: readme, Example: example, Schema: schema, Metadata: metadata,
		New: func() krm.Spec { return &Config{} },
	}
}

// Injection returns the init container of the config's pattern, and what belongs
// to it.
func (c *Config) Injection(v *pod.View, owner inject.Owner) (*inject.Injection, []pod.Finding) {
	chosen := c.chosen()[0].Block
	p := newPlan(c, v, owner, chosen.name)
	if len(v.Own()) > 0 {
		chosen.add(p)
	}
	p.addConfigMap()
	return &p.Injection, p.Findings
}
