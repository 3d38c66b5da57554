// Package catalog_test holds catalog.yaml and what kpt's catalog of functions
// reads: that they are as their formats want them, and that what they name
// exists.
package catalog_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"

	"github.com/krm-sidecars/krm-sidecars/functions"
	"github.com/krm-sidecars/krm-sidecars/pkg/catalog"
)

// root is the folder of the repository.
const root = "../.."

var update = flag.Bool("update", false, "write catalog.yaml and the files metadata.yaml anew")

// TestG3_FileIsWhatTheProgramPrints: make catalog has been run.
func TestG3_FileIsWhatTheProgramPrints(t *testing.T) {
	sameFile(t, "catalog.yaml", print(t, catalog.Release{Version: catalog.Current}))
}

// print returns the catalog that the program prints for a release.
func print(t *testing.T, r catalog.Release) string {
	t.Helper()
	text, err := made(t, r).YAML()
	check(t, err)
	return text
}

func made(t *testing.T, r catalog.Release) *catalog.Catalog {
	t.Helper()
	c, err := catalog.Of(functions.All(), r)
	check(t, err)
	return c
}

// sameFile compares a file of the repository with what it should be.
func sameFile(t *testing.T, name, want string) {
	t.Helper()
	if *update {
		check(t, os.WriteFile(filepath.Join(root, name), []byte(want), 0o644))
	}
	got, err := os.ReadFile(filepath.Join(root, name))
	if err != nil || string(got) != want {
		t.Errorf("%s is out of date; run make catalog (%v)", name, err)
	}
}

func read(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(root, name))
	check(t, err)
	return string(data)
}

// data reads a text with the YAML library that most tools read it with.
func data(t *testing.T, text string) map[string]any {
	t.Helper()
	var all map[string]any
	check(t, yaml.UnmarshalStrict([]byte(text), &all))
	return all
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// released are sums as a release has them.
func released(t *testing.T) catalog.Release {
	t.Helper()
	r := catalog.Release{Version: catalog.Current, Images: catalog.Sums{}, Archives: catalog.Sums{}}
	for _, f := range made(t, catalog.Release{Version: catalog.Current}).Spec.Functions {
		runtime := f.Versions[0].Runtime
		r.Images[runtime.Container.Image] = strings.Repeat("1", 64)
		for _, p := range runtime.Exec.Platforms {
			r.Archives[filepath.Base(p.URI)] = strings.Repeat("2", 64)
		}
	}
	return r
}
