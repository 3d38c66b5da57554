package yamlpatch

import (
	"bytes"
	"strings"
)

// flowStyle is how a flow collection is written: as JSON or as YAML, on one
// line or over several.
type flowStyle struct {
	json  bool
	tight bool   // no blank behind colons and commas
	eol   string // set: every member stands on a line of its own
	step  string // indentation of one level
}

// value prints n; level is the depth of the collection around it.
func (f flowStyle) value(b *bytes.Buffer, n *Node, level int) {
	switch n.Kind {
	case Alias:
		b.WriteString("*" + n.Text)
	case Scalar:
		b.WriteString(f.scalar(n))
	default:
		f.collection(b, n, level)
	}
}

func (f flowStyle) collection(b *bytes.Buffer, n *Node, level int) {
	open, closing := "{", "}"
	if n.Kind == List {
		open, closing = "[", "]"
	}
	b.WriteString(open)
	for i, e := range n.Entries {
		if i > 0 {
			b.WriteString(f.comma())
		}
		b.WriteString(f.lineBreak(level + 1))
		f.entry(b, e, level+1)
	}
	if len(n.Entries) > 0 {
		b.WriteString(f.lineBreak(level))
	}
	b.WriteString(closing)
}

func (f flowStyle) entry(b *bytes.Buffer, e Entry, level int) {
	if e.Key != nil {
		b.WriteString(f.scalar(e.Key) + ":")
		if !f.tight {
			b.WriteByte(' ')
		}
	}
	f.value(b, e.Value, level)
}

func (f flowStyle) comma() string {
	if f.tight || f.eol != "" {
		return ","
	}
	return ", "
}

func (f flowStyle) lineBreak(level int) string {
	if f.eol == "" {
		return ""
	}
	return f.eol + strings.Repeat(f.step, level)
}

func (f flowStyle) scalar(n *Node) string {
	switch {
	case f.json && isString(n), n.Style == Literal, n.Style == Folded:
		return doubleQuoted(n.Text)
	case n.Style == Plain && strings.ContainsAny(n.Text, ",[]{}?:"):
		if n.Text == "" || !isString(n) {
			return n.Text
		}
		return "'" + strings.ReplaceAll(n.Text, "'", "''") + "'"
	case f.json && n.Text == "":
		return "null"
	}
	return scalarText(n)
}
