package yamlpatch

import "strings"

// chomping says what becomes of the line ends behind a block scalar.
type chomping int8

const (
	strip chomping = iota - 1
	clip
	keep
)

// blockScalar reads a literal or folded scalar below the collection in column
// parent.
func (p *parser) blockScalar(parent int) *Node {
	style := Literal
	if p.peek(0) == '>' {
		style, p.unusual = Folded, true
	}
	n := p.new(Scalar, style)
	p.pos++
	indent, chomp := p.blockHeader(max(parent, 0))
	n.End = p.pos
	p.endLine()
	p.toLineEnd()
	if p.pos < len(p.s) {
		p.newline()
	}
	if indent == 0 {
		indent = p.detectIndent(parent)
	}
	lines := p.blockLines(indent)
	n.Text = joinBlock(lines, style == Folded, chomp)
	n.End = blockEnd(lines, chomp, n.End)
	return n
}

// blockHeader reads the indicators: an indentation (0 when it is to be found
// out) and the chomping.
func (p *parser) blockHeader(parent int) (indent int, chomp chomping) {
	for {
		switch c := p.peek(0); {
		case c == '-' && chomp == clip:
			chomp = strip
		case c == '+' && chomp == clip:
			chomp = keep
		case c >= '1' && c <= '9' && indent == 0:
			indent, p.unusual = parent+int(c-'0'), true
		default:
			if !blankOrEnd(c) {
				p.fail()
			}
			return indent, chomp
		}
		p.pos++
	}
}

// detectIndent finds the column of the first line that is not empty. A scalar of
// empty lines alone is as wide as the widest.
func (p *parser) detectIndent(parent int) int {
	widest := 0
	for rest := p.s[p.pos:]; ; {
		text := strings.TrimLeft(rest, " ")
		indent := len(rest) - len(text)
		if text == "" || (text[0] != '\n' && text[0] != '\r' && indent <= parent) {
			return max(indent, widest, parent+1, 1)
		}
		if text[0] != '\n' && text[0] != '\r' {
			if text[0] == '\t' || indent < widest {
				p.fail()
			}
			return max(indent, parent+1, 1)
		}
		widest = max(widest, indent)
		rest = text[strings.IndexByte(text, '\n')+1:]
	}
}

// blockLine is a line of a block scalar.
type blockLine struct {
	text  string // without indentation and line end
	blank bool   // holds nothing, not even blanks of its own
	end   int    // offset of its line end
	ended bool   // has a line end
}

// blockLines reads the lines that belong to a block scalar of that indent and
// leaves the position at the start of the first line that does not.
func (p *parser) blockLines(indent int) []blockLine {
	var lines []blockLine
	for p.pos < len(p.s) {
		i := 0
		for i < indent && p.peek(i) == ' ' {
			i++
		}
		c := p.peek(i)
		blank := c == '\n' || (c == '\r' && p.peek(i+1) == '\n') || p.pos+i == len(p.s)
		if i < indent && !blank {
			if c == '\t' {
				p.fail()
			}
			break
		}
		lines = append(lines, p.blockLine(p.pos+i, blank))
	}
	return lines
}

// blockLine reads the rest of a line that starts at an offset.
func (p *parser) blockLine(start int, blank bool) blockLine {
	p.pos = start
	p.toLineEnd()
	text, crlf := strings.CutSuffix(p.s[start:p.pos], "\r")
	line := blockLine{text: text, blank: blank, end: p.pos, ended: p.pos < len(p.s)}
	if crlf {
		line.end--
	}
	if line.ended {
		p.newline()
	}
	return line
}

// blockJoiner makes the value of a block scalar from its lines, as libyaml does.
type blockJoiner struct {
	out      strings.Builder
	folded   bool
	pending  string // the line end behind the last text
	blanks   string // those of the empty lines behind it
	indented bool   // the last text begins with a blank
}

func joinBlock(lines []blockLine, folded bool, chomp chomping) string {
	j := blockJoiner{folded: folded}
	for _, line := range lines {
		switch {
		case !line.blank:
			j.add(line)
		case line.ended:
			j.blanks += "\n"
		}
	}
	if chomp != strip {
		j.out.WriteString(j.pending)
	}
	if chomp == keep {
		j.out.WriteString(j.blanks)
	}
	return j.out.String()
}

func (j *blockJoiner) add(line blockLine) {
	indented := line.text != "" && (line.text[0] == ' ' || line.text[0] == '\t')
	switch {
	case !j.folded || j.pending == "" || j.indented || indented:
		j.out.WriteString(j.pending)
	case j.blanks == "":
		j.out.WriteByte(' ')
	}
	j.out.WriteString(j.blanks + line.text)
	j.pending, j.blanks, j.indented = "", "", indented
	if line.ended {
		j.pending = "\n"
	}
}

// blockEnd is the offset behind what belongs to the value: with keep, the
// empty lines at the end do.
func blockEnd(lines []blockLine, chomp chomping, header int) int {
	for i := len(lines) - 1; i >= 0; i-- {
		if chomp == keep && (lines[i].ended || !lines[i].blank) || !lines[i].blank {
			return lines[i].end
		}
	}
	return header
}
