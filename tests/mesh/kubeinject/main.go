// Command kubeinject stands for istioctl kube-inject, which asks a cluster for its
// templates: it runs the same code of Istio on a file, with the templates of
// Istio's chart.
package main

import (
	"fmt"
	"os"

	"github.com/krm-sidecars/krm-sidecars/tests/mesh/istio"
)

func main() {
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "kubeinject:", err)
		os.Exit(1)
	}
}

func run(file string) error {
	stop := make(chan struct{})
	defer close(stop)
	cluster, err := istio.Install(stop, "v1.36.0", "")
	if err != nil {
		return err
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	out, err := cluster.Manifests(string(text))
	if err != nil {
		return err
	}
	_, err = os.Stdout.WriteString(out)
	return err
}
