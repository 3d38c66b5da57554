package yamlpatch

import (
	"cmp"
	"errors"
	"slices"
	"strings"
	"sync"
)

// errCannotSplice says that a change has no place in the text that could be
// found with certainty; the document is encoded whole instead.
var errCannotSplice = errors.New("the change cannot be spliced into the text")

// splice replaces the bytes from start up to end.
type splice struct {
	start, end int
	text       string
	lines      bool // text is whole lines: it begins on a line of its own
}

// before orders splices: by place, insertions in front of deletions.
func (s splice) before(t splice) int {
	return cmp.Or(cmp.Compare(s.start, t.start), cmp.Compare(min(s.end-s.start, 1), min(t.end-t.start, 1)))
}

// printer works out the splices that turn the source into the edited tree.
type printer struct {
	d       *Doc
	eol     string
	wide    func() bool
	splices []splice
	failed  bool
}

// print returns the source with the differences of root spliced in.
func (d *Doc) print(root *Node) (string, error) {
	p := &printer{d: d, eol: d.eol(), wide: sync.OnceValue(d.wide)}
	p.node(root, fresh)
	if p.failed {
		return "", errCannotSplice
	}
	slices.SortStableFunc(p.splices, splice.before)
	return p.assemble()
}

// assemble copies the source with the splices in place.
func (p *printer) assemble() (string, error) {
	size := len(p.d.src)
	for _, s := range p.splices {
		size += len(s.text) + len(p.eol)
	}
	var out strings.Builder
	out.Grow(size)
	done, last := 0, ""
	for _, s := range p.splices {
		if s.start < done {
			return "", errCannotSplice
		}
		if s.start > done {
			last = p.d.src[done:s.start]
			out.WriteString(last)
		}
		if s.lines && last != "" && !strings.HasSuffix(last, "\n") {
			out.WriteString(p.eol)
		}
		out.WriteString(s.text)
		done, last = s.end, cmp.Or(s.text, last)
	}
	out.WriteString(p.d.src[done:])
	return p.likeSourceEnd(out.String()), nil
}

// likeSourceEnd keeps a missing line end at the end of the text missing.
func (p *printer) likeSourceEnd(text string) string {
	if strings.HasSuffix(p.d.src, "\n") {
		return text
	}
	return strings.TrimSuffix(text, p.eol)
}

// eol is the line end of the document: of its first line that is no comment,
// which a tool may have put there.
func (d *Doc) eol() string {
	text := d.src
	if d.Root != nil && !d.exotic {
		text = text[d.Root.Start:]
	}
	if i := strings.IndexByte(text, '\n'); i > 0 && text[i-1] == '\r' {
		return "\r\n"
	}
	return "\n"
}

// wide reports whether the document indents lists below their keys, as its
// first list does.
func (d *Doc) wide() bool {
	wide, found := false, false
	var look func(n *Node)
	look = func(n *Node) {
		for _, e := range n.Entries {
			if found {
				return
			}
			if e.Key != nil && e.Value.Kind == List && e.Value.Style == Block && e.Value.Start >= 0 {
				found, wide = true, columnOf(e.Value) > columnOf(e.Key)
				return
			}
			look(e.Value)
		}
	}
	if d.Root != nil {
		look(d.Root)
	}
	return wide
}

func columnOf(n *Node) int {
	if n.more().orig != nil {
		return n.more().orig.Column - 1
	}
	return n.Col
}

func (p *printer) add(start, end int, text string) {
	p.splices = append(p.splices, splice{start: start, end: end, text: text})
}

// node prints the differences between n, an edited copy, and its source. mark
// is the offset behind the key or dash that n belongs to.
func (p *printer) node(n *Node, mark int) {
	switch {
	case n.from == nil:
	case n.Style == Flow:
		p.flow(n)
	case len(n.Entries) == 0:
		p.value(mark, n.from, &Node{Kind: n.Kind, Style: Flow, Start: fresh}, n.Col)
	default:
		p.block(n, mark)
	}
}

// emitter returns one for a piece of text; it writes where the last one has written.
func (p *printer) emitter() emitter {
	b := &p.d.in.Room.text
	b.Reset()
	return emitter{b: b, eol: p.eol, wide: p.wide()}
}

func (p *printer) block(n *Node, mark int) {
	from := n.from
	gone := n.gone()
	for _, e := range p.moveUp(from, gone) {
		p.deleteLines(e)
	}
	prev := fresh // place in from of the source entry that was printed last
	for _, e := range n.Entries {
		if e.isFresh() {
			w := p.emitter()
			w.entry(e, n.Col)
			w.b.WriteString(p.eol)
			p.insertLines(p.pointAfter(from, prev, gone, mark), w.b.String())
			continue
		}
		prev = from.place(e)
		p.changed(from.Entries[prev].Value, e, n.Col)
	}
}

