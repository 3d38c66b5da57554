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
	Ref      pod.Ref // empty for results about the run as a whole
	Severity pod.Severity
	Code     pod.Code
	Field    string
	Message  string
	File     string // path within the package, when the host tells it
	Index    string // place within the file, when the host tells it
	Where    string // position in the input, for people
}

// Line returns the result as one line for stderr:
//
//	<function>: <severity> <Kind>/<namespace>/<name> <field>: <message>
func (r Result) Line() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s", r.Function, r.Severity)
	if r.Ref != (pod.Ref{}) {
		b.WriteString(" " + r.Ref.String())
	}
	if r.Field != "" {
		b.WriteString(" " + r.Field)
	}
	b.WriteString(": " + r.Message)
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
		fields = append(fields, edit.Field{Name: "resourceRef", Value: texts(
			"apiVersion", r.Ref.APIVersion, "kind", r.Ref.Kind, "name", r.Ref.Name, "namespace", r.Ref.Namespace)})
		if r.Field != "" {
			fields = append(fields, edit.Field{Name: "field", Value: texts("path", r.Field)})
		}
	}
	if r.File != "" {
		file := texts("path", r.File)
		if r.Index != "" {
			file.Fields = append(file.Fields, edit.Field{Name: "index", Value: edit.Value{Kind: edit.Number, Text: r.Index}})
		}
		fields = append(fields, edit.Field{Name: "file", Value: file})
	}
	fields = append(fields, edit.Field{Name: "tags", Value: texts("code", string(r.Code), "function", r.Function)})
	return edit.Obj(fields...)
}

// texts makes a map of the pairs of names and values that are not empty.
func texts(pairs ...string) edit.Value {
	v := edit.Obj()
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			v.Fields = append(v.Fields, edit.Field{Name: pairs[i], Value: edit.Str(pairs[i+1])})
		}
	}
	return v
}
