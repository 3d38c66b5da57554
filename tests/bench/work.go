package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/kio"
	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/krm-sidecars/krm-sidecars/functions"
	"github.com/krm-sidecars/krm-sidecars/pkg/cli"
)

// ours runs the product's whole command line on a file, with the config beside it.
func ours(input string, out io.Writer) error {
	in, err := os.Open(input)
	if err != nil {
		return err
	}
	defer in.Close()
	args := []string{"krm-sidecars", "post-render", "-c", configFile(input)}
	head := make([]byte, 40)
	if n, _ := in.ReadAt(head, 0); strings.HasPrefix(string(head[:n]), "apiVersion: config.kubernetes.io/v1\n") {
		args = args[:1]
	}
	var messages strings.Builder
	if code := cli.Main(context.Background(), functions.All(), args, in, out, &messages); code != 0 {
		return fmt.Errorf("exit %d: %s", code, messages.String())
	}
	return nil
}

// theirs reads a file with kyaml, and writes it as it is or, if there are items,
// writes those.
func theirs(input string, instead []*yaml.RNode) error {
	in, err := os.Open(input)
	if err != nil {
		return err
	}
	defer in.Close()
	rw := &kio.ByteReadWriter{Reader: in, Writer: io.Discard, KeepReaderAnnotations: true}
	items, err := rw.Read()
	if err != nil {
		return err
	}
	if instead != nil {
		items = instead
	}
	return rw.Write(items)
}
