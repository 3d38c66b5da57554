package images

import (
	"strings"
	"testing"
)

// TestTable checks every row: a tag that floats would change pods on its own.
func TestTable(t *testing.T) {
	seen := map[string]bool{}
	for line := range strings.Lines(table) {
		f := strings.Fields(line)
		if len(f) == 0 {
			continue
		}
		if len(f) != 4 || seen[f[0]] {
			t.Fatalf("row %q: want four columns and a name of its own", line)
		}
		seen[f[0]] = true
		image := Get(f[0])
		if image.Repository == "" || image.UID <= 0 || image.Tag == "latest" {
			t.Errorf("row %q: Get gives %+v", line, image)
		}
	}
	if Get("no such image").Repository != "" {
		t.Error("Get makes up an image")
	}
}
