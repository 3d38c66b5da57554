// Package lazyre compiles regular expressions when they are first used. A host
// starts the program anew for every function: what starts must be little.
package lazyre

import (
	"regexp"
	"sync"
)

// New returns a function that compiles the pattern once and returns the result.
// It panics, when called, for a pattern that is none.
func New(pattern string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(pattern) })
}
