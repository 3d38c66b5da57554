package proxysidecar

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

// Function returns add-proxy-sidecar.
func Function() krm.Function {
	return krm.Function{
		Name: "add-proxy-sidecar", Kind: "AddProxySidecar",
		Short:  "Adds a proxy in front of an app, or between it and what it connects to.",
		Readme: readme, Example: example, Schema: schema, Metadata: metadata,
		New: func() krm.Spec { return &Config{} },
	}
}

// Injection returns the proxy, and what leads traffic through it.
func (c *Config) Injection(v *pod.View, owner inject.Owner) (*inject.Injection, []pod.Finding) {
	p := newPlan(c, v, owner)
	if len(v.Own()) == 0 {
		return &p.Injection, nil // there is nothing to stand before
	}
	for _, chosen := range c.chosen() {
		chosen.Block.add(p)
	}
	return &p.Injection, p.Findings
}
