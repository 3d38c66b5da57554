package properties_test

import (
	"bytes"
	"maps"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/krm-sidecars/krm-sidecars/pkg/fntest"
	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
	"github.com/krm-sidecars/krm-sidecars/pkg/manifest"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// owners are the configs of one owner.
var owners = []string{config, changed, plain}

func FuzzPassThrough(f *testing.F)   { fuzz(f, passThrough) }
func FuzzIdempotent(f *testing.F)    { fuzz(f, idempotent) }
func FuzzConverge(f *testing.F)      { fuzz(f, converge) }
func FuzzReverse(f *testing.F)       { fuzz(f, reverse) }
func FuzzLocality(f *testing.F)      { fuzz(f, locality) }
func FuzzDeterministic(f *testing.F) { fuzz(f, deterministic) }
func FuzzAllOrNothing(f *testing.F)  { fuzz(f, allOrNothing) }
func FuzzNothingLost(f *testing.F)   { fuzz(f, nothingLost) }

// TestPromises holds every promise on all seeds.
func TestPromises(t *testing.T) {
	all, err := seeds()
	if err != nil {
		t.Fatal(err)
	}
	for name, keeps := range map[string]func(*testing.T, string){
		"PassThrough": passThrough, "Idempotent": idempotent, "Converge": converge, "Reverse": reverse, "Locality": locality,
		"Deterministic": deterministic, "AllOrNothing": allOrNothing, "NothingLost": nothingLost,
	} {
		t.Run(name, func(t *testing.T) {
			if name != "Deterministic" { // which sets the number of processors
				t.Parallel()
			}
			for _, seed := range slices.Sorted(maps.Keys(all)) {
				t.Run(seed, func(t *testing.T) { keeps(t, all[seed]) })
			}
		})
	}
}

// passThrough: objects that no function changes, and all that stands between
// objects, come out byte for byte.
func passThrough(t *testing.T, src string) {
	t.Helper()
	if out, ok := run(t, src, unmatched); ok && out != src {
		t.Errorf("nothing was selected, but the text differs (-source +got):\n%s", cmp.Diff(src, out))
	}
	for _, config := range owners {
		out, report := fntest.Run(t, instances(t, config), src)
		if !report.Failed() {
			othersStay(t, src, out, report)
		}
	}
}

func othersStay(t *testing.T, src, out string, report krm.Report) {
	t.Helper()
	touched := map[string]bool{}
	for _, o := range report.Objects {
		if o.Status == krm.Injected || o.Status == krm.Updated || o.Status == krm.Removed {
			touched[o.Where()] = true
		}
	}
	before, between := cut(t, src)
	after, betweenAfter := cut(t, out)
	if strings.Count(out, generatedBy) > strings.Count(src, generatedBy) {
		after, betweenAfter = slices.DeleteFunc(after, generated), between
	}
	if len(before) != len(after) {
		t.Fatalf("%d objects went in, %d came out", len(before), len(after))
	}
	if diff := cmp.Diff(between, betweenAfter); diff != "" {
		t.Errorf("what stands between objects differs (-source +got):\n%s", diff)
	}
	for i, o := range before {
		if touched[o.Position().String()] || strings.Contains(o.Original(), "*") { // an alias of what has changed is written out
			continue
		}
		if diff := cmp.Diff(o.Original(), after[i].Original()); diff != "" {
			t.Errorf("the object at %s was not changed, but differs (-source +got):\n%s", o.Position(), diff)
		}
	}
}

// generatedBy is the annotation of objects that functions make.
const generatedBy = inject.Prefix + "generated-by"

func generated(o *manifest.Object) bool { return strings.Contains(o.Original(), generatedBy) }

// cut returns the objects of a text, and the texts in front of, between and
// behind them.
func cut(t *testing.T, src string) (objects []*manifest.Object, between []string) {
	t.Helper()
	s, err := manifest.Read("in.yaml", src)
	if err != nil {
		t.Fatalf("what a run took, or made, cannot be read: %v", err)
	}
	rest := src
	for _, o := range s.Objects {
		before, after, ok := strings.Cut(rest, o.Original())
		if !ok {
			t.Fatalf("the object at %s is not in the text behind those before it", o.Position())
		}
		between, rest = append(between, before), after
	}
	return s.Objects, append(between, rest)
}

// idempotent: a second run changes nothing.
func idempotent(t *testing.T, src string) {
	t.Helper()
	for _, config := range owners {
		once, report := fntest.Run(t, instances(t, config), src)
		if report.Failed() {
			continue
		}
		twice, again := fntest.Run(t, instances(t, config), once)
		if once != twice {
			t.Errorf("a second run changes (-once +twice):\n%s\n%s", cmp.Diff(once, twice), lines(again))
		}
	}
}

// locality: the lines outside of what is injected are all there, in order.
func locality(t *testing.T, src string) {
	t.Helper()
	if !clean(src) || listOfLines.MatchString(src) {
		return
	}
	for _, config := range owners {
		if out, ok := run(t, src, config); ok {
			noLineLost(t, src, out)
		}
	}
}

// deterministic: the same bytes come out, and the same results, at any number of
// processors.
func deterministic(t *testing.T, src string) {
	t.Helper()
	all := slices.Concat(instances(t, config), instances(t, apart))
	want, report := fntest.Run(t, all, src)
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	for _, procs := range []int{1, 1, 2, 8} {
		runtime.GOMAXPROCS(procs)
		got, again := fntest.Run(t, all, src)
		if got != want {
			t.Errorf("another run gives another text, at GOMAXPROCS %d (-first +other):\n%s", procs, cmp.Diff(want, got))
		}
		if diff := cmp.Diff(lines(report), lines(again)); diff != "" {
			t.Errorf("another run gives other results, at GOMAXPROCS %d (-first +other):\n%s", procs, diff)
		}
	}
}

// TestDeterministic runs over all seeds that succeed as one stream, many times.
func TestDeterministic(t *testing.T) {
	all, err := seeds()
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if _, ok := run(t, all[name], config, apart); ok && !strings.HasPrefix(all[name], "\ufeff") && b.Len() < 96<<10 {
			b.WriteString("---\n" + strings.TrimSuffix(all[name], "\n") + "\n")
		}
	}
	want, report := fntest.Run(t, slices.Concat(instances(t, config), instances(t, apart)), b.String())
	if report.Failed() || report.Changed() < 50 {
		t.Fatalf("%d objects changed:\n%s", report.Changed(), lines(report))
	}
	for range 100 {
		got, again := fntest.Run(t, slices.Concat(instances(t, config), instances(t, apart)), b.String())
		if got != want || lines(again) != lines(report) {
			t.Fatalf("another run differs (-first +other):\n%s\n%s", cmp.Diff(want, got), cmp.Diff(lines(report), lines(again)))
		}
	}
}

