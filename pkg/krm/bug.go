package krm

import (
	"fmt"
	"path"
	"runtime"
	"strings"
)

// Bug says where a panic came from. It is to be called by what recovers it.
func Bug(value any) string {
	said := fmt.Sprintf("this is a bug, please report it: %v", value)
	pcs := make([]uintptr, 32)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs)])
	panicked := false
	for {
		frame, more := frames.Next()
		of := strings.HasPrefix(frame.Function, "runtime.")
		if panicked && !of {
			return fmt.Sprintf("%s (%s/%s:%d)", said, path.Base(path.Dir(frame.File)), path.Base(frame.File), frame.Line)
		}
		panicked = panicked || of
		if !more {
			return said
		}
	}
}
