package schemas_test

import (
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/krm-sidecars/krm-sidecars/functions"
	"github.com/krm-sidecars/krm-sidecars/pkg/schema"
)

var update = flag.Bool("update", false, "write what tests want to see")

// TestModelines: in examples, files that are a functionConfig and nothing else
// tell editors their schema, in the first line. -update writes it.
func TestModelines(t *testing.T) {
	files := 0
	for _, folder := range []string{"examples", "functions", "components"} {
		check(t, filepath.WalkDir(filepath.Join(root, folder), func(file string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || filepath.Ext(file) != ".yaml" {
				return err
			}
			data, err := os.ReadFile(file)
			if err != nil {
				return err
			}
			want := modeline(t, file, string(data))
			if want == "" || strings.HasPrefix(string(data), want) {
				files += min(len(want), 1)
				return nil
			}
			if *update {
				return os.WriteFile(file, []byte(want+string(data)), 0o644)
			}
			t.Errorf("%s does not begin with the line %s", file, want)
			return nil
		}))
	}
	if files < 30 {
		t.Errorf("%d files; there are more", files)
	}
}

// modeline is the first line of a file; "" for files that need none.
func modeline(t *testing.T, file, text string) string {
	t.Helper()
	found := configs(file, text)
	if len(found) != 1 || !strings.Contains("\n"+text, "\napiVersion: krm-sidecars.dev/") || strings.Contains(text, "\n---") {
		return ""
	}
	for _, f := range functions.All() {
		if f.Kind == found[0].kind {
			text, err := schema.JSON(f.Schema)
			check(t, err)
			_, id, _ := strings.Cut(text, `"$id": "`)
			id, _, _ = strings.Cut(id, `"`)
			return "# yaml-language-server: $schema=" + id + "\n"
		}
	}
	return ""
}
