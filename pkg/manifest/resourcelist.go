package manifest

import (
	"fmt"
	"strings"

	"github.com/krm-sidecars/krm-sidecars/pkg/edit"
	"github.com/krm-sidecars/krm-sidecars/pkg/yamlpatch"
)

// ResourceList is the wrapper of the KRM functions specification around the
// objects of a stream.
type ResourceList struct {
	Config *yamlpatch.Doc // the functionConfig; nil when there is none

	whole   *Object
	known   map[string]bool // results that the input had, as JSON
	count   int
	results *Object // the place of the results
	flow    bool
	noItems bool
}

// cutResourceList takes the wrapper o apart.
func (s *Stream) cutResourceList(o *Object) error {
	l := &ResourceList{whole: o, known: map[string]bool{}}
	s.List = l
	items, found := s.itemsOf(o)
	for _, item := range items {
		if err := s.descend(item, o); err != nil {
			return err
		}
	}
	if !found {
		if _, err := o.Document(); err != nil { // the wrapper has to be read
			return err
		}
		l.noItems = o.parsed.Root.Get("items") == nil
	}
	return l.readRest(o)
}

// readRest reads functionConfig and results.
func (l *ResourceList) readRest(o *Object) error {
	if d := o.parsed; d != nil && d.Root.Style == yamlpatch.Flow {
		return l.readFlow(o, d.Root)
	}
	if span, ok := topEntry(o.Original(), o.col, "functionConfig"); ok {
		d, err := yamlpatch.Parse(o.Original()[span[0]:span[1]], 0)
		if err != nil {
			return fmt.Errorf("reading the functionConfig: %w", err)
		}
		if d.Root != nil {
			l.Config = d
		}
	}
	return l.findResults(o)
}

func (l *ResourceList) findResults(o *Object) error {
	end := o.end
	l.results = &Object{stream: o.stream, doc: o.doc, lead: end, start: end, end: end}
	span, ok := topEntry(o.Original(), o.col, "results")
	if !ok {
		return nil
	}
	l.results.start = o.start + span[0] - len("results:")
	l.results.lead, l.results.end = l.results.start, o.start+span[1]
	d, err := l.results.Document()
	if err != nil {
		return fmt.Errorf("reading the results: %w", err)
	}
	l.know(d.Root.Get("results"))
	return nil
}

func (l *ResourceList) readFlow(o *Object, root *yamlpatch.Node) error {
	l.flow = true
	if c := root.Get("functionConfig"); c != nil && !c.IsNull() {
		d, err := yamlpatch.Parse(o.Original()[c.Start:c.End], c.Col)
		if err != nil {
			return fmt.Errorf("reading the functionConfig: %w", err)
		}
		l.Config = d
	}
	at := o.start + root.End - 1
	l.results = &Object{stream: o.stream, doc: o.doc, lead: at, start: at, end: at}
	if r := root.Get("results"); r != nil && r.Kind == yamlpatch.List {
		l.know(r)
		l.results.start, l.results.end = o.start+r.Start, o.start+r.End
		l.results.lead = l.results.start
	}
	return nil
}

// AddResults appends results to those that the list has. A result that is there
// already is not repeated, so that a second run changes nothing. The list gets
// an empty items field if it has none: hosts count on it.
func (l *ResourceList) AddResults(results []edit.Value) error {
	var added []edit.Value
	for _, r := range results {
		if text := r.String(); !l.known[text] {
			added, l.known[text] = append(added, r), true
		}
	}
	text, err := l.withResults(added)
	if err != nil {
		return fmt.Errorf("adding results: %w", err)
	}
	if text != l.results.Original() {
		l.results.SetText(text)
	}
	return nil
}

// know notes the results that the input has.
func (l *ResourceList) know(results *yamlpatch.Node) {
	for _, r := range results.Items() {
		l.known[r.Value().String()] = true
		l.count++
	}
}

func (l *ResourceList) withResults(added []edit.Value) (string, error) {
	old := l.results.Original()
	switch {
	case len(added) == 0 && !l.noItems:
		return old, nil
	case l.flow:
		return l.flowResults(old, added), nil
	case old != "":
		return applyResults(old, l.count, added)
	}
	wrapper := "a: 0\n"
	text, err := applyTop(wrapper, l.topFields(added))
	return l.newLine() + strings.ReplaceAll(strings.TrimPrefix(text, wrapper), "\n", l.whole.eol()), err
}

// newLine ends the last line of the wrapper if it has no end.
func (l *ResourceList) newLine() string {
	if strings.HasSuffix(l.whole.Original(), "\n") {
		return ""
	}
	return l.whole.eol()
}

func (l *ResourceList) topFields(added []edit.Value) []edit.Field {
	var fields []edit.Field
	if l.noItems {
		fields = append(fields, edit.Field{Name: "items", Value: edit.Seq()})
	}
	if len(added) > 0 {
		fields = append(fields, edit.Field{Name: "results", Value: edit.Seq(added...)})
	}
	return fields
}

func applyTop(src string, fields []edit.Field) (string, error) {
	var edits []edit.Edit
	for _, f := range fields {
		edits = append(edits, edit.Edit{Op: edit.Insert, Path: edit.Fields(f.Name), Value: f.Value})
	}
	return apply(src, edits)
}

func applyResults(src string, known int, added []edit.Value) (string, error) {
	var edits []edit.Edit
	for i, r := range added {
		edits = append(edits, edit.Edit{Op: edit.Insert, Path: edit.Fields("results").With(edit.Index(known + i)), Value: r})
	}
	return apply(src, edits)
}

func apply(src string, edits []edit.Edit) (string, error) {
	d, err := yamlpatch.Parse(src, 0)
	if err != nil {
		return "", err
	}
	res, err := d.Apply(edits)
	return res.Text, err
}

// flowResults writes results as JSON, which is flow YAML too.
func (l *ResourceList) flowResults(old string, added []edit.Value) string {
	if inner, ok := strings.CutSuffix(old, "]"); ok {
		comma := ", "
		if l.count == 0 {
			comma = ""
		}
		return inner + comma + strings.TrimPrefix(edit.Seq(added...).JSON(), "[")
	}
	var b strings.Builder
	for _, f := range l.topFields(added) {
		b.WriteString(`, "` + f.Name + `": ` + f.Value.JSON())
	}
	return b.String()
}
