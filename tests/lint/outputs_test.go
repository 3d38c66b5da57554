// Package lint holds what lint-sidecars says about manifests that are not made for
// it: our own outputs, the guide that the project grew from, and what other people
// wrote.
package lint

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/krm-sidecars/krm-sidecars/functions"
	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
)

const config = "apiVersion: krm-sidecars.dev/v1alpha1\nkind: LintSidecars\nmetadata: {name: all}\nspec: {failOn: never}\n"

// judge runs all rules with their defaults on a text.
func judge(t *testing.T, name, text string) []krm.Result {
	t.Helper()
	return judgeBy(t, config, name, text)
}

func judgeBy(t *testing.T, config, name, text string) []krm.Result {
	t.Helper()
	instances, err := krm.ReadConfigs(functions.All(), "config.yaml", config)
	if err != nil {
		t.Fatal(err)
	}
	e, err := krm.NewEngine(instances, "")
	if err != nil {
		t.Fatal(err)
	}
	_, report := e.RunText(name, text)
	return slices.DeleteFunc(report.Results, func(r krm.Result) bool { return r.Rule == "" })
}

// place is what a finding is about.
func place(r krm.Result) string { return fmt.Sprintf("%s %s %s", r.Rule, r.Ref, r.Field) }

// TestOutputs: what a function adds with the defaults of this project gives a
// linter nothing to say. What it says of the user's own containers it said before.
func TestOutputs(t *testing.T) {
	files, err := filepath.Glob("../../functions/*/testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("there are no cases", err)
	}
	reasons, used := asked(), map[string]bool{}
	judged := 0
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		part := map[string]string{}
		for _, f := range archive.Files {
			part[f.Name] = string(f.Data)
		}
		function := filepath.Base(filepath.Dir(filepath.Dir(file)))
		if function == "lint-sidecars" || part["in.yaml"] == "" || part["out.yaml"] == "" {
			continue
		}
		judged++
		for _, r := range news(t, linterFor(part["config.yaml"]), part["in.yaml"], part["out.yaml"]) {
			key := function + "/" + strings.TrimSuffix(filepath.Base(file), ".txtar") + " " + r.Rule
			if used[key] = true; reasons[key] == "" {
				t.Errorf("%s: %s", key, r.Line())
			}
		}
	}
	for key := range reasons {
		if !used[key] {
			t.Errorf("%s is not found any more; remove the reason", key)
		}
	}
	if judged < 240 {
		t.Errorf("judged %d cases only", judged)
	}
}

// linterFor is the linter's config for what another config makes: it is told of
// OpenShift where that is.
func linterFor(other string) string {
	if strings.Contains(other, "platform: openshift") {
		return strings.Replace(config, "failOn: never", "failOn: never, platform: openshift", 1)
	}
	return config
}

// news are the findings of a config that one text has and another did not have.
func news(t *testing.T, config, before, after string) []krm.Result {
	t.Helper()
	had := map[string]bool{}
	for _, r := range judgeBy(t, config, "before.yaml", before) {
		had[place(r)] = true
	}
	return slices.DeleteFunc(judgeBy(t, config, "after.yaml", after), func(r krm.Result) bool { return had[place(r)] })
}

// TestExamples is TestOutputs for what the examples print. What was before is what
// is left when all that functions added is taken away.
func TestExamples(t *testing.T) {
	files, err := filepath.Glob("../../examples/*/*/expected.yaml")
	if err != nil || len(files) < 15 {
		t.Fatalf("found %d examples only: %v", len(files), err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), "{...}") {
			continue // it is cut short for readers
		}
		remover, err := krm.NewRemover()
		if err != nil {
			t.Fatal(err)
		}
		before, report := remover.RunText(file, string(text))
		if report.Failed() {
			t.Fatalf("%s: %v", file, report.Results)
		}
		for _, r := range news(t, config, before, string(text)) {
			t.Errorf("%s: %s", file, r.Line())
		}
	}
}
