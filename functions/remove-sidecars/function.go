package removesidecars

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

// Function returns remove-sidecars.
func Function() krm.Function {
	return krm.Function{
		Name: "remove-sidecars", Kind: "RemoveSidecars",
		Short:  "Takes away what functions added, and restores what was there before.",
		Readme: readme, Example: example, Schema: schema, Metadata: metadata,
		New: func() krm.Spec { return &Config{} },
	}
}
