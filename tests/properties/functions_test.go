package properties_test

import (
	_ "embed"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/krm-sidecars/krm-sidecars/functions"
	"github.com/krm-sidecars/krm-sidecars/pkg/fntest"
	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// Configs of all functions at once, of the same owners.
var (
	//go:embed testdata/configs/everything.yaml
	everything string
	//go:embed testdata/configs/everything-else.yaml
	everythingElse string
)

// FuzzTogether starts from what is small: a run of all functions takes its time.
func FuzzTogether(f *testing.F) {
	texts := map[string]string{}
	if err := manifests(texts, "../corpus"); err != nil {
		f.Fatal(err)
	}
	for _, src := range slices.Concat(exotic, slices.Sorted(maps.Values(texts))) {
		if len(src) <= short {
			f.Add(src)
		}
	}
	f.Fuzz(func(t *testing.T, src string) {
		if len(src) > short {
			t.Skip("too long")
		}
		together(t, src)
	})
}

// TestTogether holds the promises on the inputs of the cases of all functions.
func TestTogether(t *testing.T) {
	all, err := goldens("*")
	if err != nil {
		t.Fatal(err)
	}
	for _, seed := range slices.Sorted(maps.Keys(all)) {
		t.Run(filepath.Base(seed), func(t *testing.T) {
			t.Parallel()
			together(t, all[seed])
		})
	}
}

// together holds the promises with all functions in one run.
func together(t *testing.T, src string) {
	t.Helper()
	if !clean(src) {
		return
	}
	for _, config := range []string{everything, everythingElse} {
		out, report := fntest.Run(t, instances(t, config), src)
		noBug(t, report)
		if report.Failed() {
			continue
		}
		othersStay(t, src, out, report)
		if again, _ := fntest.Run(t, instances(t, config), out); again != out {
			t.Errorf("a second run changes (-once +twice):\n%s", cmp.Diff(out, again))
		}
		if out, ok := run(t, src, config); ok {
			removes(t, out, src)
		}
	}
	updates(t, src, everything, everythingElse)
	updates(t, src, everythingElse, everything)
}

// configs are the examples of all functions, and those in testdata/configs.
func configs(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, f := range functions.All() {
		all[f.Name] = f.Example
	}
	files, err := filepath.Glob("testdata/configs/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("testdata/configs holds nothing: %v", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all[filepath.Base(file)] = string(text)
	}
	return all
}

// TestFunctions holds the promises with every function on manifests of both
// corpora.
func TestFunctions(t *testing.T) {
	texts := map[string]string{}
	for _, root := range []string{"../corpus", foreign} {
		if err := manifests(texts, root); err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
	}
	all := configs(t)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			changed := 0
			for _, path := range slices.Sorted(maps.Keys(texts)) {
				t.Run(path, func(t *testing.T) {
					_, report := fntest.Promises(t, instances(t, all[name]), texts[path])
					changed += report.Changed()
					noBug(t, report)
				})
			}
			if changed == 0 && strings.HasPrefix(name, "add-") {
				t.Error("nothing was changed")
			}
		})
	}
}

// noBug checks that no result tells of a mistake of ours.
func noBug(t *testing.T, report krm.Report) {
	t.Helper()
	for _, r := range report.Results {
		if r.Code == pod.InternalError || strings.Contains(r.Message, "applying edit") {
			t.Errorf("a bug: %s", r.Line())
		}
	}
}
