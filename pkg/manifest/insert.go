package manifest

import (
	"fmt"
	"strings"

	"github.com/krm-sidecars/krm-sidecars/pkg/edit"
	"github.com/krm-sidecars/krm-sidecars/pkg/yamlpatch"
)

// Added returns the objects that were inserted behind o.
func (o *Object) Added() []edit.Value { return o.added }

// InsertAfter puts a new object behind o in the same list or stream.
func (o *Object) InsertAfter(v edit.Value) error {
	render := yamlpatch.Render
	if o.end == len(o.stream.src) && !strings.HasSuffix(o.stream.src, "\n") {
		render = yamlpatch.RenderQuoted // the last line will have no end
	}
	text, err := render(v)
	if err != nil {
		return fmt.Errorf("writing a generated object: %w", err)
	}
	eol := o.eol()
	if eol != "\n" {
		text = strings.ReplaceAll(text, "\n", eol)
	}
	switch o.form {
	case inStream:
		text = "---" + eol + text
	case inBlock:
		text = o.asItem(text, eol)
	case inFlow:
		text = ", " + v.JSON()
	}
	o.after, o.added = append(o.after, text), append(o.added, v)
	return nil
}

// asItem indents text behind a dash in the column of the object's own.
func (o *Object) asItem(text, eol string) string {
	dash, _, found := strings.Cut(o.stream.src[o.lead:o.start], "-")
	if !found { // the dash stands on a line above
		dash = strings.Repeat(" ", max(o.col-2, 0))
	}
	indent := dash + "  "
	body := strings.ReplaceAll(strings.TrimSuffix(text, eol), eol, eol+indent)
	return dash + "- " + strings.ReplaceAll(body, eol+indent+eol, eol+eol) + eol
}

// eol is the line end that the object uses.
func (o *Object) eol() string {
	text := o.Original()
	if n := strings.Count(text, "\n"); n > 0 && strings.Count(text, "\r\n")*2 > n {
		return "\r\n"
	}
	return "\n"
}
