// Command krm-sidecars adds sidecars to Kubernetes manifests, offline.
package main

import (
	"context"
	"os"

	"github.com/krm-sidecars/krm-sidecars/functions"
	"github.com/krm-sidecars/krm-sidecars/pkg/cli"
)

func main() {
	os.Exit(cli.Main(context.Background(), functions.All(), os.Args, os.Stdin, os.Stdout, os.Stderr))
}
