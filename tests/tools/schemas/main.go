// Command schemas writes what is known about functionConfigs: for each function
// the openAPIV3Schema that the binary holds, functions/<name>/schema.json, and
// the JSON schema that editors read, schemas/<Kind>.json. Both come from the Go
// types, their comments and their kubebuilder markers.
//
// It is a module of its own, since controller-tools brings far more modules along
// than the project needs. `make schemas` runs it.
package main

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
)

func main() {
	root := flag.String("root", ".", "the root of the repository")
	flag.Parse()
	if err := run(*root); err != nil {
		fmt.Fprintln(os.Stderr, "schemas:", err)
		os.Exit(1)
	}
}

func run(root string) error {
	functions, err := find(root)
	if err != nil {
		return err
	}
	if err := makeRoom(root, functions); err != nil {
		return err
	}
	files, err := generate(root, functions)
	if err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if err := os.WriteFile(filepath.Join(root, name), files[name], 0o644); err != nil {
			return err
		}
		fmt.Printf("%s %.1f KB\n", name, float64(len(files[name]))/1000)
	}
	return nil
}

// makeRoom makes the files that are missing: a package that embeds a file which
// is not there cannot be loaded.
func makeRoom(root string, functions []function) error {
	if err := os.MkdirAll(filepath.Join(root, "schemas"), 0o755); err != nil {
		return err
	}
	for _, f := range functions {
		file, err := os.OpenFile(filepath.Join(root, f.schema()), os.O_CREATE|os.O_RDONLY, 0o644)
		if err != nil {
			return err
		}
		if err := file.Close(); err != nil {
			return err
		}
	}
	return nil
}
