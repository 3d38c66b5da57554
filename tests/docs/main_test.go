// Package docs_test keeps the documents true: it runs the shell blocks of the
// README, the manuals and the examples against a freshly built binary, compares
// what they quote with what really comes out, reads the configs they show, and
// follows their links.
//
// How a document says what is to be done with a block: see directive.
package docs_test

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/krm-sidecars/krm-sidecars/functions"
)

// root is the folder of the repository.
const root = "../.."

var update = flag.Bool("update", false, "write the expected files of the examples anew")

// product is the folder with the binary that the tests build, absolute.
var product string

func TestMain(m *testing.M) {
	flag.Parse()
	os.Exit(withProduct(m.Run))
}

// withProduct builds the binary, or takes the one that KRM_SIDECARS_BIN names,
// and gives it the names of its functions too.
func withProduct(run func() int) int {
	dir, err := os.MkdirTemp("", "krm-sidecars-docs-")
	if err == nil {
		defer os.RemoveAll(dir)
		product = dir
		err = buildInto(filepath.Join(dir, "krm-sidecars"))
	}
	for _, f := range functions.All() {
		if err == nil {
			err = os.Symlink("krm-sidecars", filepath.Join(dir, f.Name))
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "tests/docs:", err)
		return 1
	}
	return run()
}

func buildInto(file string) error {
	if given := os.Getenv("KRM_SIDECARS_BIN"); given != "" {
		data, err := os.ReadFile(given)
		if err != nil {
			return err
		}
		return os.WriteFile(file, data, 0o755)
	}
	cmd := exec.Command("go", "build", "-o", file, ".")
	cmd.Dir = root
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("go build: %w\n%s", err, out)
	}
	return nil
}

// read returns the text of a file of the repository.
func read(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(root, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// documents returns all Markdown files of the repository, by their path in it.
func documents(t *testing.T) []string {
	t.Helper()
	var all []string
	for _, pattern := range []string{"*.md", "docs/*.md", "docs/adr/*.md", "functions/*/README.md", "plugins/*/README.md", "examples/README.md", "examples/*/*/README.md"} {
		names, err := filepath.Glob(filepath.Join(root, filepath.FromSlash(pattern)))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			all = append(all, strings.TrimPrefix(filepath.ToSlash(name), root+"/"))
		}
	}
	return all
}
