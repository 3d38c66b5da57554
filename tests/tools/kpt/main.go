// Command kpt is kpt's own `fn` command tree. Upstream's main also links the
// `live` and `alpha` trees, whose modules the proxy does not serve.
package main

import (
	"context"
	"os"

	"github.com/kptdev/kpt/commands/fn"
	"github.com/kptdev/kpt/pkg/printer"
	"github.com/spf13/cobra"
)

func main() {
	ctx := printer.WithContext(context.Background(), printer.New(os.Stdout, os.Stderr))
	root := &cobra.Command{
		Use:          "kpt",
		Version:      "v1.0.0-beta.59",
		SilenceUsage: true,
	}
	root.PersistentFlags().BoolVar(&printer.TruncateOutput, "truncate-output", true,
		"Enable the truncation for output")
	root.AddCommand(fn.GetCommand(ctx, "kpt"))
	if root.ExecuteContext(ctx) != nil {
		os.Exit(1)
	}
}
