// Command proof writes docs/proof.md from what tests and benchmarks measured:
//
//	go run ./tests/proof tests/proof/results docs/proof.md
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/krm-sidecars/krm-sidecars/tests/proof/page"
	"github.com/krm-sidecars/krm-sidecars/tests/proof/record"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "proof:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 2 {
		return fmt.Errorf("got %d arguments; give the folder of measurements and the page", len(args))
	}
	parts, err := record.ReadAll(args[0])
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Clean(args[1]), []byte(page.Of(parts)), 0o644)
}
