package meshannotation

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

// Function returns add-mesh-annotation.
func Function() krm.Function {
	return krm.Function{
		Name: "add-mesh-annotation", Kind: "AddMeshAnnotation",
		Short:  "Adds the labels and annotations that put pods into a service mesh.",
		Readme: readme, Example: example, Schema: schema, Metadata: metadata,
		New: func() krm.Spec { return &Config{} },
	}
}

// Injection returns the labels and annotations; or first, where those that are
// there are wrong, their repairs.
func (c *Config) Injection(v *pod.View, _ inject.Owner) (*inject.Injection, []pod.Finding) {
	if v.HostNetwork && c.compile().mesh.redirects && c.Inject == injectionEnabled {
		return nil, []pod.Finding{{Severity: pod.Info, Code: pod.HostNetwork, Field: v.Path.String(),
			Message: "uses the network of the node, where " + c.Mesh + " injects nothing"}}
	}
	s := newSurvey(c, v)
	if s.mistakes(); len(s.repairs) > 0 {
		return &inject.Injection{Repairs: s.repairs}, s.findings // and is asked again
	}
	s.checks()
	return &inject.Injection{Labels: s.want.words[label], Annotations: s.want.words[annotation], Elements: s.want.elements}, s.findings
}
