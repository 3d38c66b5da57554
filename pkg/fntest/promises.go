// Package fntest checks functions: golden cases in txtar files, and the promises
// that every function keeps on every input.
package fntest

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
	"github.com/krm-sidecars/krm-sidecars/pkg/manifest"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// Instances reads the functionConfigs in src.
func Instances(t testing.TB, functions []krm.Function, src string) []*krm.Instance {
	t.Helper()
	all, err := krm.ReadConfigs(functions, "config.yaml", src)
	if err != nil {
		t.Fatalf("reading the config: %v", err)
	}
	return all
}

// Run runs instances over a stream.
func Run(t testing.TB, instances []*krm.Instance, src string) (string, krm.Report) {
	t.Helper()
	e, err := krm.NewEngine(instances, "")
	if err != nil {
		t.Fatal(err)
	}
	return e.RunText("in.yaml", src)
}

// Remove takes away what any function added.
func Remove(t testing.TB, src string) (string, krm.Report) {
	t.Helper()
	e, err := krm.NewRemover()
	if err != nil {
		t.Fatal(err)
	}
	return e.RunText("in.yaml", src)
}

// Has reports whether a result has the code.
func Has(r krm.Report, code pod.Code) bool {
	for _, res := range r.Results {
		if res.Code == code {
			return true
		}
	}
	return false
}

// Promises checks what must hold for any input on which the run succeeds, and
// returns what the run made of it.
func Promises(t testing.TB, instances []*krm.Instance, src string) (string, krm.Report) {
	t.Helper()
	out, report := Run(t, instances, src)
	if report.Failed() {
		return out, report
	}
	if report.Changed() == 0 && out != src {
		t.Errorf("pass-through: nothing was injected, but the text differs:\n%s", cmp.Diff(src, out))
	}
	twice, again := Run(t, instances, out)
	if twice != out {
		t.Errorf("idempotent: a second run changes (-once +twice):\n%s\n%v", cmp.Diff(out, twice), again.Results)
	}
	back, removal := Remove(t, out)
	if Has(report, pod.Repaired) {
		again, _ := Run(t, instances, back)
		if again != out {
			t.Errorf("repaired for good: what removal leaves does not give the same again (-out +again):\n%s", cmp.Diff(out, again))
		}
	} else if back != before(t, instances, src) && !Has(report, pod.Reencoded) && !Has(report, pod.AliasExpanded) {
		t.Errorf("reversible: removing does not restore (-source +got):\n%s\n%v", cmp.Diff(src, back), removal.Results)
	}
	if !Has(report, pod.Reencoded) {
		sameInList(t, instances, src, out)
	}
	return out, report
}

// before is what must come back when all is removed: the source, unless the run
// itself took something away.
func before(t testing.TB, instances []*krm.Instance, src string) string {
	t.Helper()
	if slices.ContainsFunc(instances, (*krm.Instance).Removes) {
		src, _ = Remove(t, src)
	}
	return src
}

// sameInList checks that a ResourceList of the same objects gets the same.
func sameInList(t testing.TB, instances []*krm.Instance, src, want string) {
	t.Helper()
	list, ok := asList(t, src)
	if !ok {
		return
	}
	got, report := Run(t, instances, list)
	wanted, ok := asList(t, want)
	if ok && (got != wanted || report.Failed()) {
		t.Errorf("a ResourceList differs from the stream (-stream +list):\n%s\n%v", cmp.Diff(wanted, got), report.Results)
	}
}

// asList wraps the documents of a stream as items. It is false for documents
// that cannot simply be indented.
func asList(t testing.TB, src string) (string, bool) {
	t.Helper()
	s, err := manifest.Read("", src)
	if err != nil || s.List != nil || len(s.Objects) == 0 || strings.ContainsAny(src, "\r\t") || strings.Contains(src, "List") {
		return "", false
	}
	var b strings.Builder
	b.WriteString("apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n")
	for _, o := range s.Objects {
		text := o.Original()
		if !strings.HasSuffix(text, "\n") || strings.HasPrefix(text, " ") || strings.HasPrefix(text, "#") || !o.Sure() {
			return "", false
		}
		for i, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
			prefix := "  "
			if i == 0 {
				prefix = "- "
			}
			if line == "" && i > 0 {
				prefix = ""
			}
			fmt.Fprintf(&b, "%s%s\n", prefix, line)
		}
	}
	return b.String(), true
}
