package mesh

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/krm-sidecars/krm-sidecars/functions"
	"github.com/krm-sidecars/krm-sidecars/pkg/fntest"
	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
	"github.com/krm-sidecars/krm-sidecars/tests/mesh/istio"
)

// figures count what became of manifests.
type figures struct{ files, refused, pods, changed, proxied int }

// refuse counts a file that the functions refuse. The reason must be one that a
// user would expect.
func (f *figures) refuse(t *testing.T, report krm.Report) {
	t.Helper()
	f.refused++
	for _, r := range report.Results {
		if r.Severity == pod.Error && !slices.Contains([]pod.Code{pod.AnnotationConflict, pod.LabelConflict, pod.EmptySelector}, r.Code) {
			t.Errorf("refused: %s", r.Line())
		}
	}
}

// tally has figures for each config.
type tally struct {
	lock sync.Mutex
	of   map[string]figures
}

func (s *tally) add(config string, f figures) {
	s.lock.Lock()
	defer s.lock.Unlock()
	if s.of == nil {
		s.of = map[string]figures{}
	}
	s.of[config] = f
}

// configs are the functions' own examples, for all workloads, and several in one.
func configs(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{"all functions": composite(parts("native")), "all but that of the mesh": withoutMesh("init")}
	for _, f := range functions.All() {
		if !strings.HasPrefix(f.Name, "add-") && !strings.HasPrefix(f.Name, "inject-") {
			continue // it adds nothing
		}
		all[f.Name] = replaced(f.Example, "    kinds: [Deployment]\n", "    kinds: []\n")
	}
	return all
}

// upstream returns files of Istio's tests.
func upstream(t *testing.T, pattern string) map[string]string {
	t.Helper()
	dir, err := istio.Inputs()
	if err != nil {
		t.Fatal(err)
	}
	paths, err := filepath.Glob(filepath.Join(dir, pattern))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no files of Istio: %v", err)
	}
	texts := map[string]string{}
	for _, path := range paths {
		if strings.HasSuffix(path, ".iop.yaml") { // values of the chart
			continue
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		texts[filepath.Base(path)] = string(text)
	}
	return texts
}

// testInjected: what Istio's own tests expect of kube-inject survives the functions.
func (s *tally) testInjected(t *testing.T) {
	t.Helper()
	inputs := upstream(t, "*.injected")
	for name, config := range configs(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			instances := fntest.Instances(t, functions.All(), config)
			var f figures
			for file, text := range inputs {
				t.Run(file, func(t *testing.T) {
					f.files++
					_, report := fntest.Promises(t, instances, text)
					if f.changed += report.Changed(); report.Failed() {
						f.refuse(t, report)
					}
				})
			}
			if s.add(name, f); f.changed == 0 {
				t.Error("nothing was changed")
			}
		})
	}
}
