package logsidecar

import (
	"fmt"
	"strings"
)

// object is a map that is a value of Alloy's language, not a block.
type object tree

// alloyWriter writes trees as blocks and attributes of Alloy's language.
type alloyWriter struct{ b strings.Builder }

// blocks writes blocks of the file, with a line between them.
func (w *alloyWriter) blocks(t tree, depth int) {
	for i, n := range t {
		if i > 0 {
			w.b.WriteByte('\n')
		}
		w.member(n, depth)
	}
}

func (w *alloyWriter) member(n node, depth int) {
	pad := strings.Repeat("  ", depth)
	below, ok := n.value.(tree)
	switch {
	case ok && len(below) == 0:
		fmt.Fprintf(&w.b, "%s%s { }\n", pad, n.key)
	case ok:
		fmt.Fprintf(&w.b, "%s%s {\n", pad, n.key)
		for _, b := range below {
			w.member(b, depth+1)
		}
		fmt.Fprintf(&w.b, "%s}\n", pad)
	default:
		fmt.Fprintf(&w.b, "%s%s = %s\n", pad, n.key, alloyValue(n.value, pad))
	}
}

func alloyValue(value any, pad string) string {
	switch v := value.(type) {
	case string:
		return quoted(v)
	case env:
		return fmt.Sprintf("sys.env(%q)", string(v))
	case text:
		all := make([]string, len(v))
		for i, part := range v {
			all[i] = alloyValue(part, pad)
		}
		return strings.Join(all, " + ")
	case list:
		return alloyList(v, pad)
	case object:
		var b strings.Builder
		for _, n := range v {
			key := n.key
			if !fieldName().MatchString(key) {
				key = quoted(key)
			}
			fmt.Fprintf(&b, "%s  %s = %s,\n", pad, key, alloyValue(n.value, pad+"  "))
		}
		return "{\n" + b.String() + pad + "}"
	}
	return fmt.Sprint(value)
}

func alloyList(l list, pad string) string {
	all := make([]string, len(l))
	for i, e := range l {
		all[i] = alloyValue(e, pad)
	}
	return "[" + strings.Join(all, ", ") + "]"
}
