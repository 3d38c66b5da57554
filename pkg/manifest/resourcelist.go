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
	empty   bool // no item was found
}

// cutResourceList takes the wrapper o apart.
func (s *Stream) cutResourceList(o *Object) error {
	l := &ResourceList{whole: o, known: map[string]bool{}}
	s.List = l
	items, err := s.itemsOf(o)
	if err != nil {
		return err
	}
	for _, item := range items {
		if err := s.descend(item, o); err != nil {
			return err
		}
	}
	if l.empty = len(items) == 0; l.empty {
		if _, err := o.Document(); err != nil { // the wrapper has to be read
			return err
		}
	}
	return l.readRest(o)
}

// ReadList is Read for what hosts send to functions, where a ResourceList without
// items counts as one with none: hosts count on the field in the answer.
func ReadList(src string) (*Stream, error) {
	s, err := Read("", src)
	if err != nil || s.List == nil || !s.List.empty {
		return s, err
	}
	if src, err = s.List.withItems(); err != nil {
		return nil, fmt.Errorf("reading the ResourceList: %w", err)
	}
	return Read("", src)
}

// withItems returns the text of a list in which no item was found, with an empty
// list of them.
func (l *ResourceList) withItems() (string, error) {
	o := l.whole
	d, err := o.Document()
	if err != nil {
		return "", err
	}
	e := edit.Edit{Op: edit.Replace, Path: edit.Fields("items"), Value: edit.Seq()}
	switch items := d.Root.Get("items"); {
	case items == nil:
		e.Op = edit.Insert
	case items.Deref().Kind == yamlpatch.List:
		return o.stream.src, nil
	case !items.IsNull():
		return "", fmt.Errorf("items (line %d) is no list", o.LineOf(d.Line(items)))
	}
	res, err := d.Apply([]edit.Edit{e})
	return o.stream.src[:o.start] + res.Text + o.stream.src[o.end:], err
}

// readRest reads functionConfig and results.
func (l *ResourceList) readRest(o *Object) error {
	if d := o.parsed; d != nil && d.Root.Style == yamlpatch.Flow {
		return l.readFlow(o, d.Root)
	}
	span, ok, err := o.entry("functionConfig")
	if err != nil {
		return err
	}
	if ok {
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
	span, ok, err := o.entry("results")
	if err != nil || !ok {
		return err
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
// already is not repeated, so that a second run changes nothing.
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
	case len(added) == 0:
		return old, nil
	case l.flow:
		return l.flowResults(old, added), nil
	case old != "":
		return applyResults(old, l.count, added)
	}
	wrapper := "a: 0\n"
	text, err := apply(wrapper, []edit.Edit{{Op: edit.Insert, Path: edit.Fields("results"), Value: edit.Seq(added...)}})
	return l.newLine() + strings.ReplaceAll(strings.TrimPrefix(text, wrapper), "\n", l.whole.eol()), err
}

// newLine ends the last line of the wrapper if it has no end.
func (l *ResourceList) newLine() string {
	if strings.HasSuffix(l.whole.Original(), "\n") {
		return ""
	}
	return l.whole.eol()
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
	return `, "results": ` + edit.Seq(added...).JSON()
}
