// Command demo shows the main job in one run, without any other tool: a log
// sidecar is added to an nginx Deployment, and taken away again.
package main

import (
	"bytes"
	"context"
	"embed"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/krm-sidecars/krm-sidecars/functions"
	"github.com/krm-sidecars/krm-sidecars/pkg/cli"
)

//go:embed deployment.yaml config.yaml
var files embed.FS

func main() {
	if err := demo(os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "demo:", err)
		os.Exit(1)
	}
}

func demo(out io.Writer) error {
	dir, err := os.MkdirTemp("", "krm-sidecars-demo-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if err := os.CopyFS(dir, files); err != nil {
		return err
	}
	if err := os.Chdir(dir); err != nil {
		return err
	}
	for _, step := range []struct{ why, args string }{
		{"The functionConfig:", ""},
		{"What it does to an nginx Deployment:", "inject -c config.yaml --diff --write deployment.yaml"},
		{"Once more, which changes nothing:", "inject -c config.yaml --diff --write deployment.yaml"},
		{"And away again:", "remove --all --write deployment.yaml"},
	} {
		fmt.Fprintf(out, "\n== %s\n\n", step.why)
		if err := show(out, step.args); err != nil {
			return err
		}
	}
	if err := restored(dir); err != nil {
		return err
	}
	_, err = io.WriteString(out, "\nThe file is what it was, byte for byte.\n\n"+next)
	return err
}

const next = `Where to look next:
  README.md                             the same through kustomize, kpt, Helm 3 and Helm 4
  examples/add-log-sidecar/             runnable examples
  functions/add-log-sidecar/README.md   everything the function can do
  make test                             the tests that hold the promises
`

// show runs a command and prints what a person would see.
func show(out io.Writer, args string) error {
	if args == "" {
		raw, err := files.ReadFile("config.yaml")
		if err == nil {
			_, err = out.Write(raw)
		}
		return err
	}
	fmt.Fprintln(out, "$ krm-sidecars "+args)
	var stdout, stderr bytes.Buffer
	argv := append([]string{"krm-sidecars"}, strings.Fields(args)...)
	code := cli.Main(context.Background(), functions.All(), argv, strings.NewReader(""), &stdout, &stderr)
	fmt.Fprintf(out, "%s%s", &stdout, &stderr)
	if code != 0 {
		return fmt.Errorf("krm-sidecars %s: exit code %d", args, code)
	}
	return nil
}

// restored makes sure that the demo's closing words are true.
func restored(dir string) error {
	want, err := files.ReadFile("deployment.yaml")
	if err != nil {
		return err
	}
	got, err := os.ReadFile(filepath.Join(dir, "deployment.yaml"))
	if err == nil && !bytes.Equal(got, want) {
		err = fmt.Errorf("the file was not restored")
	}
	return err
}
