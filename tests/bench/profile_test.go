package main

import "testing"

// BenchmarkPostRender is for profiles: go test -bench . -cpuprofile.
func BenchmarkPostRender(b *testing.B) {
	for name, input := range map[string]string{"deployments": deployments(1000), "mixed": mixed(1000), "plain": plain(1000), "list": listed(deployments(1000))} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(input)))
			b.ReportAllocs()
			for b.Loop() {
				if err := ours(input); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
