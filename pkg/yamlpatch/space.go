package yamlpatch

import (
	"strings"
)

func blankOrEnd(c byte) bool {
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == 0
}

// skipSpace moves over blanks, line ends and comments to the next token.
func (p *parser) skipSpace() {
	for p.pos < len(p.s) {
		switch c := p.s[p.pos]; {
		case c == ' ' || c == '\r':
			p.pos++
		case c == '\n':
			p.newline()
		case c == '#' && p.commentMayStart():
			p.toLineEnd()
		case c == '\t' && p.tabIsHarmless():
			p.unusual = true
			p.pos++
		default:
			if c == '\t' {
				p.fail()
			}
			return
		}
	}
}

func (p *parser) newline() {
	p.pos++
	p.lineStart = p.pos
}

func (p *parser) commentMayStart() bool {
	return p.pos == 0 || p.pos == p.lineStart || strings.IndexByte(" \t\n", p.s[p.pos-1]) >= 0
}

// tabIsHarmless: a tab behind a token or on an empty line is white space, in
// front of a token it would be indentation, which YAML forbids.
func (p *parser) tabIsHarmless() bool {
	rest := strings.TrimLeft(p.s[p.pos:], " \t")
	return rest == "" || rest[0] == '\n' || rest[0] == '\r' || rest[0] == '#'
}

func (p *parser) toLineEnd() {
	if i := strings.IndexByte(p.s[p.pos:], '\n'); i >= 0 {
		p.pos += i
	} else {
		p.pos = len(p.s)
	}
}

// skipBlanks moves over spaces and tabs within the line.
func (p *parser) skipBlanks() {
	for p.peek(0) == ' ' || p.peek(0) == '\t' {
		p.pos++
	}
}

// atLineEnd reports whether only white space and a comment follow on this line.
func (p *parser) atLineEnd() bool {
	c := p.peek(0)
	return c == 0 || c == '\n' || c == '\r' || (c == '#' && p.commentMayStart())
}

// endLine fails unless the line holds nothing more.
func (p *parser) endLine() {
	p.skipBlanks()
	if !p.atLineEnd() {
		p.fail()
	}
}
