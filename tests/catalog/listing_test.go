package catalog_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/krm-sidecars/krm-sidecars/functions"
	"github.com/krm-sidecars/krm-sidecars/pkg/catalog"
	"github.com/krm-sidecars/krm-sidecars/pkg/edit"
	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
	"github.com/krm-sidecars/krm-sidecars/pkg/yamlpatch"
)

// TestListings: functions/<name>/metadata.yaml, which kpt's catalog reads, says
// what the function says, and names all of its examples. -update writes
// everything but the tags.
func TestListings(t *testing.T) {
	for _, f := range functions.All() {
		t.Run(f.Name, func(t *testing.T) {
			got, err := catalog.ReadListing(f)
			if err != nil && !*update {
				t.Fatal(err)
			}
			want := listing(t, f)
			want.Tags = got.Tags
			first := "mutator"
			if _, ok := f.New().(krm.Judge); ok {
				first = "validator"
			}
			if len(got.Tags) == 0 || got.Tags[0] != first {
				t.Errorf("tags are %v; the first one is %s", got.Tags, first)
			}
			if *update {
				write(t, f.Name, want)
				return
			}
			if d := cmp.Diff(want, got); d != "" {
				t.Errorf("functions/%s/metadata.yaml is out of date; run make catalog (-want +got):\n%s", f.Name, d)
			}
		})
	}
}

func listing(t *testing.T, f krm.Function) catalog.Listing {
	t.Helper()
	const tree = catalog.Home + "/tree/main/"
	l := catalog.Listing{
		Image: catalog.Registry + "/" + f.Name, Description: f.Short, SourceURL: tree + "functions/" + f.Name,
		Emails: []string{}, License: "Apache-2.0",
	}
	examples, err := filepath.Glob(filepath.Join(root, "examples", f.Name, "*", "README.md"))
	check(t, err)
	for _, file := range examples {
		l.ExamplePackageURLs = append(l.ExamplePackageURLs, tree+"examples/"+f.Name+"/"+filepath.Base(filepath.Dir(file)))
	}
	return l
}

// write writes a listing with its fields in their order, the empty one too.
func write(t *testing.T, function string, l catalog.Listing) {
	t.Helper()
	v, err := edit.Of(l)
	check(t, err)
	text, err := yamlpatch.Render(v)
	check(t, err)
	text = strings.Replace(text, "\nlicense:", "\nemails: []\nlicense:", 1)
	check(t, os.WriteFile(filepath.Join(root, "functions", function, "metadata.yaml"), []byte(text), 0o644))
}

var marked = regexp.MustCompile(`(?s)<!--mdtogo:(\w+)-->\n(.*?)<!--mdtogo-->\n`)

// TestMarkers: every manual has the three parts that kpt's tools cut out of it,
// in their order and with something in them.
func TestMarkers(t *testing.T) {
	for _, f := range functions.All() {
		var names []string
		parts := map[string]string{}
		for _, m := range marked.FindAllStringSubmatch(f.Readme, -1) {
			names = append(names, m[1])
			parts[m[1]] = strings.TrimSpace(m[2])
		}
		if d := cmp.Diff([]string{"Short", "Long", "Examples"}, names); d != "" {
			t.Errorf("functions/%s/README.md: parts (-want +got):\n%s", f.Name, d)
		}
		if n := strings.Count(f.Readme, "mdtogo"); n != 6 {
			t.Errorf("functions/%s/README.md: %d marks, want one in front of and one behind each part", f.Name, n)
		}
		if parts["Short"] != f.Short {
			t.Errorf("functions/%s/README.md: the short part is %q, the function says %q", f.Name, parts["Short"], f.Short)
		}
		if !strings.Contains(parts["Long"], "\n## Config\n") || !strings.Contains(parts["Examples"], "\n```") {
			t.Errorf("functions/%s/README.md: the long part lacks the config, or the examples show nothing", f.Name)
		}
	}
}
