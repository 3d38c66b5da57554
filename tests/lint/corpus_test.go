package lint

import (
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/krm-sidecars/krm-sidecars/functions"
	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// corpus is a folder of manifests that other people wrote.
const corpus = "../../../shared/corpus"

// texts are the manifests of the corpus, by file.
func texts(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := filepath.WalkDir(corpus, func(path string, d fs.DirEntry, err error) error {
		if ext := filepath.Ext(path); err != nil || d.IsDir() || ext != ".yaml" && ext != ".yml" && ext != ".json" {
			return err
		}
		text, err := os.ReadFile(path)
		found[path] = string(text)
		return err
	})
	if len(found) == 0 {
		t.Skip("the corpus is not here:", corpus, err)
	}
	return found
}

// row is a line of the table in docs/lint.md: rule, findings, of which right,
// debatable and wrong.
var row = regexp.MustCompile(`(?m)^\| (SC\d+[a-z]?) \| (\d+) \| (\d+) \| (\d+) \| (\d+) \|`)

// TestCorpus counts the findings in the corpus by rule, and holds what the docs say
// of them.
func TestCorpus(t *testing.T) {
	counts := map[string]int{}
	for file, text := range texts(t) {
		for _, r := range judge(t, file, text) {
			counts[r.Rule]++
		}
	}
	docs, err := os.ReadFile("../../docs/lint.md")
	if err != nil {
		t.Fatal(err)
	}
	told := map[string]int{}
	for _, m := range row.FindAllStringSubmatch(string(docs), -1) {
		var n [4]int
		for i := range n {
			n[i], _ = strconv.Atoi(m[i+2])
		}
		if told[m[1]] = n[0]; n[0] != n[1]+n[2]+n[3] {
			t.Errorf("%s: %d findings are not %d right, %d debatable and %d wrong ones", m[1], n[0], n[1], n[2], n[3])
		}
	}
	for _, id := range slices.Sorted(maps.Keys(counts)) {
		if counts[id] != told[id] {
			t.Errorf("%s finds %d things in the corpus, docs/lint.md says %d", id, counts[id], told[id])
		}
	}
	for id := range told {
		if counts[id] == 0 {
			t.Errorf("%s finds nothing in the corpus, docs/lint.md says it does", id)
		}
	}
}

// FuzzJudge: whatever a text holds, rules do not fail.
func FuzzJudge(f *testing.F) {
	for _, pattern := range []string{"testdata/*.yaml", "../../functions/lint-sidecars/testdata/rules/*.txtar", "../corpus/*", "../adversarial/testdata/*"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			f.Fatal("no seeds in", pattern, err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(regexp.MustCompile(`(?m)^-- .* --$`).ReplaceAllString(string(text), "---"))
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		instances, err := krm.ReadConfigs(functions.All(), "config.yaml", strings.Replace(config, "failOn: never", "fix: true", 1))
		if err != nil {
			t.Fatal(err)
		}
		e, err := krm.NewEngine(instances, "")
		if err != nil {
			t.Fatal(err)
		}
		_, report := e.RunText("in.yaml", text)
		for _, r := range report.Results {
			if r.Code == pod.InternalError {
				t.Error(r.Line())
			}
		}
	})
}
