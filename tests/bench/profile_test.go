package main

import (
	"os"
	"path/filepath"
	"testing"
)

// BenchmarkPostRender is for profiles: go test -bench . -cpuprofile.
func BenchmarkPostRender(b *testing.B) {
	for name, input := range map[string]string{"deployments": deployments(1000), "mixed": mixed(1000), "plain": plain(1000), "list": listed(deployments(1000))} {
		b.Run(name, func(b *testing.B) {
			file := filepath.Join(b.TempDir(), "input.yaml")
			if err := os.WriteFile(file, []byte(input), 0o600); err != nil {
				b.Fatal(err)
			}
			b.SetBytes(int64(len(input)))
			b.ReportAllocs()
			for b.Loop() {
				if err := ours(file); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
