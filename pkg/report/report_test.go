package report

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// sample is a run with a finding of each kind.
func sample() Run {
	web := pod.Ref{APIVersion: "apps/v1", Kind: "Deployment", Namespace: "shop", Name: "web"}
	return Run{
		Program: "krm-sidecars", Version: "v1.2.3",
		Rules: []krm.Rule{
			{ID: "SC001", Name: "duplicate-name", Severity: pod.Error, About: "Two have one name.", Remedy: "rename one"},
			{ID: "SC040", Name: "no-default", Severity: pod.Info, About: "Nothing is the default.", Remedy: "add the annotation"},
		},
		Report: krm.Report{
			Judged: krm.Judged{Objects: 3, Ignored: 2},
			Results: []krm.Result{
				{Function: "lint-sidecars", Ref: web, Severity: pod.Info, Code: pod.Lint, Rule: "SC040", Verdict: pod.Passes,
					Field: "spec.template", Message: `no default; add "it" <here>`, Source: "my apps/web.yaml", AtLine: 9},
				{Function: "lint-sidecars", Ref: web, Severity: pod.Error, Code: pod.Lint, Rule: "SC001", Verdict: pod.Fails,
					Field: "spec.template.spec", Message: "two\nlines", Source: "a.yaml", AtLine: 12},
				{Function: "krm-sidecars", Severity: pod.Error, Code: pod.InvalidInput, Message: "reading stdin, line 3", Source: "-", AtLine: 3},
				{Function: "krm-sidecars", Severity: pod.Error, Code: pod.InvalidConfig, Message: "cannot be used", Where: "c.yaml, line 3"},
			},
		},
	}
}

