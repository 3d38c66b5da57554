package yamlpatch

import (
	"errors"
	"strings"
	"unicode/utf8"
)

// errExotic says that our reader does not take a document. It is no verdict:
// kyaml decides whether the document is YAML at all.
var errExotic = errors.New("not plain block or flow YAML")

// maxDepth bounds the nesting that our reader follows.
const maxDepth = 500

// nameCharacters are those that kyaml takes in the name of an anchor.
const nameCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

// parser reads one YAML node and keeps the byte span of everything in it.
type parser struct {
	s         string
	pos       int
	lineStart int // offset of the current line's first byte; negative when s starts inside a line
	depth     int
	failed    bool
	unusual   bool  // holds more than block collections, and scalars of one line
	room      *Room // where the tree goes
	lines     int   // of the text: about half of the nodes, and as many entries
	keyAt     int   // where keyEnd looked last, and
	keyStop   int   // what it found
	anchors   map[string]*Node
	in        Context
	aliases   bool   // holds some
	borrows   bool   // an alias means an anchor of the context
	unknown   string // an alias without an anchor
}

// read parses s, whose first byte stands in column col. It returns nil and no
// error for a document without content.
func read(s string, col int, in Context) (*Node, *parser, error) {
	p := &parser{s: s, lineStart: -col, in: in, room: in.Room, lines: 1 + strings.Count(s, "\n"), keyAt: -1}
	if !plainText(s) {
		return nil, p, errExotic
	}
	p.skipSpace()
	if p.pos == len(s) {
		return nil, p, nil
	}
	root := p.node(-1, onItsOwn)
	p.skipSpace()
	if p.failed || p.pos != len(s) || root.Kind == Scalar || root.Kind == Alias {
		return nil, p, errExotic
	}
	return root, p, nil
}

// plainText rules out what YAML treats in ways of its own: control characters,
// lone carriage returns, Unicode line breaks, byte order marks.
func plainText(s string) bool {
	ascii := true
	for i := range len(s) {
		switch c := s[i]; {
		case c >= ' ' && c < 0x7f: // nearly all
		case c >= 0x80:
			ascii = false
		case c == '\r':
			if i+1 == len(s) || s[i+1] != '\n' {
				return false
			}
		case c < ' ' && c != '\n' && c != '\t', c == 0x7f:
			return false
		}
	}
	return ascii || (utf8.ValidString(s) && !strings.ContainsFunc(s, special))
}

// special reports whether a rune is a control character beyond ASCII, a line
// break, a byte order mark or none at all.
func special(r rune) bool {
	switch r {
	case '\u2028', '\u2029', '\ufeff', '\ufffe', '\uffff':
		return true
	}
	return r >= 0x80 && r < 0xa0
}

func (p *parser) fail() {
	p.failed = true
	p.pos = len(p.s)
}

func (p *parser) new(kind Kind, style Style) *Node {
	n := &p.room.nodes.take(1, 8+2*p.lines+p.lines/4)[0]
	n.Kind, n.Style, n.Col, n.Start, n.End = kind, style, p.col(), p.pos, p.pos // of a slab, the rest is zero
	return n
}

func (p *parser) col() int { return p.pos - p.lineStart }

// peek returns the byte at an offset from the current one, 0 behind the end.
func (p *parser) peek(off int) byte {
	if i := p.pos + off; i < len(p.s) {
		return p.s[i]
	}
	return 0
}

// place says where a value stands: it decides which collections may begin.
type place uint8

const (
	onItsOwn  place = iota // at the root, on a line of its own, or behind a dash
	behindKey              // on the line of its key: no block collection may begin there
)

// node reads the value at the current token. parent is the column of the
// collection around it.
func (p *parser) node(parent int, at place) *Node {
	if p.depth++; p.depth > maxDepth {
		p.fail()
	}
	n := p.described(parent, at)
	p.depth--
	return n
}

