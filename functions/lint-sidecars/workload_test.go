package lint

import (
	"fmt"
	"strings"
	"testing"
)

// TestMetadataSize: annotations are told of before the API server refuses them.
func TestMetadataSize(t *testing.T) {
	r, ok := find("SC044")
	if !ok {
		t.Fatal("there is no rule SC044")
	}
	const pod = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  template:\n    metadata:\n      annotations:\n        example.com/data: %s\n" +
		"    spec:\n      containers:\n      - name: app\n        image: example.com/web:1.4\n"
	for size, want := range map[int]string{
		200 << 10: "",
		210 << 10: "spec.template.metadata.annotations: take 210 KiB of the 256 that the API server allows",
	} {
		found := findings(t, r, "apiVersion: krm-sidecars.dev/v1alpha1\nkind: LintSidecars\nmetadata: {name: x}\n", "in.yaml", fmt.Sprintf(pod, strings.Repeat("x", size)))
		if (found != "") != (want != "") || !strings.Contains(found, want) {
			t.Errorf("%d bytes: have %q, want %q", size, found, want)
		}
	}
}
