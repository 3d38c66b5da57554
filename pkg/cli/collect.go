package cli

import (
	"os"
	"runtime/debug"
)

// smallInput is how many bytes of input make so few trees that garbage may lie
// about longer: a third of the time of a run goes into collecting it.
const smallInput = 4 << 20

// collect notes bytes that were read, and sets how often garbage is collected, but
// for users who have set that themselves.
func (a *app) collect(bytes int) {
	a.size += bytes
	switch {
	case os.Getenv("GOGC") != "":
	case a.size <= smallInput:
		debug.SetGCPercent(400)
	default:
		debug.SetGCPercent(100)
	}
}
