package logsidecar

import (
	"encoding/json"
	"fmt"
	"strings"
)

// fluentdWriter writes trees as sections of fluentd's language.
type fluentdWriter struct{ b strings.Builder }

func (w *fluentdWriter) section(t tree, depth int) {
	pad := strings.Repeat("  ", depth)
	for _, n := range t {
		if below, ok := n.value.(tree); ok {
			name, _, _ := strings.Cut(n.key, " ")
			fmt.Fprintf(&w.b, "%s<%s>\n", pad, n.key)
			w.section(below, depth+1)
			fmt.Fprintf(&w.b, "%s</%s>\n", pad, name)
			continue
		}
		fmt.Fprintf(&w.b, "%s%s %s\n", pad, n.key, fluentdValue(n.value))
	}
}

func fluentdValue(value any) string {
	switch v := value.(type) {
	case string: // what it is, its parameter says: a number needs no quotes
		if v != "" && strings.Trim(v, letters+digits+"_./-") == "" && v[0] != '-' {
			return v
		}
		return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(v) + "'" // nothing is expanded in there
	case env:
		return fluentdValue(text{v})
	case text:
		var b strings.Builder
		for _, part := range v {
			switch p := part.(type) {
			case string:
				b.WriteString(strings.NewReplacer(`\`, `\\`, `"`, `\"`, `#`, `\#`).Replace(p))
			case env:
				fmt.Fprintf(&b, "#{ENV['%s']}", p)
			}
		}
		return `"` + b.String() + `"`
	case list:
		raw, err := json.Marshal(v)
		if err != nil {
			return "[]"
		}
		return string(raw)
	}
	return fmt.Sprint(value)
}
