package properties_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/krm-sidecars/krm-sidecars/functions"
	"github.com/krm-sidecars/krm-sidecars/pkg/fntest"
	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// foreign is where manifests lie that other people wrote.
const foreign = "../../../shared/corpus"

const config = `apiVersion: krm-sidecars.dev/v1alpha1
kind: AddLogSidecar
metadata: {name: logs}
spec:
  logs: [{paths: [/var/log/app/app.log]}]
`

const changed = `apiVersion: krm-sidecars.dev/v1alpha1
kind: AddLogSidecar
metadata: {name: logs}
spec:
  logs: [{paths: [/var/log/app/app.log, /var/log/other/err.log]}]
  volume: {sizeLimit: 1Gi}
  container: {image: "busybox:1"}
`

// figures count what became of a corpus.
type figures struct {
	files, refused, objects, changed, skipped, passed, reencoded int
}

func files(t *testing.T, root string) map[string]string {
	t.Helper()
	if _, err := os.Stat(root); err != nil {
		t.Skip("this corpus is not here:", err)
	}
	all := map[string]string{}
	if err := manifests(all, root); err != nil {
		t.Fatal(err)
	}
	return all
}

// manifests adds the files below a folder to all, by their paths.
func manifests(all map[string]string, root string) error {
	return filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) == ".md" {
			return err
		}
		raw, err := os.ReadFile(path)
		all[path] = string(raw)
		return err
	})
}

// TestCorpus holds every promise on manifests that were not written for us, and
// the share of documents that had to be formatted anew below 2 %.
func TestCorpus(t *testing.T) {
	for name, root := range map[string]string{"own": "../corpus", "foreign": foreign} {
		t.Run(name, func(t *testing.T) {
			var total figures
			for path, src := range files(t, root) {
				t.Run(path, func(t *testing.T) { total.check(t, src) })
			}
			t.Logf("%s corpus: %d files, %d refused; %d objects asked for: %d changed, %d skipped, %d unchanged; %d formatted anew",
				name, total.files, total.refused, total.objects, total.changed, total.skipped, total.passed, total.reencoded)
			if total.reencoded*50 >= max(total.changed, 1) && total.reencoded > 0 {
				t.Errorf("%d of %d changed documents were formatted anew, want less than 2 %%", total.reencoded, total.changed)
			}
		})
	}
}

func (f *figures) check(t *testing.T, src string) {
	t.Helper()
	f.files++
	instances := fntest.Instances(t, functions.All(), config)
	out, report := fntest.Promises(t, instances, src)
	if report.Failed() {
		f.refused++
		told(t, report)
		return
	}
	f.count(report)
	converges(t, src, out)
	if !fntest.Has(report, pod.Reencoded) {
		noLineLost(t, src, out)
	}
}

func (f *figures) count(report krm.Report) {
	f.objects += len(report.Objects)
	f.changed += report.Changed()
	for _, o := range report.Objects {
		switch o.Status {
		case krm.Skipped:
			f.skipped++
		case krm.Unchanged:
			f.passed++
		}
	}
	for _, r := range report.Results {
		if r.Code == pod.Reencoded {
			f.reencoded++
		}
	}
}

// told checks that a refusal says where and why.
func told(t *testing.T, report krm.Report) {
	t.Helper()
	for _, r := range report.Results {
		if r.Severity == pod.Error && (r.Message == "" || !strings.Contains(r.Line(), "line ") || !strings.Contains(r.Line(), "document ")) {
			t.Errorf("an error does not say where it is: %s", r.Line())
		}
		t.Log(r.Line())
	}
}

// converges checks that an injection with an old config gives way to the new
// one without a trace.
func converges(t *testing.T, src, out string) {
	t.Helper()
	newer := fntest.Instances(t, functions.All(), changed)
	want, report := fntest.Run(t, newer, src)
	got, _ := fntest.Run(t, newer, out)
	if got != want && !fntest.Has(report, pod.Reencoded) && !fntest.Has(report, pod.AliasExpanded) {
		t.Errorf("convergent: an update differs from a fresh injection (-fresh +update):\n%s", cmp.Diff(want, got))
	}
}

// noLineLost checks that all lines of the source are there, in order, but for
// those that may have to grow.
func noLineLost(t *testing.T, src, out string) {
	t.Helper()
	have := strings.Split(out, "\n")
	want := strings.Split(src, "\n")
	for n, line := range want {
		i := 0
		for i < len(have) && have[i] != line && have[i] != line+"," && (n < len(want)-1 || have[i] != line+"\r") {
			i++
		}
		if i < len(have) && !mayGrow(line) {
			have = have[i+1:]
		} else if !mayGrow(line) {
			t.Errorf("small diff: the line %q is lost or moved", line)
		}
	}
}

// listOfLines is such an annotation with a value of several lines: it has to be
// written anew.
var listOfLines = regexp.MustCompile(regexp.QuoteMeta(safeToEvict) + `["']?\s*:\s*[>|]`)

// mayGrow reports whether a line holds a collection that is empty or in flow
// style, an alias that may have to be written out, or an annotation whose value
// is a list.
func mayGrow(line string) bool {
	text := strings.TrimSpace(line)
	return strings.ContainsAny(line, "{}[]*~") || strings.HasSuffix(text, ":") || strings.Contains(line, "null") || strings.Contains(line, safeToEvict)
}
