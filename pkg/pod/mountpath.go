package pod

import (
	"path"
	"strings"
)

// Clean returns a mount path without needless slashes and dots.
func Clean(p string) string { return path.Clean("/" + p) }

// Within reports whether file is dir or lies below it.
func Within(file, dir string) bool {
	file, dir = Clean(file), Clean(dir)
	return file == dir || dir == "/" || strings.HasPrefix(file, dir+"/")
}
