package logsidecar

import (
	"fmt"
	"strconv"
	"strings"
)

// yamlWriter writes trees as block YAML, for agents that are configured so.
type yamlWriter struct {
	b      strings.Builder
	escape func(string) string // keeps the agent from expanding what is in a text
	env    string              // how the agent reads a variable: ${%s}
}

// write returns the tree as a document.
func (w *yamlWriter) write(t tree) string {
	w.tree(t, 0)
	return w.b.String()
}

func (w *yamlWriter) indent(depth int) { w.b.WriteString(strings.Repeat("  ", depth)) }

func (w *yamlWriter) tree(t tree, depth int) {
	for i, n := range t {
		if i > 0 {
			w.indent(depth)
		}
		w.b.WriteString(scalar(n.key) + ":")
		w.below(n.value, depth)
	}
}

// below writes a value behind a key.
func (w *yamlWriter) below(value any, depth int) {
	switch v := value.(type) {
	case tree:
		if len(v) > 0 {
			w.b.WriteByte('\n')
			w.indent(depth + 1)
			w.tree(v, depth+1)
			return
		}
	case list:
		if len(v) > 0 {
			w.b.WriteByte('\n')
			w.list(v, depth+1)
			return
		}
	}
	w.b.WriteString(" " + w.leaf(value, depth+1) + "\n")
}

func (w *yamlWriter) list(l list, depth int) {
	for _, e := range l {
		w.indent(depth)
		w.b.WriteString("- ")
		if t, ok := e.(tree); ok && len(t) > 0 {
			w.tree(t, depth+1)
			continue
		}
		w.b.WriteString(w.leaf(e, depth+1) + "\n")
	}
}

// leaf writes what is no block collection; a program in several lines is
// written as such.
func (w *yamlWriter) leaf(value any, depth int) string {
	switch v := value.(type) {
	case string:
		return scalar(w.escape(v))
	case env, text:
		return scalar(w.parts(v))
	case expr:
		if isBlock(string(v)) {
			pad := "\n" + strings.Repeat("  ", depth)
			return "|-" + pad + strings.ReplaceAll(string(v), "\n", pad)
		}
		return scalar(string(v))
	case tree:
		return "{}"
	case nil:
		return "null"
	case list:
		all := make([]string, len(v))
		for i, e := range v {
			all[i] = w.leaf(e, depth)
		}
		return "[" + strings.Join(all, ", ") + "]"
	}
	return fmt.Sprint(value)
}

// parts puts strings and variables together.
func (w *yamlWriter) parts(value any) string {
	switch v := value.(type) {
	case string:
		return w.escape(v)
	case env:
		return fmt.Sprintf(w.env, string(v))
	case text:
		var b strings.Builder
		for _, part := range v {
			b.WriteString(w.parts(part))
		}
		return b.String()
	}
	return ""
}

// isBare reports a text that needs no quotes in YAML 1.1 and 1.2: no indicators,
// and nothing that may be a number or a time; 5s and 16M are neither.
func isBare(s string) bool {
	rest := strings.TrimLeft(s, digits)
	switch {
	case rest == "", rest != s && strings.Trim(rest, letters) != "", strings.Trim(rest, letters+digits+"_./-") != "":
		return false
	}
	switch strings.ToLower(s) { // words that mean something else than their letters
	case "y", "n", "yes", "no", "on", "off", "true", "false", "null":
		return false
	}
	return strings.IndexByte(letters+"/", rest[0]) >= 0
}

const (
	digits  = "0123456789"
	letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
)

// isPrintable reports a text of ASCII without control characters, which single
// quotes hold as it is.
func isPrintable(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r > '~' })
}

// isBlock reports a text of several lines that a literal holds as it is.
func isBlock(s string) bool {
	return strings.Contains(s, "\n") && isPrintable(strings.ReplaceAll(s, "\n", "")) && strings.TrimSpace(s) == s
}

// scalar writes a text as a scalar of one line, in quotes where they are needed.
func scalar(s string) string {
	switch {
	case isBare(s):
		return s
	case isPrintable(s):
		return "'" + strings.ReplaceAll(s, "'", "''") + "'"
	}
	return quoted(s)
}

// quoted writes a text in double quotes, with escapes that YAML and Alloy read.
func quoted(s string) string { return strconv.QuoteToASCII(s) }
