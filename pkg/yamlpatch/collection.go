package yamlpatch

import "strings"

func (p *parser) atDash() bool {
	return p.peek(0) == '-' && blankOrEnd(p.peek(1))
}

// list reads the block list whose dashes stand in column col.
func (p *parser) list(col int) *Node {
	n := p.new(List, Block)
	return p.members(n, col, onItsOwn, func() Entry {
		p.pos++
		return Entry{Start: p.pos - 1, Mark: p.pos}
	})
}

// blockMap reads the block map whose keys stand in column col.
func (p *parser) blockMap(col int) *Node {
	n := p.new(Map, Block)
	return p.members(n, col, behindKey, func() Entry {
		e := Entry{Start: p.pos}
		e.Key, e.Mark = p.key()
		return e
	})
}

// members reads the members of a block collection that begin in column col.
// begin reads what stands in front of a value.
func (p *parser) members(n *Node, col int, at place, begin func() Entry) *Node {
	open := len(p.room.open)
	for p.pos < len(p.s) && p.col() == col && p.atDash() == (n.Kind == List) {
		e := begin()
		if p.failed {
			break
		}
		p.skipBlanks()
		if n.Kind == List && !p.atLineEnd() && strings.IndexByte(p.s[e.Mark:p.pos], '\t') >= 0 { // it would indent what begins here
			p.fail()
			break
		}
		if p.atLineEnd() {
			e.Value = p.below(col, at, e.Mark)
		} else {
			e.Value = p.node(col, at)
		}
		p.room.open = append(p.room.open, e)
		n.End = e.end()
		p.skipSpace()
	}
	n.Entries = p.closed(open)
	if p.pos < len(p.s) && p.col() > col {
		p.fail()
	}
	return n
}

// closed returns the entries that were opened since.
func (p *parser) closed(since int) []Entry {
	all := p.room.open[since:]
	entries := p.room.entries.take(len(all), 8+p.lines+p.lines/4)
	copy(entries, all)
	p.room.open = p.room.open[:since]
	return entries
}

// key reads a simple key and its colon.
func (p *parser) key() (*Node, int) {
	end := p.keyEnd()
	if end < 0 {
		p.fail()
		return nil, 0
	}
	n := p.new(Scalar, Plain)
	if c := p.peek(0); c == '"' || c == '\'' {
		n = p.quoted()
	} else {
		n.Text = p.s[p.pos:end]
		n.End = end
	}
	p.pos = end
	p.skipBlanks()
	p.pos++
	return n, p.pos
}

// maxKey is the length up to which YAML looks for the colon of a simple key.
const maxKey = 1000

// keyEnd returns the offset behind the simple key that begins here, or -1. Who sees
// that a map begins here asks again for its first key.
func (p *parser) keyEnd() int {
	if p.keyAt != p.pos {
		p.keyAt, p.keyStop = p.pos, p.findKeyEnd()
	}
	return p.keyStop
}

func (p *parser) findKeyEnd() int {
	end := -1
	switch c := p.peek(0); {
	case c == '"' || c == '\'':
		end = quotedEnd(p.s, p.pos)
	case plainStart(c, p.peek(1)):
		end = p.plainEnd(false)
	}
	if end < 0 || end-p.pos > maxKey {
		return -1
	}
	colon := end
	for colon < len(p.s) && (p.s[colon] == ' ' || p.s[colon] == '\t') {
		colon++
	}
	if colon == len(p.s) || p.s[colon] != ':' || (colon+1 < len(p.s) && !blankOrEnd(p.s[colon+1])) {
		return -1
	}
	return end
}
