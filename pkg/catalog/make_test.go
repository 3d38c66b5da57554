package catalog_test

import (
	"strings"
	"testing"

	"github.com/krm-sidecars/krm-sidecars/pkg/catalog"
	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
)

// TestOfNamesWhatIsMissing: whoever adds a function is told what else it needs.
func TestOfNamesWhatIsMissing(t *testing.T) {
	const listing, schema = "examplePackageURLs: [" + catalog.Home + "/tree/main/examples/x/files]\n", `{"type": "object"}`
	release := catalog.Release{Version: catalog.Current}
	for want, f := range map[string]krm.Function{
		"": {Name: "x", Kind: "X", Metadata: listing, Schema: schema},
		"metadata.yaml: examplePackageURLs: missing": {Name: "x", Kind: "X", Schema: schema},
		"metadata.yaml: tag: unknown field; did you": {Name: "x", Kind: "X", Metadata: listing + "tag: [a]\n", Schema: schema},
		"schema.json: it is empty; run make schemas": {Name: "x", Kind: "X", Metadata: listing},
		"schema.json: text where a map is expected":  {Name: "x", Kind: "X", Metadata: listing, Schema: `"object"`},
	} {
		_, err := catalog.Of([]krm.Function{f}, release)
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), "listing x: reading functions/x/"+want)) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

// TestImageByDigest: the tag goes, the port of the registry does not.
func TestImageByDigest(t *testing.T) {
	for image, want := range map[string]string{
		"logs":                       "logs@sha256:abc",
		"logs:v1":                    "logs@sha256:abc",
		"localhost:5000/logs":        "localhost:5000/logs@sha256:abc",
		"localhost:5000/logs:v1":     "localhost:5000/logs@sha256:abc",
		"localhost:5000/logs:v1@x:y": "localhost:5000/logs:v1@x:y",
	} {
		c, err := catalog.Read("-", strings.ReplaceAll(small, "localhost:5000/logs:v1", image))
		if err != nil {
			t.Fatal(err)
		}
		got, err := c.Annotate(krm.Text{Name: "-", Source: "apiVersion: example.com/v1\nkind: Logs\n"}, catalog.Use{Container: true})
		if err != nil || !strings.Contains(got, "image: "+want+"\n") {
			t.Errorf("%s: %v, want %s\n%s", image, err, want, got)
		}
	}
}
