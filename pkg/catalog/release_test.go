package catalog_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/krm-sidecars/krm-sidecars/pkg/catalog"
)

func TestReadSums(t *testing.T) {
	a, b := strings.Repeat("a", 64), strings.Repeat("0", 64)
	got, err := catalog.ReadSums("SHA256SUMS", a+"  one.tar.gz\r\n\n"+b+" *two.tar.gz\nthree sha256:"+a)
	if d := cmp.Diff(catalog.Sums{"one.tar.gz": a, "two.tar.gz": b, "three": a}, got); err != nil || d != "" {
		t.Errorf("%v (-want +got):\n%s", err, d)
	}
	for _, bad := range []string{"", "\n", "one two", a, a + " one two", strings.ToUpper(a) + " one", a[1:] + " one"} {
		if got, err := catalog.ReadSums("x", bad); err == nil {
			t.Errorf("%q gives %v", bad, got)
		}
	}
}
