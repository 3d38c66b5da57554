// Package cases holds the hard cases that a sidecar injector meets, one test
// each. Every case also holds the promises: a second run changes nothing, and
// removal gives the original bytes back.
package cases

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/krm-sidecars/krm-sidecars/functions"
	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// run is what a case does to a text: the instances run over it, in order.
type run struct {
	t         *testing.T
	instances []*krm.Instance
}

// logs is a run of add-log-sidecar, named logs, with the given spec.
func logs(t *testing.T, spec string) run {
	t.Helper()
	return run{t, []*krm.Instance{logInstance(t, "logs", spec)}}
}

// appLog is the config that most cases use.
const appLog = "logs: [{paths: [/var/log/app/app.log]}]"

func logInstance(t *testing.T, name, spec string) *krm.Instance {
	t.Helper()
	src := "apiVersion: krm-sidecars.dev/v1alpha1\nkind: AddLogSidecar\nmetadata: {name: " + name + "}\nspec:\n" + indented(spec)
	all, err := krm.ReadConfigs(functions.All(), "config.yaml", src)
	if err != nil {
		t.Fatal(err)
	}
	return all[0]
}

func indented(spec string) string {
	return "  " + strings.ReplaceAll(strings.TrimSpace(spec), "\n", "\n  ") + "\n"
}

// text runs the instances over a text.
func (r run) text(src string) (string, krm.Report) {
	r.t.Helper()
	e, err := krm.NewEngine(r.instances, "")
	if err != nil {
		r.t.Fatal(err)
	}
	out, report := e.RunText("in.yaml", src)
	report.Add(e.Unmatched())
	return out, report
}

// keeps runs over src, which must work, and checks the promises.
func (r run) keeps(src string) (string, krm.Report) {
	r.t.Helper()
	out, report := r.text(src)
	if report.Failed() {
		r.t.Fatalf("run failed: %s", lines(report))
	}
	again, second := r.text(out)
	if diff := cmp.Diff(out, again); diff != "" {
		r.t.Errorf("a second run changes something (-first +second):\n%s%s", diff, lines(second))
	}
	if diff := cmp.Diff(src, removed(r.t, out)); diff != "" && !expands(report) {
		r.t.Errorf("removal does not give the original back (-original +removed):\n%s", diff)
	}
	return out, report
}

// expands reports whether aliases were written out that stay so: the one change
// that a removal does not undo, and that is told.
func expands(report krm.Report) bool {
	return slices.ContainsFunc(report.Results, func(r krm.Result) bool { return r.Code == pod.AliasExpanded })
}

// changes runs over src, holds the promises, and expects the changed lines and
// the results.
func (r run) changes(src, want string, codes ...string) {
	r.t.Helper()
	out, report := r.keeps(src)
	if diff := cmp.Diff(plain(want), plain(changed(src, out))); diff != "" {
		r.t.Errorf("changed lines (-want +got):\n%s", diff)
	}
	r.results(report, codes)
}

// passes runs over src and expects it back to the byte, with results.
func (r run) passes(src string, codes ...string) {
	r.t.Helper()
	out, report := r.keeps(src)
	if diff := cmp.Diff(src, out); diff != "" {
		r.t.Errorf("the text has changed (-want +got):\n%s", diff)
	}
	r.results(report, codes)
}

// refuses runs over src and expects failure, no text, and the results.
func (r run) refuses(src string, codes ...string) {
	r.t.Helper()
	out, report := r.text(src)
	if out != "" || !report.Failed() {
		r.t.Errorf("run did not fail, output:\n%s", out)
	}
	r.results(report, codes)
}

// results compares results, each written as "severity code field".
func (r run) results(report krm.Report, want []string) {
	r.t.Helper()
	if diff := cmp.Diff(want, findings(report)); diff != "" {
		r.t.Errorf("results (-want +got):\n%s%s", diff, lines(report))
	}
}

func findings(report krm.Report) []string {
	var all []string
	for _, res := range report.Results {
		all = append(all, strings.TrimSpace(string(res.Severity)+" "+string(res.Code)+" "+res.Field))
	}
	return all
}

// lines returns the results as a person sees them.
func lines(report krm.Report) string {
	var b strings.Builder
	for _, res := range report.Results {
		b.WriteString(res.Line() + "\n")
	}
	return b.String()
}

// result finds the one result of a code, and fails when there is none.
func result(t *testing.T, report krm.Report, code pod.Code) krm.Result {
	t.Helper()
	for _, res := range report.Results {
		if res.Code == code {
			return res
		}
	}
	t.Errorf("there is no result %s among:\n%s", code, lines(report))
	return krm.Result{}
}

// says checks that the message of a result holds some words.
func says(t *testing.T, res krm.Result, words ...string) {
	t.Helper()
	for _, word := range words {
		if !strings.Contains(res.Message, word) {
			t.Errorf("message %q does not say %q", res.Message, word)
		}
	}
}

func removed(t *testing.T, src string) string {
	t.Helper()
	e, err := krm.NewRemover()
	if err != nil {
		t.Fatal(err)
	}
	out, report := e.RunText("in.yaml", src)
	if report.Failed() {
		t.Fatalf("removal failed: %s", lines(report))
	}
	return out
}

var record = regexp.MustCompile(`(krm-sidecars\.dev/[-a-z]+\.[-.\w]+"?: ?)('(?:[^']|'')*'|"(?:[^"\\]|\\.)*")`)

// plain leaves out what records say: they have tests of their own.
func plain(text string) string {
	return strings.TrimSpace(record.ReplaceAllString(text, "${1}RECORD"))
}

// some returns the texts that are not empty; nil when none is.
func some(all ...string) []string {
	var out []string
	for _, s := range all {
		if s != "" {
			out = append(out, s)
		}
	}
	return out
}

func all() []krm.Function { return functions.All() }
