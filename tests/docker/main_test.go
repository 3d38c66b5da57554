//go:build docker

// Package docker runs the images, alone and in the hosts that run containers.
// Test names carry the numbers of the host contract: I holds for images, K for
// kustomize, P for kpt and Porch, G for Argo CD.
package docker

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// Names of images.
const (
	registry = "ghcr.io/krm-sidecars/"
	allInOne = "krm-sidecars"
	argocd   = "argocd-cmp"
)

// root is the folder of the repository, absolute.
var root string

// version is the tag of the images, program the binary that is in them.
var version, program string

// refs are the references of the images, by name.
var refs = map[string]string{}

// list are the functions, as `krm-sidecars list` tells them.
var list []function

type function struct{ name, kind, description string }

func TestMain(m *testing.M) {
	os.Exit(runAll(m))
}

func runAll(m *testing.M) int {
	if out, err := exec.Command("docker", "version").CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "tests/docker: no Docker engine answers; tests/docker/engine.sh start starts one\n%s\n", out)
		return 1
	}
	if err := errors.Join(findImages(), loadImages()); err != nil {
		fmt.Fprintln(os.Stderr, "tests/docker:", err)
		return 1
	}
	return m.Run()
}

// findImages reads what tests/tools/images/build.sh wrote.
func findImages() error {
	var err error
	if root, err = filepath.Abs("../.."); err != nil {
		return err
	}
	program = filepath.Join(root, "dist", "linux-"+runtime.GOARCH, allInOne)
	for _, folder := range []string{"images", argocd} {
		digests, err := os.ReadFile(filepath.Join(root, "dist", folder, "digests.txt"))
		if err != nil {
			return fmt.Errorf("%w: `make e2e-docker` builds the images first", err)
		}
		for line := range strings.Lines(string(digests)) {
			ref, _, _ := strings.Cut(line, " ")
			name, tag, _ := strings.Cut(strings.TrimPrefix(ref, registry), ":")
			refs[name], version = ref, tag
		}
	}
	told, err := exec.Command(program, "list").Output()
	if err != nil {
		return err
	}
	for line := range strings.Lines(string(told)) {
		f := strings.Fields(line)
		list = append(list, function{f[0], f[1], strings.Join(f[2:], " ")})
	}
	return nil
}

func loadImages() error {
	for _, folder := range []string{"images", argocd} {
		if out, err := exec.Command("docker", "load", "--input", archive(folder, runtime.GOARCH)).CombinedOutput(); err != nil {
			return fmt.Errorf("docker load: %w\n%s", err, out)
		}
	}
	return nil
}

// archive is the file that holds the images of a folder for an architecture.
func archive(folder, arch string) string {
	return filepath.Join(root, "dist", folder, "linux-"+arch+".tar")
}
