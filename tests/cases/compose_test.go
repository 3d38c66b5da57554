package cases

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
)

const composite = "apiVersion: krm-sidecars.dev/v1alpha1\nkind: InjectSidecars\nmetadata: {name: all}\nspec:\n"

// composed returns a config that runs the configs in docs.
func composed(t *testing.T, docs ...string) run {
	t.Helper()
	var b strings.Builder
	b.WriteString(composite + "  functions:\n")
	for _, doc := range docs {
		b.WriteString("  - " + strings.TrimPrefix(strings.ReplaceAll("    "+strings.TrimSpace(doc), "\n", "\n    "), "    ") + "\n")
	}
	return run{t, readAll(t, b.String())}
}

func readAll(t *testing.T, src string) []*krm.Instance {
	t.Helper()
	instances, err := krm.ReadConfigs(all(), "config.yaml", src)
	if err != nil {
		t.Fatal(err)
	}
	return instances
}

// chained runs the configs in docs one after the other.
func chained(t *testing.T, docs []string, src string) (string, bool) {
	t.Helper()
	for _, doc := range docs {
		out, report := run{t, readAll(t, doc)}.text(src)
		if report.Failed() {
			return "", false
		}
		src = out
	}
	return src, true
}

// suiteDocs are the configs of suiteFile, in the order in which configs run that
// are given together: by function and name.
func suiteDocs(t *testing.T) []string {
	t.Helper()
	src, err := os.ReadFile(suiteFile)
	if err != nil {
		t.Fatal(err)
	}
	docs := strings.Split(string(src), "\n---\n")
	slices.SortFunc(docs, func(a, b string) int {
		return readAll(t, a)[0].Owner.Compare(readAll(t, b)[0].Owner)
	})
	return docs
}

// without takes from records what tells that they came with a composite.
func without(text string) string {
	return strings.NewReplacer(`,"via":"inject-sidecars.all"`, "", `,\"via\":\"inject-sidecars.all\"`, "").Replace(text)
}

// TestComposeIsAChain: one config with all functions gives what the functions give
// one by one, but for the note in the records that they came together.
func TestComposeIsAChain(t *testing.T) {
	docs := suiteDocs(t)
	for name, src := range inputs(t) {
		t.Run(name, func(t *testing.T) {
			want, ok := chained(t, docs, src)
			if !ok {
				t.Fatal("the chain fails")
			}
			got, report := composed(t, docs...).keeps(src)
			if report.Changed() == 0 {
				t.Fatal("nothing was changed")
			}
			if diff := cmp.Diff(want, without(got)); diff != "" {
				t.Errorf("one pass differs from the chain (-chain +one pass):\n%s", diff)
			}
		})
	}
}

// TestComposeConverges: a part that is no longer listed goes.
func TestComposeConverges(t *testing.T) {
	docs := suiteDocs(t)
	for name, src := range inputs(t) {
		t.Run(name, func(t *testing.T) {
			before, _ := composed(t, docs...).text(src)
			for i := range docs {
				rest := append(append([]string{}, docs[:i]...), docs[i+1:]...)
				want, _ := composed(t, rest...).text(src)
				got, report := composed(t, rest...).text(before)
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("without part %d (-fresh +after):\n%s%s", i, diff, lines(report))
				}
			}
		})
	}
}

// TestComposeLeavesOthers: what came otherwise stays when a part goes.
func TestComposeLeavesOthers(t *testing.T) {
	docs := suiteDocs(t)
	src := inputs(t)["deployment.yaml"]
	alone, _ := run{t, readAll(t, docs[0])}.text(src)
	both, _ := composed(t, docs[1], docs[2]).text(alone)
	got, _ := composed(t, docs[1]).text(both)
	want, _ := composed(t, docs[1]).text(alone)
	if diff := cmp.Diff(want, got); diff != "" || got == src {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestComposeRemoved: the composite's name takes away all parts, those that its
// config does not list any more too.
func TestComposeRemoved(t *testing.T) {
	docs := suiteDocs(t)
	src := inputs(t)["deployment.yaml"]
	out, _ := composed(t, docs...).text(src)
	e, err := krm.NewRemover(krm.Origin{Owner: inject.Owner{Function: "inject-sidecars", Instance: "all"}})
	if err != nil {
		t.Fatal(err)
	}
	got, report := e.RunText("in.yaml", out)
	if diff := cmp.Diff(src, got); diff != "" {
		t.Errorf("(-source +got):\n%s%s", diff, lines(report))
	}
}

// TestComposeShares: what stands beside the functions is for those that do not
// say it themselves, and both targets have to fit.
func TestComposeShares(t *testing.T) {
	const parts = `  target: {names: ["web-*"], containers: [app]}
  injectAs: container
  functions:
  - {kind: AddLogSidecar, name: a, spec: {` + appLog + `}}
  - {kind: AddLogSidecar, name: b, spec: {target: {names: ["*-one"]}, injectAs: native, ` + appLog + `}}
`
	web := deployment(app)
	one := strings.ReplaceAll(web, "name: web\n", "name: web-one\n")
	two := strings.ReplaceAll(web, "name: web\n", "name: web-two\n")
	other := strings.ReplaceAll(web, "name: web\n", "name: other-one\n")
	r := run{t, readAll(t, composite+parts)}
	for _, c := range []struct {
		name, src      string
		plain, natives int
	}{{"both", one, 1, 1}, {"one", two, 1, 0}, {"none", other, 0, 0}} {
		t.Run(c.name, func(t *testing.T) {
			out, _ := r.text(c.src)
			if got := strings.Count(out, "restartPolicy: Always"); got != c.natives {
				t.Errorf("%d native sidecars, want %d:\n%s", got, c.natives, out)
			}
			if got := strings.Count(out, "busybox") - c.natives; got != c.plain {
				t.Errorf("%d plain sidecars, want %d:\n%s", got, c.plain, out)
			}
		})
	}
}
