package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/kio"

	"github.com/krm-sidecars/krm-sidecars/functions"
	"github.com/krm-sidecars/krm-sidecars/pkg/cli"
)

// ours runs the product's whole command line on a file, with the config beside it.
func ours(input string) error {
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
	if code := cli.Main(context.Background(), functions.All(), args, in, io.Discard, &messages); code != 0 {
		return fmt.Errorf("exit %d: %s", code, messages.String())
	}
	return nil
}

// theirs reads and writes a file with kyaml and changes nothing.
func theirs(input string) error {
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
	return rw.Write(items)
}