func written(t *testing.T, r Run, form string) string {
	t.Helper()
	var b strings.Builder
	if err := r.Write(&b, form); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestText(t *testing.T) {
	want := `c.yaml, line 3: error invalid-config: cannot be used
error invalid-input: reading stdin, line 3
a.yaml:12: error SC001 Deployment/shop/web spec.template.spec: two; lines
my apps/web.yaml:9: info SC040 Deployment/shop/web spec.template: no default; add "it" <here>
`
	if diff := cmp.Diff(want, written(t, sample(), Text)); diff != "" {
		t.Error(diff)
	}
	coloured := sample()
	coloured.Colour = true
	if text := written(t, coloured, Text); !strings.Contains(text, "a.yaml:12: \x1b[31merror\x1b[m SC001 ") {
		t.Errorf("no colour in %q", text)
	}
	if text := written(t, coloured, JUnit); strings.Contains(text, "\x1b") {
		t.Errorf("colour in XML: %q", text)
	}
}

func TestJSON(t *testing.T) {
	var got summary
	if err := json.Unmarshal([]byte(written(t, sample(), JSON)), &got); err != nil {
		t.Fatal(err)
	}
	want := summary{Failed: true, Checked: 3, Ignored: 2, Findings: []finding{
		{Rule: "SC040", Name: "no-default", Severity: "info", File: "my apps/web.yaml", Line: 9, APIVersion: "apps/v1", Kind: "Deployment",
			Namespace: "shop", Object: "web", Field: "spec.template", Message: `no default; add "it" <here>`},
		{Rule: "SC001", Name: "duplicate-name", Severity: "error", Fails: true, File: "a.yaml", Line: 12, APIVersion: "apps/v1", Kind: "Deployment",
			Namespace: "shop", Object: "web", Field: "spec.template.spec", Message: "two\nlines"},
		{Rule: "invalid-input", Severity: "error", Fails: true, File: "stdin", Line: 3, Message: "reading stdin, line 3"},
		{Rule: "invalid-config", Severity: "error", Fails: true, Message: "cannot be used"},
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestSARIF holds what SARIF 2.1.0 requires of a log, and what code scanning needs
// to show it.
func TestSARIF(t *testing.T) {
	var log map[string]any
	if err := json.Unmarshal([]byte(written(t, sample(), SARIF)), &log); err != nil {
		t.Fatal(err)
	}
	run := at[map[string]any](t, log, "runs", 0)
	for _, err := range []error{
		equal(log["version"], "2.1.0"),
		equal(at[string](t, run, "tool", "driver", "name"), "krm-sidecars"),
		equal(at[string](t, run, "tool", "driver", "rules", 1, "defaultConfiguration", "level"), "note"),
		equal(at[string](t, run, "results", 0, "level"), "note"),
		equal(at[float64](t, run, "results", 0, "ruleIndex"), 1.0),
		equal(at[string](t, run, "results", 0, "locations", 0, "physicalLocation", "artifactLocation", "uri"), "my%20apps/web.yaml"),
		equal(at[float64](t, run, "results", 1, "locations", 0, "physicalLocation", "region", "startLine"), 12.0),
		equal(at[string](t, run, "results", 2, "ruleId"), "invalid-input"),
		equal(at[map[string]any](t, run, "results", 2)["ruleIndex"], nil),
		equal(at[string](t, run, "results", 0, "message", "text"), `Deployment/shop/web spec.template: no default; add "it" <here>`),
		equal(at[string](t, run, "invocations", 0, "toolExecutionNotifications", 0, "descriptor", "id"), "invalid-config"),
		equal(at[bool](t, run, "invocations", 0, "executionSuccessful"), false),
	} {
		if err != nil {
			t.Error(err)
		}
	}
	for i := range at[[]any](t, run, "tool", "driver", "rules") {
		rule := at[map[string]any](t, run, "tool", "driver", "rules", i)
		for _, field := range []string{"shortDescription", "fullDescription", "help"} {
			if at[string](t, rule, field, "text") == "" {
				t.Errorf("rule %v has no %s", rule["id"], field)
			}
		}
	}
	if count := len(at[[]any](t, run, "results")); count != 3 {
		t.Fatalf("there are %d results", count)
	}
	for i := range at[[]any](t, run, "results") {
		result := at[map[string]any](t, run, "results", i)
		if level, _ := result["level"].(string); !slices.Contains([]string{"none", "note", "warning", "error"}, level) {
			t.Errorf("level %q is none of SARIF", level)
		}
		place := at[map[string]any](t, result, "locations", 0, "physicalLocation")
		if at[string](t, result, "message", "text") == "" || at[string](t, place, "artifactLocation", "uri") == "" || at[float64](t, place, "region", "startLine") < 1 {
			t.Errorf("a result has no message, file or line: %v", result)
		}
		if index, ok := result["ruleIndex"].(float64); ok && at[string](t, run, "tool", "driver", "rules", int(index), "id") != result["ruleId"] {
			t.Errorf("ruleIndex %v is not %v", index, result["ruleId"])
		}
	}
}

// TestSARIFOfNothing: lists that SARIF requires are there when they are empty.
func TestSARIFOfNothing(t *testing.T) {
	text := written(t, Run{Program: "krm-sidecars"}, SARIF)
	for _, want := range []string{`"results": []`, `"rules": []`} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s in:\n%s", want, text)
		}
	}
}

func TestURI(t *testing.T) {
	for file, want := range map[string]string{
		"./a/../b.yaml": "b.yaml", "/tmp/a b.yaml": "file:///tmp/a%20b.yaml", "a#1.yaml": "a%231.yaml",
		"/work/shop/deploy/a.yaml": "deploy/a.yaml", "/work/shopping/a.yaml": "file:///work/shopping/a.yaml", "../a.yaml": "../a.yaml",
	} {
		if got := uri("/work/shop", file); got != want {
			t.Errorf("uri(%q) = %q, want %q", file, got, want)
		}
	}
}

// at follows names and indexes into JSON.
func at[T any](t *testing.T, v any, path ...any) T {
	t.Helper()
	for _, step := range path {
		switch step := step.(type) {
		case string:
			m, _ := v.(map[string]any)
			v = m[step]
		case int:
			list, _ := v.([]any)
			if step >= len(list) {
				t.Fatalf("%v: the list has %d elements", path, len(list))
			}
			v = list[step]
		}
	}
	got, ok := v.(T)
	if !ok {
		t.Fatalf("%v is %v", path, v)
	}
	return got
}

func equal(got, want any) error {
	if got != want {
		return errors.New(cmp.Diff(want, got))
	}
	return nil
}

func TestJUnit(t *testing.T) {
	text := written(t, sample(), JUnit)
	var got suites
	if err := xml.Unmarshal([]byte(text), &got); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	if got.Tests != 4 || got.Failures != 3 || len(got.Suites) != 4 {
		t.Errorf("%d tests, %d failures, %d suites", got.Tests, got.Failures, len(got.Suites))
	}
	passes, fails := got.Suites[0].Cases[0], got.Suites[1].Cases[0]
	if passes.Failure != nil || !strings.Contains(passes.Out, `add "it" <here>`) || passes.Name != "Deployment/shop/web spec.template" {
		t.Errorf("what does not fail the run is %+v", passes)
	}
	if fails.Failure == nil || fails.Failure.Type != "error" || fails.ClassName != "SC001.duplicate-name" || fails.Line != 12 {
		t.Errorf("what fails the run is %+v", fails)
	}
	if unread := got.Suites[2]; unread.Name != "stdin" || unread.Cases[0].Name != "invalid-input" || unread.Cases[0].File != "stdin" {
		t.Errorf("what cannot be read is %+v", unread)
	}
}

// TestJUnitNames: tests of one name would be one test to systems that read them.
func TestJUnitNames(t *testing.T) {
	r := sample()
	r.Report.Results = slices.Repeat(r.Report.Results[:1], 3)
	var got suites
	if err := xml.Unmarshal([]byte(written(t, r, JUnit)), &got); err != nil {
		t.Fatal(err)
	}
	const name = "Deployment/shop/web spec.template"
	var names []string
	for _, c := range got.Suites[0].Cases {
		names = append(names, c.Name)
	}
	if diff := cmp.Diff([]string{name, name + " (2)", name + " (3)"}, names); diff != "" {
		t.Error(diff)
	}
}

// TestJUnitOfNothing: a report without tests is a mistake to many CI systems.
func TestJUnitOfNothing(t *testing.T) {
	var got suites
	if err := xml.Unmarshal([]byte(written(t, Run{Program: "krm-sidecars"}, JUnit)), &got); err != nil {
		t.Fatal(err)
	}
	if got.Tests != 1 || got.Failures != 0 {
		t.Errorf("%d tests, %d failures", got.Tests, got.Failures)
	}
}

func TestResults(t *testing.T) {
	r := sample()
	r.Report.Results = r.Report.Results[1:2]
	want := `apiVersion: kpt.dev/v1
kind: FunctionResultList
metadata:
  name: fnresults
exitCode: 1
items:
- exec: krm-sidecars
  exitCode: 1
  results:
  - message: |-
      two
      lines
    severity: error
    resourceRef:
      apiVersion: apps/v1
      kind: Deployment
      name: web
      namespace: shop
    field:
      path: spec.template.spec
    tags:
      code: lint
      function: lint-sidecars
      rule: SC001
      line: '12'
    file:
      path: a.yaml
`
	if diff := cmp.Diff(want, written(t, r, Results)); diff != "" {
		t.Error(diff)
	}
}
