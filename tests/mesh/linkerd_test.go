package mesh

import (
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	meshannotation "github.com/krm-sidecars/krm-sidecars/functions/add-mesh-annotation"
)

// TestLinkerd holds the annotations of the block linkerd against those that the
// manual of Linkerd 2.20 lists: its injector is in no module that can be had.
func TestLinkerd(t *testing.T) {
	text, err := os.ReadFile("testdata/linkerd-2.20.txt")
	if err != nil {
		t.Fatal(err)
	}
	known := append(strings.Fields(string(text)),
		// Linkerd's source has these, its manual does not list them.
		"config.linkerd.io/proxy-require-identity-inbound-ports",
		"config.linkerd.io/proxy-admin-shutdown",
		"config.linkerd.io/proxy-log-http-headers",
	)
	ours := keys(reflect.TypeFor[meshannotation.Linkerd]())
	for _, key := range ours {
		if !slices.Contains(known, key) {
			t.Errorf("Linkerd knows no annotation %s", key)
		}
	}
	t.Logf("%d annotations", len(ours))
	left := slices.DeleteFunc(known, func(key string) bool { return slices.Contains(ours, key) })
	want := []string{
		"config.linkerd.io/debug-image", "config.linkerd.io/debug-image-version", "config.linkerd.io/debug-image-pull-policy",
		"config.linkerd.io/enable-external-profiles",
		"config.alpha.linkerd.io/proxy-enable-native-sidecar", "config.beta.linkerd.io/proxy-enable-native-sidecar", // deprecated
	}
	if !slices.Equal(left, want) {
		t.Errorf("the block linkerd has no fields for %q", left)
	}
}

// keys are those of the labels and annotations that the fields of a block stand for.
func keys(block reflect.Type) []string {
	var all []string
	for i := range block.NumField() {
		f := block.Field(i)
		tag, ok := f.Tag.Lookup("mesh")
		if !ok {
			all = append(all, keys(f.Type)...)
			continue
		}
		key, _, _ := strings.Cut(tag, ",")
		all = append(all, key)
	}
	return all
}
