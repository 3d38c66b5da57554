package exporter

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

// Function returns add-exporter.
func Function() krm.Function {
	return krm.Function{
		Name: "add-exporter", Kind: "AddExporter",
		Short:  "Adds a Prometheus exporter, and tells Prometheus where it is.",
		Readme: readme, Example: example, Schema: schema, Metadata: metadata,
		New: func() krm.Spec { return &Config{} },
	}
}

// Injection returns the exporter, what makes the app serve its status, and what
// makes Prometheus find the metrics.
func (c *Config) Injection(v *pod.View, owner inject.Owner) (*inject.Injection, []pod.Finding) {
	p := newPlan(c, v, owner)
	if len(v.Own()) == 0 {
		return &p.injection, nil // nothing to watch
	}
	p.expose()
	p.configure()
	switch {
	case p.preset.agent:
		p.runAgent()
	case p.preset.native:
		p.declarePort()
	default:
		p.runExporter()
	}
	p.discover()
	p.passMesh()
	p.warnHost()
	p.addConfigMap()
	return &p.injection, p.findings
}
