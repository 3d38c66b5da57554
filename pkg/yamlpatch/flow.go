package yamlpatch

import "strings"

// flow reads a flow map or list, JSON included.
func (p *parser) flow() *Node {
	p.depth++
	defer func() { p.depth-- }()
	if p.depth > maxDepth {
		p.fail()
		return p.new(Map, Flow)
	}
	kind, closing := Map, byte('}')
	if p.peek(0) == '[' {
		kind, closing = List, ']'
	}
	n := p.new(kind, Flow)
	p.pos++
	open := len(p.room.open)
	for p.skipSpace(); !p.failed; p.skipSpace() {
		if p.peek(0) == closing {
			p.pos++
			break
		}
		e := p.flowEntry(kind) // which opens and closes entries of its own
		p.room.open = append(p.room.open, e)
		p.skipSpace()
		if c := p.peek(0); c == ',' {
			p.pos++
		} else if c != closing {
			p.fail()
		}
	}
	n.Entries, n.End = p.closed(open), p.pos
	p.unusual = p.unusual || strings.IndexByte(p.s[n.Start:p.pos], '\n') >= 0
	return n
}

// flowEntry reads one member. Forms that manifests never hold, such as a key
// without a value or a pair inside a list, are left to kyaml.
func (p *parser) flowEntry(kind Kind) Entry {
	e := Entry{Start: p.pos, Mark: p.pos}
	if kind == List {
		e.Value = p.flowValue()
		return e
	}
	if c := p.peek(0); c == '"' || c == '\'' {
		e.Key = p.quoted()
	} else {
		e.Key = p.flowPlain()
	}
	p.skipBlanks()
	if p.peek(0) != ':' || p.pos-e.Start > maxKey {
		p.fail()
	}
	p.pos++
	e.Mark = p.pos
	p.skipSpace()
	e.Value = p.flowValue()
	return e
}

func (p *parser) flowValue() *Node {
	start := p.pos
	anchor, tag := p.properties()
	p.unusual = p.unusual || anchor != "" || tag != ""
	var n *Node
	switch p.peek(0) {
	case '*':
		n = p.alias()
	case '{', '[':
		n = p.flow()
	case '"', '\'':
		n = p.quoted()
	default:
		n = p.flowPlain()
	}
	n.Start = start
	n.describe(anchor, tag)
	if anchor != "" {
		p.define(anchor, n)
	}
	return n
}

// flowPlain reads a plain scalar of one line.
func (p *parser) flowPlain() *Node {
	n := p.new(Scalar, Plain)
	if !plainStart(p.peek(0), p.peek(1)) {
		p.fail()
		return n
	}
	end := p.plainEnd(true)
	n.Text, n.End = p.s[p.pos:end], end
	p.pos = end
	if end == n.Start || p.peek(0) == '?' {
		p.fail()
	}
	return n
}
