package cli

import (
	"math"
	"os"
	"runtime/debug"
)

const (
	// smallInput is how many bytes of input make so little garbage that it may lie
	// about: most runs end before there is enough to be collected.
	smallInput = 4 << 20
	// smallHeap is how many bytes the program may take until then.
	smallHeap = 56 << 20
)

// collect notes bytes that were read, and sets how often garbage is collected, but
// for users who have set that themselves.
func (a *app) collect(bytes int) {
	a.size += bytes
	switch {
	case os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "":
	case a.size <= smallInput:
		debug.SetGCPercent(-1)
		debug.SetMemoryLimit(smallHeap)
	default:
		debug.SetGCPercent(100)
		debug.SetMemoryLimit(math.MaxInt64)
	}
}
