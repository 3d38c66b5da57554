package patches

import (
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/krm-sidecars/krm-sidecars/functions"
	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// figures count what became of the objects of a corpus.
type figures struct {
	objects  int // that the functions change
	exact    int // of these, kustomize makes the same of the patches
	refused  int // emit says that kustomize cannot, which is so
	unusable int // in files that kustomize does not take, with or without patches
}

// TestG2_Corpus: the patches give the same objects as the functions, on all
// manifests of both corpora.
func TestG2_Corpus(t *testing.T) {
	texts := manifests(t)
	all := configs(t)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var total figures
			for _, path := range slices.Sorted(maps.Keys(texts)) {
				t.Run(path, func(t *testing.T) { total.check(t, all[name], texts[path]) })
			}
			t.Logf("%d objects changed: %d exact, %d refused with a reason, %d in files that kustomize does not take", total.objects, total.exact, total.refused, total.unusable)
			if total.exact == 0 && strings.HasPrefix(name, "add-") {
				t.Error("nothing was patched")
			}
		})
	}
}

func (f *figures) check(t *testing.T, config, text string) {
	t.Helper()
	out, report := engine(t, config).RunText("in.yaml", text)
	if report.Failed() || report.Changed() == 0 {
		return
	}
	f.objects += report.Changed()
	emitted, told := forms(t, config, text)
	before, unusable := alone(t, text)
	want, err := alone(t, out)
	if unusable == nil && err != nil {
		t.Fatalf("kustomize takes the input, but not what the functions make of it: %v", err)
	}
	switch {
	case told.Failed():
		f.refused += refusals(told)
		f.unusable += report.Changed() - refusals(told)
		if t.Log(lines(told)); unusable == nil {
			t.Error("refused, but kustomize takes the input")
		}
		return
	case unusable != nil:
		f.unusable += report.Changed()
		t.Logf("kustomize: %v", unusable)
		return
	}
	got, err := withComponent(t, text, emitted)
	if err != nil {
		t.Fatalf("kustomize does not take the patches: %v\n%s", err, emitted["patches"])
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("the patches give something else (-function +patches):\n%s\n%s", d, emitted["patches"])
		return
	}
	f.exact += differ(before, want)
}

// differ counts the objects that are not as they were.
func differ(before, after built) int {
	n := 0
	for id, object := range before {
		if !cmp.Equal(object, after[id]) {
			n++
		}
	}
	return n
}

func refusals(report krm.Report) int {
	n := 0
	for _, r := range report.Results {
		if r.Code == pod.NotPatchable {
			n++
		}
	}
	return n
}

func lines(report krm.Report) []string {
	var all []string
	for _, r := range report.Results {
		all = append(all, r.Line())
	}
	return all
}

// manifests reads both corpora. That of other people may not be here.
func manifests(t *testing.T) map[string]string {
	t.Helper()
	texts := map[string]string{}
	for _, root := range []string{"../corpus", "../../../shared/corpus"} {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || filepath.Ext(path) == ".md" {
				return err
			}
			raw, err := os.ReadFile(path)
			texts[path] = string(raw)
			return err
		})
		if os.IsNotExist(err) {
			t.Logf("without %s: it is not here", root)
		} else if err != nil {
			t.Fatal(err)
		}
	}
	return texts
}

// configs are the examples of all functions, and those of the property tests.
func configs(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, f := range functions.All() {
		all[f.Name] = f.Example
	}
	files, err := filepath.Glob("../properties/testdata/configs/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("there are no configs: %v", err)
	}
	for _, file := range files {
		all[filepath.Base(file)] = read(t, file)
	}
	return all
}

func read(t *testing.T, file string) string {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}
