package injectsidecars

import (
	_ "embed"

	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
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

// Function returns inject-sidecars.
func Function() krm.Function {
	return krm.Function{
		Name: "inject-sidecars", Kind: "InjectSidecars",
		Short:  "Runs several functions in one pass.",
		Readme: readme, Example: example, Schema: schema, Metadata: metadata,
		New: func() krm.Spec { return &Config{} },
	}
}
