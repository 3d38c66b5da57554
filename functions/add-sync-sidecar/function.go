package syncsidecar

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

// Function returns add-sync-sidecar.
func Function() krm.Function {
	return krm.Function{
		Name: "add-sync-sidecar", Kind: "AddSyncSidecar",
		Short:  "Keeps files of a pod in step with a git repository, a bucket or the cluster.",
		Readme: readme, Example: example, Schema: schema, Metadata: metadata,
		New: func() krm.Spec { return &Config{} },
	}
}

// Injection returns the sidecar, and what the app needs to see its files.
func (c *Config) Injection(v *pod.View, owner inject.Owner) (*inject.Injection, []pod.Finding) {
	p := newPlan(c, v, owner)
	if len(v.Own()) == 0 {
		return &p.Injection, nil // there is nobody to read them
	}
	for _, chosen := range c.chosen() {
		chosen.Block.add(p)
	}
	return &p.Injection, p.Findings
}
