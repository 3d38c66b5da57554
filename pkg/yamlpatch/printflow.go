package yamlpatch

import (
	"bytes"
	"slices"
	"strings"
)

// flow prints the differences inside a flow collection.
func (p *printer) flow(n *Node) {
	from := n.from
	gone := n.gone()
	style := p.flowStyle(from)
	if len(n.Entries) == 0 || len(gone) == len(from.Entries) {
		var b bytes.Buffer
		style.collection(&b, n, p.level(from, style))
		p.add(from.Start, from.End, b.String())
		return
	}
	p.deleteFlow(from, gone)
	level := p.level(from, style) + 1
	prev := fresh
	var leading strings.Builder
	for _, e := range n.Entries {
		if !e.isFresh() {
			prev = from.place(e)
			p.changedFlow(from.Entries[prev].Value, e, style, level)
			continue
		}
		var b bytes.Buffer
		style.entry(&b, e, level)
		if prev == fresh {
			leading.WriteString(b.String() + style.comma() + style.lineBreak(level))
		} else {
			end := from.Entries[prev].Value.End
			p.add(end, end, style.comma()+style.lineBreak(level)+b.String())
		}
	}
	if leading.Len() > 0 {
		p.add(from.Entries[0].Start, from.Entries[0].Start, leading.String())
	}
}

func (p *printer) changedFlow(old *Node, e Entry, style flowStyle, level int) {
	switch {
	case e.Value == old:
	case e.Value.from == old && old.Style == Flow:
		p.flow(e.Value)
	default:
		var b bytes.Buffer
		if e.Value.isRaw {
			b.WriteString(strings.TrimSpace(absolute(e.Value.more().raw, p.d.indentAt(old.Start))))
		} else {
			style.value(&b, e.Value, level)
		}
		p.add(old.Start, old.End, b.String())
	}
}

// deleteFlow removes members with the comma in front of them, or behind them
// where they come first.
func (p *printer) deleteFlow(from *Node, gone []Entry) {
	isGone := func(i int) bool { return slices.ContainsFunc(gone, from.Entries[i].sameAs) }
	first := 0
	for isGone(first) {
		first++
	}
	if first > 0 {
		p.add(from.Entries[0].Start, from.Entries[first].Start, "")
	}
	for i := first + 1; i < len(from.Entries); i++ {
		if isGone(i) {
			p.add(from.Entries[i-1].Value.End, from.Entries[i].Value.End, "")
		}
	}
}

// flowStyle finds out how the source writes a flow collection.
func (p *printer) flowStyle(from *Node) flowStyle {
	f := flowStyle{json: p.d.json()}
	if len(from.Entries) == 0 {
		return f
	}
	first := from.Entries[0]
	switch {
	case first.Key != nil:
		f.json = f.json || first.Key.Style == DoubleQuoted
		f.tight = f.json && first.Value.Start == first.Mark
	case len(from.Entries) > 1:
		f.tight = f.json && from.Entries[1].Start == first.Value.End+1
	default:
		f.tight = f.json && p.d.tight()
	}
	if strings.Contains(p.d.src[from.Start:first.Start], "\n") {
		f.eol = p.eol
		f.step = strings.TrimPrefix(p.indentation(first.Start), p.indentation(from.Start))
		f.tight = false
	}
	return f
}

// level is the depth of a flow collection, counted in steps of its style.
func (p *printer) level(from *Node, f flowStyle) int {
	if f.step == "" {
		return 0
	}
	return len(p.indentation(from.Start)) / len(f.step)
}

// indentation is the white space at the start of the line around an offset.
func (p *printer) indentation(off int) string {
	start := strings.LastIndexByte(p.d.src[:off], '\n') + 1
	line := p.d.src[start:]
	return line[:len(line)-len(strings.TrimLeft(line, " \t"))]
}

// json reports whether the whole document is JSON rather than flow YAML.
func (d *Doc) json() bool {
	r := d.Root
	return r.Style == Flow && r.Kind == Map && len(r.Entries) > 0 && r.Entries[0].Key.Style == DoubleQuoted
}

// tight reports whether the document has no blank behind its colons.
func (d *Doc) tight() bool {
	return d.json() && d.Root.Entries[0].Value.Start == d.Root.Entries[0].Mark
}
