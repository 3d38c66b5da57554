package yamlpatch

import (
	"bytes"
	"strconv"
	"strings"
)

// plainStart reports whether a plain scalar may begin with c followed by next.
func plainStart(c, next byte) bool {
	switch c {
	case '-', '?', ':':
		return !blankOrEnd(next)
	case 0, ' ', '\t', '\n', '\r', ',', '[', ']', '{', '}', '#', '&', '*', '!', '|', '>', '\'', '"', '%', '@', '`':
		return false
	}
	return true
}

// plainEnd returns the offset behind the plain text that begins here, on this
// line, trailing blanks left out.
func (p *parser) plainEnd(flow bool) int {
	i := p.pos
	for i < len(p.s) && (isWordy(p.s[i]) || !p.endsPlain(i, flow)) {
		i++
	}
	for i > p.pos && (p.s[i-1] == ' ' || p.s[i-1] == '\t') {
		i--
	}
	return i
}

// isWordy reports whether a byte is one of most: no plain scalar ends in front of it.
func isWordy(c byte) bool { return c >= 'a' && c <= 'z' || c >= '-' && c <= '9' }

// endsPlain reports whether a plain scalar ends in front of the byte at i.
func (p *parser) endsPlain(i int, flow bool) bool {
	switch c := p.s[i]; c {
	case '\n', '\r':
		return true
	case ':':
		return i+1 == len(p.s) || blankOrEnd(p.s[i+1]) || (flow && strings.IndexByte(",[]{}", p.s[i+1]) >= 0)
	case '#':
		return i > p.pos && (p.s[i-1] == ' ' || p.s[i-1] == '\t')
	case ',', '[', ']', '{', '}', '?':
		return flow
	}
	return false
}

// plain reads a plain scalar of block context, over several lines if they are
// indented deeper than the collection around it.
func (p *parser) plain(parent int) *Node {
	n := p.new(Scalar, Plain)
	if !plainStart(p.peek(0), p.peek(1)) {
		p.fail()
		return n
	}
	end := p.plainEnd(false)
	n.Text, n.End = p.s[p.pos:end], end
	p.pos = end
	var more strings.Builder
	for p.continues(parent) {
		p.unusual = true
		breaks := strings.Count(p.s[n.End:p.pos], "\n")
		end := p.plainEnd(false)
		more.WriteString(fold(breaks) + p.s[p.pos:end])
		n.End, p.pos = end, end
	}
	n.Text += more.String()
	return n
}

// continues moves to the next line of a plain scalar, if there is one.
func (p *parser) continues(parent int) bool {
	pos, lineStart := p.pos, p.lineStart
	p.skipBlanks()
	for c := p.peek(0); c == '\n' || c == '\r'; c = p.peek(0) {
		if c == '\n' {
			p.newline()
		} else {
			p.pos++
		}
		for p.peek(0) == ' ' {
			p.pos++
		}
	}
	c := p.peek(0)
	if c == '\t' {
		p.fail()
	}
	if p.lineStart == lineStart || c == 0 || c == '#' || p.col() <= parent {
		p.pos, p.lineStart = pos, lineStart
		return false
	}
	if p.plainEnd(false) == p.pos {
		p.fail()
	}
	return !p.failed
}

// fold is what YAML makes of line breaks inside a flow scalar: one becomes a
// space, of several one is dropped.
func fold(breaks int) string {
	if breaks == 1 {
		return " "
	}
	return strings.Repeat("\n", breaks-1)
}

// quotedEnd returns the offset behind the quoted scalar at pos if it closes on
// the same line, else -1.
func quotedEnd(s string, pos int) int {
	quote := s[pos]
	for i := pos + 1; i < len(s) && s[i] != '\n'; i++ {
		switch {
		case s[i] == '\\' && quote == '"':
			i++
		case s[i] == quote && quote == '\'' && i+1 < len(s) && s[i+1] == '\'':
			i++
		case s[i] == quote:
			return i + 1
		}
	}
	return -1
}

