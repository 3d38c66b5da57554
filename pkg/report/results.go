package report

import (
	"io"
	"slices"
	"strconv"

	"github.com/krm-sidecars/krm-sidecars/pkg/edit"
	"github.com/krm-sidecars/krm-sidecars/pkg/yamlpatch"
)

// results writes what kpt writes with --results-dir: a list of one function's
// results.
func (r Run) results(w io.Writer) error {
	code := edit.Value{Kind: edit.Number, Text: "0"}
	if r.Report.Failed() {
		code.Text = "1"
	}
	var list []edit.Value
	for _, res := range r.Report.Results {
		v := res.Value()
		if res.File == "" && res.Source != "" {
			v.Fields = append(v.Fields, edit.Field{Name: "file", Value: edit.Texts("path", file(res))})
		}
		if res.AtLine > 0 {
			v.Fields = tagged(v.Fields, "line", strconv.Itoa(res.AtLine))
		}
		list = append(list, v)
	}
	item := edit.Obj(edit.Field{Name: "exec", Value: edit.Str(r.Program)}, edit.Field{Name: "exitCode", Value: code})
	if len(list) > 0 {
		item.Fields = append(item.Fields, edit.Field{Name: "results", Value: edit.Seq(list...)})
	}
	all := edit.Texts("apiVersion", "kpt.dev/v1", "kind", "FunctionResultList")
	all.Fields = append(all.Fields,
		edit.Field{Name: "metadata", Value: edit.Texts("name", "fnresults")},
		edit.Field{Name: "exitCode", Value: code},
		edit.Field{Name: "items", Value: edit.Seq(item)})
	text, err := yamlpatch.Render(all)
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, text)
	return err
}

// tagged adds a tag to the fields of a result.
func tagged(fields []edit.Field, name, value string) []edit.Field {
	for i, f := range fields {
		if f.Name == "tags" {
			fields[i].Value.Fields = slices.Concat(f.Value.Fields, edit.Texts(name, value).Fields)
		}
	}
	return fields
}
