package cases

import (
	"testing"

	"github.com/krm-sidecars/krm-sidecars/pkg/manifest"
)

// configData returns the key c of the one ConfigMap in a stream.
func configData(t *testing.T, out string) string {
	t.Helper()
	s, err := manifest.Read("out.yaml", out)
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, o := range s.Objects {
		if o.Kind == "ConfigMap" {
			d, err := o.Document()
			if err != nil {
				t.Fatal(err)
			}
			return d.Root.Path("data", "c").Str()
		}
	}
	t.Fatalf("there is no ConfigMap:\n%s", out)
	return ""
}
