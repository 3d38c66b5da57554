package manifest

import (
	"errors"
	"fmt"
	"maps"
	"strings"

	"github.com/krm-sidecars/krm-sidecars/pkg/yamlpatch"
)

// cut finds the objects of a document.
func (s *Stream) cut(d *document) error {
	o := &Object{stream: s, doc: d, lead: d.lead, start: d.start, end: d.end}
	lineStart := strings.LastIndexByte(s.src[:d.start], '\n') + 1
	if strings.Trim(s.src[lineStart:d.start], bom) != "" {
		o.col = d.start - lineStart
	}
	return s.descend(o, nil)
}

// descend adds o, which may be an item of a list, to its document; of a list it
// adds the items.
func (s *Stream) descend(o, list *Object) error {
	l := glance(o.Original(), o.col)
	o.APIVersion, o.Kind, o.sure = l.apiVersion, l.kind, l.sure
	if !o.sure {
		if _, err := o.Document(); err != nil && l.none {
			s.Others = append(s.Others, o)
			return nil
		} else if err != nil {
			o.doc.objects = append(o.doc.objects, o)
			return nil // whoever needs the object meets the error again
		}
	}
	o.inherit(list)
	switch {
	case o.Kind == "ResourceList" && o.form == inStream && s.List == nil && o.doc.num == 1:
		return s.cutResourceList(o)
	case strings.HasSuffix(o.Kind, "List"):
		return s.cutItems(o)
	}
	switch {
	case o.Kind != "" || o.APIVersion != "":
		o.doc.objects = append(o.doc.objects, o)
	case list == nil:
		s.Others = append(s.Others, o)
	}
	return nil
}

// cutItems replaces a list by its items. What is called a list but has no items
// is an object like any other.
func (s *Stream) cutItems(list *Object) error {
	items, err := s.itemsOf(list)
	if err != nil {
		return err
	}
	if len(items) == 0 {
		list.doc.objects = append(list.doc.objects, list)
		return nil
	}
	for _, item := range items {
		if err := s.descend(item, list); err != nil {
			return err
		}
	}
	return nil
}

// inherit gives an item of a typed list, such as a DeploymentList, the type
// that the API leaves out there.
func (o *Object) inherit(list *Object) {
	if o.Kind == "" && list != nil && list.Kind != "List" && list.Kind != "ResourceList" {
		o.APIVersion, o.Kind = list.APIVersion, strings.TrimSuffix(list.Kind, "List")
	}
}

// itemsOf cuts the items of a list object, if it has any.
func (s *Stream) itemsOf(list *Object) ([]*Object, error) {
	entry, ok, err := list.entry("items")
	if err != nil {
		return nil, err
	}
	if ok {
		if items, ok := s.blockItems(list, entry); ok {
			return items, nil
		}
	}
	d, err := list.Document()
	if err != nil {
		return nil, err
	}
	return s.parsedItems(list, d.Root.Get("items"))
}

// entry returns the span of the lines of a key at the top of an object.
func (o *Object) entry(name string) (span [2]int, ok bool, err error) {
	text := o.Original()
	span, ok = topEntry(text, o.col, name)
	if !ok {
		return span, false, nil
	}
	if _, again := keyLine(text[span[1]-1:], o.col, name+":"); again {
		return span, false, o.wrap(fmt.Errorf("key %q is defined twice; remove one of them", name))
	}
	return span, true, nil
}

// topEntry returns the span of the lines of a key in column col: from the end
// of its colon to the start of the next key.
func topEntry(text string, col int, name string) ([2]int, bool) {
	rest, ok := keyLine(text, col, name+":")
	if !ok {
		return [2]int{}, false
	}
	start := len(text) - len(rest)
	pos := start
	for pos < len(text) {
		i := strings.IndexByte(text[pos:], '\n')
		if i < 0 {
			pos = len(text)
			break
		}
		pos += i + 1
		line := text[pos:]
		indent := len(line) - len(strings.TrimLeft(line, " "))
		if indent <= col && indent < len(line) && strings.IndexByte("-#\n\r", line[indent]) < 0 {
			break
		}
		if indent < col && indent < len(line) && line[indent] == '-' {
			break
		}
	}
	return [2]int{start, pos}, true
}

// blockItems cuts a block list at its dashes. It is false when the value is
// anything else.
func (s *Stream) blockItems(list *Object, span [2]int) ([]*Object, bool) {
	text := list.Original()[:span[1]]
	lineEnd := strings.IndexByte(text[span[0]:], '\n')
	if lineEnd < 0 || hasContent(text[span[0]:span[0]+lineEnd]) {
		return nil, false
	}
	pos := span[0] + lineEnd + 1
	first := firstToken(text[pos:])
	if !strings.HasPrefix(first, "-") {
		return nil, first == ""
	}
	at := len(text) - len(first)
	dash := at - (strings.LastIndexByte(text[:at], '\n') + 1)
	var items []*Object
	for at >= 0 {
		next := nextItem(text, at, dash)
		end := next - dash
		if next < 0 {
			end = len(text)
		}
		item := s.item(list, at, end, dash)
		if item == nil {
			return nil, false
		}
		items = append(items, item)
		at = next
	}
	return items, true
}

