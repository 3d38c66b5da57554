// Package fnsdk offers every function as a processor of kpt's function SDK, for
// Go programs that compose pipelines with it. The shipped binary does not use
// it: the SDK's AsMain sorts the items and encodes all of them anew.
package fnsdk

import (
	"fmt"
	"strings"

	"github.com/GoogleContainerTools/kpt-functions-sdk/go/fn"

	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
)

// Processor returns f as a processor of the SDK. Items keep their order, results
// are appended to those that are there. Process returns false when an error is
// among the new results; the items are as they were then.
func Processor(f krm.Function) fn.ResourceListProcessor {
	return processor{f}
}

type processor struct{ function krm.Function }

// Process runs the function on rl.
func (p processor) Process(rl *fn.ResourceList) (bool, error) {
	text, report, err := krm.RunList([]krm.Function{p.function}, p.function.Name, listText(rl))
	if err != nil {
		return false, fmt.Errorf("running %s: %w", p.function.Name, err)
	}
	out, err := fn.ParseResourceList([]byte(text))
	if err != nil {
		return false, fmt.Errorf("reading what %s made: %w", p.function.Name, err)
	}
	rl.Items = out.Items
	rl.Results = append(rl.Results, out.Results...)
	return !report.Failed(), nil
}

// listText writes a ResourceList whose items keep their order, which the SDK's
// own ToYAML does not.
func listText(rl *fn.ResourceList) string {
	var b strings.Builder
	b.WriteString("apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:")
	if len(rl.Items) == 0 {
		b.WriteString(" []")
	}
	b.WriteString("\n")
	for _, item := range rl.Items {
		b.WriteString("- " + indented(item.String()) + "\n")
	}
	if rl.FunctionConfig != nil && !rl.FunctionConfig.IsEmpty() {
		b.WriteString("functionConfig:\n  " + indented(rl.FunctionConfig.String()) + "\n")
	}
	return b.String()
}

// indented moves all lines but the first two columns to the right.
func indented(text string) string {
	return strings.ReplaceAll(strings.TrimSuffix(text, "\n"), "\n", "\n  ")
}
