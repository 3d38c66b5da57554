package lint

import (
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	meshannotation "github.com/krm-sidecars/krm-sidecars/functions/add-mesh-annotation"
	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// fixed runs all rules on a text, corrects what they can, and returns what was
// corrected, by rule and field.
func fixed(t *testing.T, name, text string) (out string, corrected []string) {
	t.Helper()
	const config = "apiVersion: krm-sidecars.dev/v1alpha1\nkind: LintSidecars\nmetadata: {name: x}\nspec: {fix: true, failOn: never}\n"
	instances, err := krm.ReadConfigs([]krm.Function{Function(meshannotation.Mistakes)}, "config.yaml", config)
	if err != nil {
		t.Fatal(err)
	}
	e, err := krm.NewEngine(instances, "")
	if err != nil {
		t.Fatal(err)
	}
	out, report := e.RunText(name, text)
	for _, r := range report.Results {
		if r.Code == pod.Repaired {
			corrected = append(corrected, r.Rule+" "+r.Field)
		}
	}
	if report.Failed() {
		t.Fatalf("%s: %v", name, report.Results)
	}
	return out, corrected
}

// TestFixes: what is corrected is right from then on, and nothing else changes.
func TestFixes(t *testing.T) {
	files, err := filepath.Glob("testdata/rules/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("there are no cases", err)
	}
	count := map[string]int{}
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range archive.Files {
			name, text := filepath.Base(file)+"/"+f.Name, string(f.Data)
			if !strings.HasPrefix(f.Name, "bad") && !strings.HasPrefix(f.Name, "good") {
				continue
			}
			out, corrected := fixed(t, name, text)
			if (out != text) != (len(corrected) > 0) {
				t.Errorf("%s: corrected %v, but the text is\n%s", name, corrected, out)
			}
			again, more := fixed(t, name, out)
			if again != out || len(more) > 0 {
				t.Errorf("%s: corrected again: %v\n%s", name, more, again)
			}
			for _, c := range corrected {
				rule, _, _ := strings.Cut(c, " ")
				count[rule]++
			}
		}
	}
	for _, rule := range []string{"SC008", "SC029", "SC030"} {
		if count[rule] == 0 {
			t.Errorf("%s corrected nothing", rule)
		}
	}
	t.Log(count)
}