// quoted reads a quoted scalar, over several lines if need be.
func (p *parser) quoted() *Node {
	style, escape := DoubleQuoted, byte('\\')
	if p.peek(0) == '\'' {
		style, escape = SingleQuoted, '\''
	}
	n := p.new(Scalar, style)
	if end := quotedEnd(p.s, p.pos); end > 0 && strings.IndexByte(p.s[p.pos+1:end-1], escape) < 0 {
		n.Text, n.End = p.s[p.pos+1:end-1], end
		p.pos = end
		return n
	}
	var text bytes.Buffer
	for p.pos++; !p.failed; {
		i := strings.IndexAny(p.s[p.pos:], "\"'\\\n")
		if i < 0 {
			p.fail()
			break
		}
		text.WriteString(p.s[p.pos : p.pos+i])
		p.pos += i
		p.unusual = p.unusual || p.peek(0) == '\n' || p.peek(0) == '\\'
		if p.quotedSpecial(style, &text) {
			break
		}
	}
	n.Text, n.End = text.String(), p.pos
	return n
}

// quotedSpecial reads the quote, escape or line break at the current byte and
// reports whether it closes the scalar.
func (p *parser) quotedSpecial(style Style, text *bytes.Buffer) bool {
	switch c := p.peek(0); {
	case c == '\n':
		p.foldQuoted(text)
	case c == '\\' && style == DoubleQuoted:
		p.escape(text)
	case c == '\'' && style == SingleQuoted && p.peek(1) == '\'':
		text.WriteByte('\'')
		p.pos += 2
	case (c == '"') == (style == DoubleQuoted) && c != '\\':
		p.pos++
		return true
	default:
		text.WriteByte(c)
		p.pos++
	}
	return false
}

// foldQuoted replaces line breaks and the blanks around them.
func (p *parser) foldQuoted(text *bytes.Buffer) {
	text.Truncate(len(bytes.TrimRight(text.Bytes(), " \t\r")))
	breaks := 0
	for c := p.peek(0); c == '\n' || c == ' ' || c == '\t' || c == '\r'; c = p.peek(0) {
		if c == '\n' {
			breaks++
			p.newline()
		} else {
			p.pos++
		}
	}
	text.WriteString(fold(breaks))
}

// The escapes of one byte and what they stand for, in pairs.
const escapes = "0\x00a\ab\bt\t\t\tn\nv\vf\fr\re\x1b  \"\"//\\\\"

// unescaped returns what an escape of one byte stands for.
func unescaped(c byte) (string, bool) {
	switch c {
	case 'N':
		return "\u0085", true
	case '_':
		return "\u00a0", true
	case 'L':
		return "\u2028", true
	case 'P':
		return "\u2029", true
	}
	for i := 0; i < len(escapes); i += 2 {
		if escapes[i] == c {
			return escapes[i+1 : i+2], true
		}
	}
	return "", false
}

func (p *parser) escape(text *bytes.Buffer) {
	defer p.escapedBlank(text)
	c := p.peek(1)
	if s, ok := unescaped(c); ok {
		text.WriteString(s)
		p.pos += 2
		return
	}
	digits := map[byte]int{'x': 2, 'u': 4, 'U': 8}[c]
	if digits == 0 || p.pos+2+digits > len(p.s) {
		p.fail() // also a line break behind a backslash, which is rare enough
		return
	}
	code, err := strconv.ParseUint(p.s[p.pos+2:p.pos+2+digits], 16, 32)
	if err != nil || (code >= 0xd800 && code <= 0xdfff) || code > 0x10ffff {
		p.fail()
		return
	}
	text.WriteRune(rune(code))
	p.pos += 2 + digits
}

// escapedBlank leaves it to kyaml when an escaped blank ends a line: those that
// are not escaped would be folded away.
func (p *parser) escapedBlank(text *bytes.Buffer) {
	if s := text.Bytes(); !bytes.HasSuffix(s, []byte(" ")) && !bytes.HasSuffix(s, []byte("\t")) {
		return
	}
	if rest := strings.TrimLeft(p.s[min(p.pos, len(p.s)):], " \t\r"); strings.HasPrefix(rest, "\n") {
		p.fail()
	}
}
