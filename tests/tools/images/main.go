// Command images builds the container images as a Dockerfile says, to the same
// digest each time: without a container engine, without a registry, and for
// several architectures.
//
//	images build [flags]    reads the stage "prebuilt", writes the images
//	images push [flags]     sends them to a registry
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

// options are the flags.
type options struct {
	root, dockerfile, out    string
	registry, name, version  string
	revision, arch, listFile string
	created                  time.Time
}

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "images:", err)
		os.Exit(1)
	}
}

func run(args []string, out io.Writer) error {
	commands := map[string]func(*options, io.Writer) error{"build": (*options).buildAll, "push": (*options).push}
	if len(args) == 0 || commands[args[0]] == nil {
		return errors.New("usage: images build|push [flags]")
	}
	o, err := parse(args)
	if err != nil {
		return err
	}
	return commands[args[0]](o, out)
}

func parse(args []string) (*options, error) {
	o := &options{}
	flags := flag.NewFlagSet("images "+args[0], flag.ContinueOnError)
	flags.StringVar(&o.root, "root", ".", "folder that the Dockerfile copies from")
	flags.StringVar(&o.dockerfile, "dockerfile", "Dockerfile", "the Dockerfile, below the root")
	flags.StringVar(&o.out, "out", filepath.Join("dist", "images"), "folder of the images")
	flags.StringVar(&o.registry, "registry", "ghcr.io/krm-sidecars", "first part of the images' names")
	flags.StringVar(&o.name, "name", "krm-sidecars", "name of the image")
	flags.StringVar(&o.version, "version", "devel", "tag of the images")
	flags.StringVar(&o.revision, "revision", "unknown", "commit that the binary was built from")
	flags.StringVar(&o.arch, "arch", "amd64,arm64", "architectures")
	flags.StringVar(&o.listFile, "functions", "", "what `krm-sidecars list` printed; each function gets an image of its own")
	if err := flags.Parse(args[1:]); err != nil {
		return nil, err
	}
	epoch, err := strconv.ParseInt(os.Getenv("SOURCE_DATE_EPOCH"), 10, 64)
	if err != nil && os.Getenv("SOURCE_DATE_EPOCH") != "" {
		return nil, fmt.Errorf("SOURCE_DATE_EPOCH: %w", err)
	}
	o.created = time.Unix(epoch, 0).UTC()
	return o, nil
}

// buildAll builds the image, and those of the functions.
func (o *options) buildAll(out io.Writer) error {
	all, err := o.build()
	if err != nil {
		return err
	}
	images := []*image{all}
	if o.listFile != "" {
		own, err := o.ofFunctions(all)
		if err != nil {
			return err
		}
		images = append(images, own...)
	}
	if err := o.store(images); err != nil {
		return err
	}
	return all.printSizes(out)
}

func (o *options) ofFunctions(all *image) ([]*image, error) {
	list, err := os.ReadFile(o.listFile)
	if err != nil {
		return nil, err
	}
	found, err := functions(string(list))
	if err != nil {
		return nil, err
	}
	var images []*image
	for _, f := range found {
		own, err := all.forFunction(f)
		if err != nil {
			return nil, err
		}
		images = append(images, own)
	}
	return images, nil
}
