package images

import "strings"

// Of returns the image of the table that has a repository.
func Of(repository string) (Image, bool) {
	for line := range strings.Lines(table) {
		if f := strings.Fields(line); len(f) == 4 && f[1] == repository {
			return Get(f[0]), true
		}
	}
	return Image{}, false
}
