// Package report writes what functions that judge have found, for people and for
// the tools that show such findings.
package report

import (
	"encoding/json"
	"io"
	"slices"
	"strings"

	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// The forms of a report.
const (
	Text    = "text"
	JSON    = "json"
	SARIF   = "sarif"
	JUnit   = "junit"
	Results = "results"
)

// Forms are the forms that a report can have.
func Forms() []string { return []string{Text, JSON, SARIF, JUnit, Results} }

// Run is what is to be reported.
type Run struct {
	Program string // and its version
	Version string
	Report  krm.Report
	Rules   []krm.Rule // that were held against it
	Colour  bool       // of text
	Dir     string     // the working directory
}

// Write writes a report in a form.
func (r Run) Write(w io.Writer, form string) error {
	switch form {
	case JSON:
		return writeJSON(w, r.findings())
	case SARIF:
		return writeJSON(w, r.sarif())
	case JUnit:
		return r.junit(w)
	case Results:
		return r.results(w)
	}
	return r.text(w)
}

func writeJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}

// rule is the id of what a result is about: of a rule, or else its code.
func rule(res krm.Result) string {
	if res.Rule != "" {
		return res.Rule
	}
	return string(res.Code)
}

// file is the file of a result; "" where there is none.
func file(res krm.Result) string {
	if res.Source == "-" {
		return "stdin"
	}
	return res.Source
}

// subject is the object of a result, and the field; "" for the run as a whole.
func subject(res krm.Result) string {
	if res.Ref == (pod.Ref{}) {
		return ""
	}
	return strings.TrimSuffix(res.Ref.String()+" "+res.Field, " ")
}

// indexOf is the place of a rule in the list; -1 for what is none.
func (r Run) indexOf(id string) int {
	return slices.IndexFunc(r.Rules, func(rule krm.Rule) bool { return rule.ID == id })
}

// nameOf is the name of a rule; "" for what is none.
func (r Run) nameOf(id string) string {
	if i := r.indexOf(id); i >= 0 {
		return r.Rules[i].Name
	}
	return ""
}