// moveUp deletes the first entries of a map that begins behind a dash: the next one
// moves up there. It returns what else is to be deleted.
func (p *printer) moveUp(from *Node, gone []Entry) []Entry {
	first := from.Entries[0]
	if len(gone) == 0 || !gone[0].sameAs(first) || p.startsLine(first.Start) {
		return gone
	}
	n := 1
	for n < len(gone) && n < len(from.Entries) && gone[n].sameAs(from.Entries[n]) {
		n++
	}
	if n == len(from.Entries) {
		return gone
	}
	next := from.Entries[n].Start
	for _, e := range gone[:n] {
		if strings.Contains(p.d.src[e.end():p.lineEnd(e.end())], "#") {
			return gone
		}
	}
	if strings.Contains(p.d.src[gone[n-1].end():next], "#") {
		return gone // a comment would lose its place
	}
	p.add(first.Start, next, "")
	return gone[n:]
}

// startsLine reports whether only white space stands in front of an offset.
func (p *printer) startsLine(off int) bool {
	start := strings.LastIndexByte(p.d.src[:off], '\n') + 1
	return strings.TrimLeft(p.d.src[start:off], " ") == "" && (start > 0 || p.d.col == 0)
}

// changed prints what became of an entry's value.
func (p *printer) changed(old *Node, e Entry, col int) {
	switch {
	case e.Value == old:
	case e.Value.from == old:
		p.node(e.Value, e.Mark)
	case e.Key == nil:
		p.item(e, old, col)
	default:
		p.value(e.Mark, old, e.Value, col)
	}
}

// item replaces a list element as a whole.
func (p *printer) item(e Entry, old *Node, col int) {
	w := p.emitter()
	w.afterDash(e.Value, col)
	p.add(e.Mark, max(e.Mark, old.End), w.b.String())
}

// value replaces the value behind a key in column col.
func (p *printer) value(mark int, old, made *Node, col int) {
	if mark < 0 {
		p.failed = true
		return
	}
	end := max(mark, old.End)
	if made.more().whole {
		p.add(mark, end, p.text(made, mark, col))
		return
	}
	if old.Style == Block && len(old.Entries) > 0 {
		end = mark
		for _, e := range old.Entries {
			p.deleteLines(e)
		}
	}
	text := p.text(made, mark, col)
	if !made.isBlock() {
		p.add(mark, end, text)
		return
	}
	p.add(mark, end, "")
	p.insertLines(p.belowComments(p.lineEnd(end), col), strings.TrimPrefix(text, p.eol)+p.eol)
}

// text prints a value behind the mark of a key in column col.
func (p *printer) text(made *Node, mark, col int) string {
	if made.isRaw {
		return absolute(made.more().raw, p.d.indentAt(mark))
	}
	w := p.emitter()
	w.afterKey(made, col)
	return w.b.String()
}

// pointAfter is where lines go that follow the source entry at place prev, or
// begin the collection when prev is fresh. Lines that take the place of removed
// ones go where those were.
func (p *printer) pointAfter(from *Node, prev int, gone []Entry, mark int) int {
	next := prev + 1
	if next < len(from.Entries) && slices.ContainsFunc(gone, from.Entries[next].sameAs) {
		return p.lineStart(from.Entries[next].Start)
	}
	if prev >= 0 {
		return p.behind(from.Entries[prev], from.Col)
	}
	first := p.lineStart(from.Entries[0].Start)
	if mark >= 0 && p.lineEnd(mark) <= first {
		return p.lineEnd(mark)
	}
	return first
}

// behind is the start of the line after an entry and the comments that are
// indented below it.
func (p *printer) behind(e Entry, col int) int {
	return p.belowComments(p.lineEnd(e.end()), col)
}

// belowComments skips comments that are indented deeper than col.
func (p *printer) belowComments(at, col int) int {
	for next := at; next < len(p.d.src); {
		end := p.lineEnd(next)
		line := strings.TrimRight(p.d.src[next:end], "\r\n")
		text := strings.TrimLeft(line, " ")
		if text != "" && (text[0] != '#' || len(line)-len(text) <= col) {
			break
		}
		if text != "" {
			at = end
		}
		next = end
	}
	return at
}

// insertLines puts whole lines at the start of a line, or behind the last one
// when that has no end.
func (p *printer) insertLines(at int, text string) {
	p.splices = append(p.splices, splice{start: at, end: at, text: text, lines: true})
}

// deleteLines removes the lines of an entry, which must share them with
// nothing else.
func (p *printer) deleteLines(e Entry) {
	start := p.lineStart(e.Start)
	p.add(start, p.lineEnd(e.end()), "")
}

// lineStart is the first byte of the line around an offset; the line must hold
// only white space in front of the offset.
func (p *printer) lineStart(off int) int {
	start := strings.LastIndexByte(p.d.src[:off], '\n') + 1
	if strings.TrimLeft(p.d.src[start:off], " ") != "" || (start == 0 && p.d.col > 0) {
		p.failed = true
	}
	return start
}

// lineEnd is the offset behind the end of the line around an offset.
func (p *printer) lineEnd(off int) int {
	if i := strings.IndexByte(p.d.src[off:], '\n'); i >= 0 {
		return off + i + 1
	}
	return len(p.d.src)
}
