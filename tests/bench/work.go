package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/kio"

	"github.com/krm-sidecars/krm-sidecars/functions"
	"github.com/krm-sidecars/krm-sidecars/pkg/cli"
)

// ours runs the product's whole command line on src.
func ours(src string) error {
	dir, err := os.MkdirTemp("", "bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "config.yaml")
	if err := os.WriteFile(file, []byte(config), 0o600); err != nil {
		return err
	}
	args := []string{"krm-sidecars", "post-render", "-c", file}
	if strings.HasPrefix(src, "apiVersion: config.kubernetes.io/v1\n") {
		args = args[:1]
	}
	var messages strings.Builder
	if code := cli.Main(context.Background(), functions.All(), args, strings.NewReader(src), io.Discard, &messages); code != 0 {
		return fmt.Errorf("exit %d: %s", code, messages.String())
	}
	return nil
}

// theirs reads and writes src with kyaml and changes nothing.
func theirs(src string) error {
	out := &bytes.Buffer{}
	rw := &kio.ByteReadWriter{Reader: strings.NewReader(src), Writer: out, KeepReaderAnnotations: true}
	items, err := rw.Read()
	if err != nil {
		return err
	}
	return rw.Write(items)
}
