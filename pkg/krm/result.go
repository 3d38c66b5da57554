package krm

import (
	"fmt"
	"strings"

	"github.com/krm-sidecars/krm-sidecars/pkg/edit"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// Result is one finding, in the terms of the KRM functions specification
// (kustomize, api-conventions/functions-spec.md).
type Result struct {
	Function string
	Config   string  // whose name tells it from others of the function; "": there are none
	Ref      pod.Ref // empty for results about the run as a whole
	Severity pod.Severity
	Code     pod.Code
	Field    string
	Message  string
	File     string // path within the package, when the host tells it
	Index    string // place within the file, when the host tells it
	Where    string // position in the input, for people
	Rule     string // of a linter, such as SC011; "": none
	Verdict  pod.Verdict
	Source   string // the file that was read; of findings with a rule, and of what cannot be read
	AtLine   int    // in Source, from 1 on; 0: unknown
}

// Fatal reports whether the result fails the run.
func (r Result) Fatal() bool { return r.Verdict.Fatal(r.Severity) }

// Line returns the result as one line for stderr:
//
//	<function>: <severity> <Kind>/<namespace>/<name> <field>: <message>
//
// Where several configs of the function run, the config's name, in quotes, stands
// behind the function's.
func (r Result) Line() string {
	var b strings.Builder
	b.WriteString(r.Function)
	if r.Config != "" {
		fmt.Fprintf(&b, " %q", r.Config)
	}
	fmt.Fprintf(&b, ": %s", r.Severity)
	if r.Ref != (pod.Ref{}) {
		b.WriteString(" " + r.Ref.String())
	}
	if r.Field != "" {
		b.WriteString(" " + r.Field)
	}
	b.WriteString(": ")
	if r.Rule != "" {
		b.WriteString(r.Rule + ": ")
	}
	b.WriteString(r.Message)
	if r.Where != "" {
		b.WriteString(" (" + r.Where + ")")
	}
	return strings.ReplaceAll(b.String(), "\n", "; ")
}

// Value returns the result as an entry of a ResourceList's results.
func (r Result) Value() edit.Value {
	fields := []edit.Field{
		{Name: "message", Value: edit.Str(r.Message)},
		{Name: "severity", Value: edit.Str(string(r.Severity))},
	}
	if r.Ref != (pod.Ref{}) {
		fields = append(fields, edit.Field{Name: "resourceRef", Value: edit.Texts(
			"apiVersion", r.Ref.APIVersion, "kind", r.Ref.Kind, "name", r.Ref.Name, "namespace", r.Ref.Namespace)})
		if r.Field != "" {
			fields = append(fields, edit.Field{Name: "field", Value: edit.Texts("path", r.Field)})
		}
	}
	if r.File != "" {
		file := edit.Texts("path", r.File)
		if r.Index != "" {
			file.Fields = append(file.Fields, edit.Field{Name: "index", Value: edit.Value{Kind: edit.Number, Text: r.Index}})
		}
		fields = append(fields, edit.Field{Name: "file", Value: file})
	}
	fields = append(fields, edit.Field{Name: "tags", Value: edit.Texts("code", string(r.Code), "function", r.Function, "config", r.Config, "rule", r.Rule)})
	return edit.Obj(fields...)
}
