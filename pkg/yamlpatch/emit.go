package yamlpatch

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/krm-sidecars/krm-sidecars/pkg/edit"
)

// emitter prints nodes that an edit made, as a person would write them.
type emitter struct {
	b    *bytes.Buffer
	eol  string
	wide bool // lists are indented below their key
}

// entry prints one member of a block collection on lines of its own, without
// the last line end.
func (w *emitter) entry(e Entry, col int) {
	w.indent(col)
	w.member(e, col)
}

// member prints an entry that begins in column col.
func (w *emitter) member(e Entry, col int) {
	if e.Key == nil {
		w.b.WriteByte('-')
		w.afterDash(e.Value, col)
	} else {
		w.b.WriteString(scalarText(e.Key))
		w.b.WriteByte(':')
		w.afterKey(e.Value, col)
	}
}

// blanks are as many as most lines are indented.
const blanks = "                    "

func (w *emitter) indent(col int) {
	for ; col > len(blanks); col -= len(blanks) {
		w.b.WriteString(blanks)
	}
	w.b.WriteString(blanks[:col])
}

// afterKey prints a value behind the colon of a key in column col, without the
// line end.
func (w *emitter) afterKey(n *Node, col int) {
	if !n.isBlock() {
		w.inline(n, col)
		return
	}
	below := col + 2
	if n.Kind == List && !w.wide {
		below = col
	}
	w.b.WriteString(w.eol)
	w.entries(n, below)
}

// afterDash prints a value behind a dash in column col: collections begin on
// the same line.
func (w *emitter) afterDash(n *Node, col int) {
	if !n.isBlock() {
		w.inline(n, col)
		return
	}
	w.b.WriteByte(' ')
	for i, e := range n.Entries {
		if i > 0 {
			w.b.WriteString(w.eol)
			w.indent(col + 2)
		}
		w.member(e, col+2)
	}
}

func (w *emitter) entries(n *Node, col int) {
	for i, e := range n.Entries {
		if i > 0 {
			w.b.WriteString(w.eol)
		}
		w.entry(e, col)
	}
}

// isBlock reports whether n is printed on lines below its key.
func (n *Node) isBlock() bool {
	return (n.Kind == Map || n.Kind == List) && n.Style == Block && len(n.Entries) > 0 && !n.isRaw
}

// inline prints what begins on the line of its key, white space in front.
func (w *emitter) inline(n *Node, col int) {
	switch {
	case n.isRaw:
		w.b.WriteString(n.more().raw)
	case n.Kind == Scalar && (n.Style == Literal || n.Style == Folded):
		w.literal(n.Text, col+2)
	case n.Kind == Scalar:
		w.b.WriteByte(' ')
		w.b.WriteString(scalarText(n))
	default:
		w.b.WriteByte(' ')
		flowStyle{}.value(w.b, n, 0)
	}
}

// literal prints text line by line.
func (w *emitter) literal(text string, col int) {
	header := " |"
	switch {
	case !strings.HasSuffix(text, "\n"):
		header = " |-"
	case strings.HasSuffix(text, "\n\n"):
		header = " |+"
	}
	w.b.WriteString(header)
	for line := range strings.SplitSeq(strings.TrimSuffix(text, "\n"), "\n") {
		w.b.WriteString(w.eol)
		if line != "" {
			w.indent(col)
			w.b.WriteString(line)
		}
	}
}

// styleFor chooses how a string is written: plain where every YAML version
// reads it as that string, else in the quotes that need no escapes.
func styleFor(s string) Style {
	switch {
	case isLiteral(s):
		return Literal
	case !printable(s):
		return DoubleQuoted
	case looksTyped(s) || !plainSafe(s):
		return SingleQuoted
	}
	return Plain
}

func isLiteral(s string) bool {
	if strings.IndexByte(s, '\n') < 0 || !strings.Contains(strings.TrimSuffix(s, "\n"), "\n") || s[0] == ' ' || s[0] == '\n' || !printable(strings.ReplaceAll(s, "\n", "")) {
		return false
	}
	return !strings.Contains(s, " \n") && !strings.HasSuffix(s, " ")
}

func printable(s string) bool {
	for _, r := range s {
		if r >= ' ' && r < 0x7f { // nearly all
			continue
		}
		if r < ' ' || r == 0x7f || (r >= 0x80 && r < 0xa0) || r == '\u2028' || r == '\u2029' || r == '\ufeff' || r == utf8.RuneError || r >= 0xfffe {
			return false
		}
	}
	return true
}

func plainSafe(s string) bool {
	if s == "" || s == "---" || s == "..." || s == mergeKey || s == "=" {
		return false
	}
	next := byte(' ')
	if len(s) > 1 {
		next = s[1]
	}
	if !plainStart(s[0], next) {
		return false
	}
	last := s[len(s)-1]
	return last != ' ' && last != ':' && (strings.IndexByte(s, ' ') < 0 || !strings.Contains(s, ": ") && !strings.Contains(s, " #"))
}

// scalarText is a scalar of one line in its style.
func scalarText(n *Node) string {
	switch {
	case n.Style == SingleQuoted && printable(n.Text):
		return "'" + strings.ReplaceAll(n.Text, "'", "''") + "'"
	case n.Style != Plain || !printable(n.Text):
		return doubleQuoted(n.Text)
	}
	return n.Text
}

// doubleQuoted is JSON, with the escapes that YAML wants beyond those of JSON.
func doubleQuoted(s string) string {
	text := edit.Quote(s)
	if printable(s) {
		return text
	}
	var b strings.Builder
	for _, r := range text {
		if r >= 0x7f && !printable(string(r)) && r != utf8.RuneError {
			format := `\u%04X`
			if r > 0xffff {
				format = `\U%08X`
			}
			fmt.Fprintf(&b, format, r)
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}
