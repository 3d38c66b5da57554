package vaultinit

import (
	"fmt"
	"strings"
)

// layout is how a format writes keys and values, in the language of the agent's
// templates.
type layout struct {
	name    string
	begin   string // of selected keys
	line    string // of a key and its value: %[1]s is the key's text, %[2]s the value's expression
	between string // selected keys
	end     string
	all     string // of all keys: %[1]s is the expression of the data
	anyKey  string // the text of a key that is not known beforehand
}

func layouts() []layout {
	const each = "{{ range $key, $value := %[1]s }}"
	return []layout{
		{name: formatFile, line: "%[1]s: {{ %[2]s }}\n", all: each, anyKey: "{{ $key }}"},
		{name: formatEnv, line: "%[1]s='{{ " + shellQuoted + " }}'\n", all: each, anyKey: "{{ $key }}"},
		{name: formatJSON, begin: "{", line: "%[1]q: {{ %[2]s | toJSON }}", between: ", ", end: "}\n", all: "{{ %[1]s | toJSON }}\n"},
		{name: formatProperties, line: "%[1]s={{ " + propertyEscaped + " }}\n", all: each,
			anyKey: "{{ $key | regexReplaceAll \"([\\\\s:=#!\\\\\\\\])\" \"\\\\$1\" }}"},
	}
}

// shellQuoted is a value between single quotes, for shells.
const shellQuoted = `print %[2]s | replaceAll "'" "'\\''"`

// propertyEscaped is a value as Java reads it: backslashes, line ends and a space
// in front would be lost.
const propertyEscaped = `print %[2]s | replaceAll "\\" "\\\\" | replaceAll "\n" "\\n" | replaceAll "\r" "\\r" | regexReplaceAll "^(\\s)" "\\$1"`

func layoutOf(format string) layout {
	for _, l := range layouts() {
		if l.name == format {
			return l
		}
	}
	return layout{}
}

// selected writes the given keys of data.
func (l layout) selected(data string, keys []string) string {
	var lines []string
	for _, key := range keys {
		lines = append(lines, fmt.Sprintf(l.line, key, parenthesized(valueOf(data, key))))
	}
	return l.begin + strings.Join(lines, l.between) + l.end
}

// every writes all keys of data.
func (l layout) every(data string) string {
	text := fmt.Sprintf(l.all, data)
	if l.anyKey == "" {
		return text
	}
	return text + fmt.Sprintf(l.line, l.anyKey, "$value") + "{{ end }}"
}

// valueOf is the expression of a key's value. The first form fails when there is
// no such key; for the other one see required.
func valueOf(data, key string) string {
	if shellName(key) == "" {
		return data + "." + key
	}
	return fmt.Sprintf("index %s %q", data, key)
}

// required fails for keys that are missing and would otherwise come out empty.
func required(data, path string, keys []string) string {
	var b strings.Builder
	for _, key := range keys {
		if shellName(key) != "" {
			fmt.Fprintf(&b, "{{ if not (sprig_hasKey %s %q) }}{{ sprig_fail %q }}{{ end }}", data, key, fmt.Sprintf("%s has no key %s", path, key))
		}
	}
	return b.String()
}

// parenthesized is an expression that may be an argument.
func parenthesized(expression string) string {
	if strings.Contains(expression, " ") {
		return "(" + expression + ")"
	}
	return expression
}
