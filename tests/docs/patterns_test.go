package docs_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/krm-sidecars/krm-sidecars/functions"
	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
	"github.com/krm-sidecars/krm-sidecars/tests/box"
)

// pattern is an example of several functions, in a folder that every host can
// read.
type pattern struct {
	name      string
	instances []*krm.Instance
	source    string
}

func patterns(t *testing.T) []pattern {
	t.Helper()
	folders, err := filepath.Glob(filepath.Join(root, "examples/patterns/*"))
	box.Check(t, err)
	var all []pattern
	for _, folder := range folders {
		p := pattern{name: filepath.Base(folder), source: strings.Join(texts(t, folder, "templates/*.yaml"), "---\n")}
		for _, text := range texts(t, folder, "*.yaml") {
			if strings.HasPrefix(text, "apiVersion: krm-sidecars.dev/") {
				instances, err := krm.ReadConfigs(functions.All(), p.name, text)
				box.Check(t, err)
				p.instances = append(p.instances, instances...)
			}
		}
		all = append(all, p)
	}
	return all
}

func texts(t *testing.T, folder, pattern string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, filepath.FromSlash(pattern)))
	box.Check(t, err)
	var all []string
	for _, file := range files {
		data, err := os.ReadFile(file)
		box.Check(t, err)
		all = append(all, string(data))
	}
	return all
}

// TestPatterns: the functions of a pattern may run at once or one by one in any
// order, and any of them can be taken away alone.
func TestPatterns(t *testing.T) {
	for _, p := range patterns(t) {
		t.Run(p.name, func(t *testing.T) {
			whole := inject(t, p.instances, p.source)
			want := objects(t, whole)
			for _, order := range permutations(p.instances) {
				if d := cmp.Diff(want, objects(t, oneByOne(t, order, p.source))); d != "" {
					t.Errorf("another order gives another pod (-at once +one by one):\n%s", d)
				}
			}
			for i, gone := range p.instances {
				others := slices.Delete(slices.Clone(p.instances), i, i+1)
				if d := cmp.Diff(objects(t, oneByOne(t, others, p.source)), objects(t, without(t, gone, whole))); d != "" {
					t.Errorf("removing %s leaves (-never there +removed):\n%s", gone.Owner, d)
				}
			}
		})
	}
}

func inject(t *testing.T, instances []*krm.Instance, text string) string {
	t.Helper()
	e, err := krm.NewEngine(instances, "")
	box.Check(t, err)
	return succeed(t, e, text)
}

// oneByOne runs each instance on what the one before it made, as kustomize and
// kpt do.
func oneByOne(t *testing.T, instances []*krm.Instance, text string) string {
	t.Helper()
	for _, in := range instances {
		text = inject(t, []*krm.Instance{in}, text)
	}
	return text
}

func without(t *testing.T, gone *krm.Instance, text string) string {
	t.Helper()
	e, err := krm.NewRemover(krm.Origin{Owner: gone.Owner})
	box.Check(t, err)
	return succeed(t, e, text)
}

func succeed(t *testing.T, e *krm.Engine, text string) string {
	t.Helper()
	text, report := e.RunText("in.yaml", text)
	if report.Failed() {
		t.Fatal(report.Results)
	}
	return text
}

func permutations(all []*krm.Instance) [][]*krm.Instance {
	if len(all) == 0 {
		return [][]*krm.Instance{nil}
	}
	var orders [][]*krm.Instance
	for _, rest := range permutations(all[1:]) {
		for i := range len(rest) + 1 {
			orders = append(orders, slices.Insert(slices.Clone(rest), i, all[0]))
		}
	}
	return orders
}

// TestPatternsRunInEveryHost: each pattern shows how.
func TestPatternsRunInEveryHost(t *testing.T) {
	for _, p := range patterns(t) {
		var shown []string
		for _, b := range blocks(t, "examples/patterns/"+p.name+"/README.md") {
			if b.verb == "with" {
				shown = append(shown, b.arg)
			}
		}
		if d := cmp.Diff(hosts(), shown); d != "" {
			t.Errorf("examples/patterns/%s does not show every host once, in order:\n%s", p.name, d)
		}
	}
}