// nextItem returns the offset of the next dash in column dash, or -1.
func nextItem(text string, at, dash int) int {
	line := "\n" + strings.Repeat(" ", dash) + "-"
	for {
		i := strings.Index(text[at:], line)
		if i < 0 {
			return -1
		}
		at += i + len(line) - 1
		if at+1 == len(text) || strings.IndexByte(" \t\r\n", text[at+1]) >= 0 {
			return at
		}
	}
}

// item makes the object behind the dash at offset at of a list's text; nil when
// its content begins with something other than a map on the line of the dash.
func (s *Stream) item(list *Object, at, end, dash int) *Object {
	text := list.Original()
	start := at + 1
	for start < end && text[start] == ' ' {
		start++
	}
	col := dash + start - at
	if start < end && strings.IndexByte("\r\n#", text[start]) >= 0 { // the item begins on a line of its own
		start = end - len(firstToken(text[start:end]))
		col = start - (strings.LastIndexByte(text[:start], '\n') + 1)
	}
	if start == end || strings.IndexByte("\t&*!", text[start]) >= 0 {
		return nil
	}
	return &Object{
		stream: s, doc: list.doc, form: inBlock, col: col,
		lead: list.start + at - dash, start: list.start + start, end: list.start + end,
	}
}

// parsedItems makes objects of items that a parser found, in flow style or
// behind properties. An item that is there again by an alias counts once.
func (s *Stream) parsedItems(list *Object, items *yamlpatch.Node) ([]*Object, error) {
	var objects []*Object
	prev := 0
	seen := map[*yamlpatch.Node]bool{}
	for _, n := range items.Items() {
		if n.Kind != yamlpatch.Map || seen[n] {
			continue
		}
		if n.End <= n.Start || n.Start < prev { // to pass it by would be to miss it
			return nil, list.wrap(errors.New("the items of a list in this style cannot be told apart; write it in block style without aliases, or as JSON"))
		}
		seen[n] = true
		objects = append(objects, s.parsedItem(list, n, prev))
		prev = n.End
	}
	return objects, nil
}

// parsedItem makes an object of an item that stands behind the one that ends at
// prev.
func (s *Stream) parsedItem(list *Object, n *yamlpatch.Node, prev int) *Object {
	item := &Object{stream: s, doc: list.doc, form: inFlow, col: n.Col, start: list.start + n.Start, end: list.start + n.End}
	if item.lead = list.start + prev; prev == 0 {
		item.lead = item.start
	}
	if n.Style == yamlpatch.Block {
		item.form = inBlock
		item.lead = strings.LastIndexByte(s.src[:item.start], '\n') + 1
		item.end = min(list.end, item.end+strings.IndexByte(s.src[item.end:]+"\n", '\n')+1)
	}
	return item
}

// foreignAnchors returns the anchors that an object may refer to although they
// stand outside of it: those of its whole document, and those of earlier
// documents that Helm 4 made from the same template file.
func (o *Object) foreignAnchors() map[string]*yamlpatch.Node {
	o.doc.once.Do(func() {
		if o.form == inStream {
			o.doc.anchors = o.earlierAnchors()
		} else {
			o.doc.anchors = yamlpatch.Anchors(o.stream.src[o.doc.start:o.doc.end])
		}
	})
	return o.doc.anchors
}

// WriteOut writes aliases out that mean the given anchors, where those stand in
// another object of the document that has changed.
// It reports whether there were any.
func (o *Object) WriteOut(anchors []string) (bool, error) {
	d, err := o.Document()
	if err != nil {
		return false, err
	}
	res, err := d.WriteOut(anchors)
	if err != nil || res.Text == o.Original() {
		return false, err
	}
	if o.text == nil { // else that was done with its own change
		o.SetText(res.Text)
	}
	return true, nil
}

// SameDocument reports whether two objects are items of one document.
func (o *Object) SameDocument(other *Object) bool { return o.doc == other.doc }

// SameStream reports whether two objects are of one file or stream.
func (o *Object) SameStream(other *Object) bool { return o.stream == other.stream }

const helmFile = "postrenderer.helm.sh/postrender-filename"

func (o *Object) earlierAnchors() map[string]*yamlpatch.Node {
	file := helmFileOf(o.Original())
	if file == "" {
		return nil
	}
	all := map[string]*yamlpatch.Node{}
	for _, d := range o.stream.docs[:o.doc.num-1] {
		text := o.stream.src[d.start:d.end]
		if helmFileOf(text) != file {
			continue
		}
		maps.Copy(all, yamlpatch.Anchors(text))
	}
	return all
}

// helmFileOf finds Helm 4's file annotation in the text of a document.
func helmFileOf(text string) string {
	_, rest, ok := strings.Cut(text, helmFile+":")
	if !ok {
		return ""
	}
	line, _, _ := strings.Cut(rest, "\n")
	return strings.Trim(strings.TrimSpace(line), `"'`)
}