// poison is a workload that every owner refuses.
const poison = "\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: poison}\nspec: {containers: [{name: log-sidecar}, {name: nobody}]}\n"

// allOrNothing: a run that fails gives no text, and names everything that is
// wrong; a ResourceList gets its items back, and results.
func allOrNothing(t *testing.T, src string) {
	t.Helper()
	for _, config := range []string{config, failing} {
		out, report := fntest.Run(t, instances(t, config), src)
		switch {
		case report.Failed() && out != "":
			t.Errorf("a run that failed gives a text:\n%s", out)
		case !report.Failed() && out == "" && src != "":
			t.Error("a run that did not fail gives no text")
		}
		poisoned(t, src, config, report)
		listOrNothing(t, src)
		if list, ok := asList(t, src, config); ok {
			listOrNothing(t, list)
		}
	}
}

// poisoned checks that one more object that is refused is one more error.
func poisoned(t *testing.T, src, config string, without krm.Report) {
	t.Helper()
	if _, err := manifest.Read("in.yaml", src); err != nil {
		return
	}
	out, report := fntest.Run(t, instances(t, config), src+poison)
	if out != "" || !report.Failed() {
		t.Errorf("a run over an object that is refused gives a text:\n%s", out)
	}
	if got, want := problems(t, report), problems(t, without)+1; got != want {
		t.Errorf("%d errors with one more object that is refused, want %d:\n%s", got, want, lines(report))
	}
}

// problems counts errors. Each result must say something, and once.
func problems(t *testing.T, report krm.Report) int {
	t.Helper()
	n := 0
	seen := map[krm.Result]bool{}
	for _, r := range report.Results {
		if r.Severity == pod.Error {
			n++
		}
		if r.Message == "" || r.Code == pod.InternalError {
			t.Errorf("this is no result for a user: %s", r.Line())
		}
		if r.Where != "" && seen[r] {
			t.Errorf("this is told twice: %s", r.Line())
		}
		seen[r] = true
	}
	return n
}