// described reads a value with the properties in front of it.
func (p *parser) described(parent int, at place) *Node {
	start, col := p.pos, p.col()
	anchor, tag := p.properties()
	if anchor == "" && tag == "" {
		return p.content(parent, at)
	}
	p.unusual = true
	var n *Node
	if p.atLineEnd() {
		n = p.below(parent, at, p.pos)
	} else {
		if at == onItsOwn && (p.keyEnd() >= 0 || p.atDash()) { // they belong to the key, or stand in front of a dash
			p.fail()
		}
		n = p.content(parent, at)
	}
	if m := n.more(); m.anchor != "" || m.tag != "" { // an anchor on one line and a tag on the next
		p.fail()
	}
	n.describe(anchor, tag)
	if n.Style != Block {
		n.Start, n.Col = start, col
	}
	if anchor != "" {
		p.define(anchor, n)
	}
	return n
}

// describe gives a node the properties that stand in front of it.
func (n *Node) describe(anchor, tag string) {
	if anchor != "" || tag != "" {
		extra := n.more()
		extra.anchor, extra.tag = anchor, tag
		n.extra = &extra
	}
}

func (p *parser) define(anchor string, n *Node) {
	if p.anchors == nil {
		p.anchors = map[string]*Node{}
	}
	p.anchors[anchor] = n
}

// below reads the value on the lines under its key, dash or properties; null
// when there is none. A list may stand in the column of its key.
func (p *parser) below(parent int, at place, nullAt int) *Node {
	p.skipSpace()
	if p.pos < len(p.s) && (p.col() > parent || (p.col() == parent && at == behindKey && p.atDash())) {
		return p.node(parent, onItsOwn)
	}
	n := p.new(Scalar, Plain)
	n.Start, n.End = nullAt, nullAt
	return n
}

// properties reads an anchor and a tag, in either order.
func (p *parser) properties() (anchor, tag string) {
	for {
		switch p.peek(0) {
		case '&':
			if anchor != "" {
				p.fail()
			}
			anchor = p.name()
		case '!':
			if tag != "" {
				p.fail()
			}
			if tag = p.word(); strings.Trim(tag, "!") == "" {
				p.fail() // "a string, whatever it looks like": kyaml has its own mind about nothing at all
			}
		default:
			return anchor, tag
		}
		p.skipBlanks()
	}
}

// name reads the name of an anchor or alias, after its indicator. kyaml ends a
// name before any other character than these, and then may read on: "&a:b" is
// an anchor and a scalar to it. Such text is left to it.
func (p *parser) name() string {
	word := p.word()
	if len(word) < 2 || strings.Trim(word[1:], nameCharacters) != "" {
		p.fail()
		return ""
	}
	return word[1:]
}

// word reads up to the next white space or flow indicator.
func (p *parser) word() string {
	start := p.pos
	for !blankOrEnd(p.peek(0)) && strings.IndexByte(",[]{}", p.peek(0)) < 0 {
		p.pos++
	}
	if !blankOrEnd(p.peek(0)) && strings.IndexByte(",]}", p.peek(0)) < 0 {
		p.fail()
	}
	return p.s[start:min(p.pos, len(p.s))]
}

func (p *parser) content(parent int, at place) *Node {
	switch c := p.peek(0); {
	case c == '|' || c == '>':
		return p.blockScalar(parent)
	case at == onItsOwn && p.atDash():
		return p.list(p.col())
	case c == '?' && blankOrEnd(p.peek(1)), c == '-' && blankOrEnd(p.peek(1)):
		p.fail()
		return p.new(Scalar, Plain)
	case at == onItsOwn && p.keyEnd() >= 0:
		return p.blockMap(p.col())
	}
	n := p.inline(parent)
	p.endLine()
	return n
}

// inline reads a value that is no block collection and no block scalar.
func (p *parser) inline(parent int) *Node {
	switch p.peek(0) {
	case '*':
		return p.alias()
	case '{', '[':
		return p.flow()
	case '"', '\'':
		return p.quoted()
	}
	return p.plain(parent)
}

func (p *parser) alias() *Node {
	p.unusual, p.aliases = true, true
	n := p.new(Alias, Plain)
	n.Text = p.name()
	n.End = p.pos
	n.extra = &rare{target: p.anchors[n.Text]}
	if n.extra.target == nil {
		n.extra.target = p.in.named(n.Text)
		p.borrows = true
	}
	if n.extra.target == nil && !p.failed {
		p.unknown = n.Text
		p.fail()
	}
	return n
}
