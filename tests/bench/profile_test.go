package main

import (
	"io"
	"os"
	"path/filepath"
	"testing"
)

// BenchmarkPostRender is for profiles of a scene:
// go test -bench 'PostRender/1,000_with_add-exporter' -cpuprofile cpu.prof.
func BenchmarkPostRender(b *testing.B) {
	for _, s := range scenes() {
		b.Run(s.name, func(b *testing.B) {
			file := filepath.Join(b.TempDir(), "input.yaml")
			if err := s.write(file); err != nil {
				b.Fatal(err)
			}
			info, err := os.Stat(file)
			if err != nil {
				b.Fatal(err)
			}
			b.SetBytes(info.Size())
			b.ReportAllocs()
			for b.Loop() {
				if err := ours(file, io.Discard); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
