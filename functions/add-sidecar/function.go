package sidecar

import (
	_ "embed"
	"maps"

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

// Function returns add-sidecar.
func Function() krm.Function {
	return krm.Function{
		Name: "add-sidecar", Kind: "AddSidecar",
		Short:  "Adds any container, given as plain Kubernetes YAML.",
		Readme: readme, Example: example, Schema: schema, Metadata: metadata,
		New: func() krm.Spec { return &Config{} },
	}
}

// Injection returns the container, and what connects it with the app.
func (c *Config) Injection(v *pod.View, owner inject.Owner) (*inject.Injection, []pod.Finding) {
	p := &plan{config: c, view: v, owner: owner, container: c.Container.DeepCopy()}
	p.injection.Labels, p.injection.Annotations = maps.Clone(c.Labels), maps.Clone(c.Annotations)
	p.addVolumes()
	p.addFiles()
	p.addWritable()
	p.shareVolumes()
	p.checkVolumes()
	p.transferEnv()
	p.sizeResources()
	p.secure()
	p.finish()
	p.connectApp()
	p.judge()
	p.warnImage()
	return &p.injection, p.findings
}
