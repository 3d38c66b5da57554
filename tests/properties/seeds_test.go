package properties_test

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/krm-sidecars/krm-sidecars/functions"
	"github.com/krm-sidecars/krm-sidecars/pkg/fntest"
	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// tooLong is the length from which an input says nothing that a shorter one
// does not, and takes long to say it.
const tooLong = 64 << 10

// short is the length up to which seeds are worth fuzzing: long ones are slow to
// change in a way that matters.
const short = 2 << 10

// Configs of one owner, beside those of corpus_test.go.
const (
	plain = `apiVersion: krm-sidecars.dev/v1alpha1
kind: AddLogSidecar
metadata: {name: logs}
spec:
  logs: [{paths: [/var/log/app/app.log], readFrom: end}]
  volume: {medium: Memory, sizeLimit: 1Mi}
  fsGroup: 2000
  injectAs: container
  placement: first
`
	unmatched = `apiVersion: krm-sidecars.dev/v1alpha1
kind: AddLogSidecar
metadata: {name: logs}
spec:
  target: {names: [nobody-is-called-like-this]}
  logs: [{paths: [/var/log/app/app.log]}]
`
	failing = `apiVersion: krm-sidecars.dev/v1alpha1
kind: AddLogSidecar
metadata: {name: logs}
spec:
  logs: [{container: nobody-is-called-like-this, paths: [/var/log/app/app.log]}]
`
)

// Configs of other owners: one with a directory of its own, and one that shares
// what the owner logs adds.
const (
	apart = `apiVersion: krm-sidecars.dev/v1alpha1
kind: AddLogSidecar
metadata: {name: audit}
spec:
  logs: [{paths: [/srv/audit/audit.log]}]
  container: {name: audit-sidecar}
`
	sharing = `apiVersion: krm-sidecars.dev/v1alpha1
kind: AddLogSidecar
metadata: {name: audit}
spec:
  logs: [{paths: [/var/log/app/audit.log]}]
`
)

// exotic holds what has to be formatted anew, or is refused.
var exotic = []string{
	"apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\n  annotations:\n    a: \"one \\\n      two\"\nspec:\n  containers:\n  - {name: a, image: a}\n",
	"apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n  - &a\n    name: a\n    image: a\n  - <<: *a\n    name: b\n",
	"apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers: &c\n  - {name: a, image: a}\n  x: *c\n",
	"apiVersion: v1\nkind: Pod\n? metadata\n: {name: p}\nspec: {containers: [{name: a, image: a}]}\n",
	"apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n  - name: a\n    image: !!str a\n",
	"apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nmetadata: {name: q}\nspec:\n  containers:\n  - {name: a}\n",
	"apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n  - {name: log-sidecar, image: mine}\n",
	"apiVersion: v1\nkind: Pod\nspec: {containers: [\n",
	"apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n- apiVersion: v1\n  kind: Pod\n  metadata: {name: p}\n  spec: {containers: [{name: a, image: a}]}\n",
	"{apiVersion: config.kubernetes.io/v1, kind: ResourceList, items: [{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {containers: [{name: a, image: a}]}}]}",
	"apiVersion: config.kubernetes.io/v1\nkind: ResourceList\n",
	"apiVersion: v1\nkind: Pod\nmetadata: {name: p, annotations: {" + safeToEvict + ": data}}\nspec: {containers: [{name: a}]}\n",
	"apiVersion: v1\nkind: Pod\nmetadata:\n  annotations:\n    " + safeToEvict + ":\nspec: {containers: [{name: a}]}\n",
	"apiVersion: v1\nkind: Pod\nmetadata:\n  annotations:\n    " + safeToEvict + ": >-\n      a,\n      b\nspec: {containers: [{name: a}]}\n",
	"apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {x: , y, \"z\", containers: [{name: a, image: a, stdin: }]}\n",
	"apiVersion: v1\nkind: Pod\nmetadata: n\nspec: {containers: [{name: a}]}\n",
	"not a map\n",
	"\n",
	"",
}

// seeds are the inputs of the cases of add-log-sidecar, of both corpora, and
// exotic.
var seeds = sync.OnceValues(func() (map[string]string, error) {
	all, err := goldens("add-log-sidecar")
	if err != nil {
		return nil, err
	}
	for _, root := range []string{"../corpus", foreign} {
		if err := manifests(all, root); err != nil && !os.IsNotExist(err) {
			return nil, err
		}
	}
	maps.DeleteFunc(all, func(_, src string) bool { return len(src) > tooLong })
	return all, nil
})

// goldens are the inputs of the cases of functions, each once, and exotic.
func goldens(functions string) (map[string]string, error) {
	cases, err := filepath.Glob("../../functions/" + functions + "/testdata/*.txtar")
	if err != nil {
		return nil, err
	}
	if len(cases) == 0 {
		return nil, fmt.Errorf("there are no cases of %s", functions)
	}
	all, seen := map[string]string{}, map[string]bool{}
	for i, src := range exotic {
		all[fmt.Sprintf("exotic-%02d", i)] = src
	}
	for _, file := range cases {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			return nil, err
		}
		for _, part := range archive.Files {
			if text := string(part.Data); part.Name == "in.yaml" && !seen[text] {
				seen[text], all[file] = true, text
			}
		}
	}
	return all, nil
}

// fuzz holds a promise on whatever the fuzzer makes of the seeds. Without -fuzz
// it has none: TestPromises runs them, by name.
func fuzz(f *testing.F, keeps func(*testing.T, string)) {
	f.Helper()
	all, err := seeds()
	if err != nil {
		f.Fatal(err)
	}
	fuzzing := flag.Lookup("test.fuzz").Value.String() != ""
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if fuzzing && len(all[name]) <= short {
			f.Add(all[name])
		}
	}
	f.Fuzz(func(t *testing.T, src string) {
		if len(src) > tooLong {
			t.Skip("too long")
		}
		keeps(t, src)
	})
}

var known sync.Map // instances by config

// instances reads a config, once.
func instances(t *testing.T, config string) []*krm.Instance {
	t.Helper()
	have, ok := known.Load(config)
	if !ok {
		have, _ = known.LoadOrStore(config, fntest.Instances(t, functions.All(), config))
	}
	return have.([]*krm.Instance)
}

// run runs configs, one after the other, over a text. It is false when a run
// fails, and for what was formatted anew: that keeps its meaning, not its bytes.
func run(t *testing.T, src string, configs ...string) (string, bool) {
	t.Helper()
	for _, config := range configs {
		out, report := fntest.Run(t, instances(t, config), src)
		if report.Failed() || fntest.Has(report, pod.Reencoded) || fntest.Has(report, pod.AliasExpanded) {
			return "", false
		}
		src = out
	}
	return src, true
}

var record = regexp.MustCompile(`krm-sidecars\.dev/[^\s:"']*\.[^\s"']*`)

// clean reports whether a text holds nothing that a function may have added.
func clean(src string) bool {
	return !record.MatchString(src) && !strings.Contains(src, inject.GeneratedBy) && !strings.Contains(src, `\`+"x")
}

func lines(report krm.Report) string {
	var b strings.Builder
	for _, r := range report.Results {
		b.WriteString(r.Line() + "\n")
	}
	return b.String()
}
