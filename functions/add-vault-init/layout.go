package vaultinit

import (
	"fmt"
	"strings"
)

// The parts of templates, in the agent's language. $path is what was read, $data its
// keys and values, $key and $value one of them.
const (
	// everyKey begins what is written for all keys. One without a value is as good as
	// not there.
	everyKey = `{{ range $key, $value := $data }}{{ if sprig_kindIs "invalid" $value }}{{ continue }}{{ end }}` + refuseOthers
	// valueOfKey is behind what sets a $key.
	valueOfKey = refuseMissing + `{{ $value := index $data $key }}` + refuseOthers

	refuseMissing = `{{ if not (sprig_hasKey $data $key) }}{{ printf "%s has no key %s" $path $key | sprig_fail }}{{ end }}`
	refuseOthers  = `{{ if sprig_kindOf $value | regexMatch "map|slice|invalid" }}{{ printf "%s of %s is no text; use format json" $key $path | sprig_fail }}{{ end }}`
	refuseName    = `{{ if not ($key | regexMatch "^[A-Za-z_][A-Za-z0-9_]*$") }}{{ printf "%s of %s is no name of a variable; write those that are into keys, or use format json" $key $path | sprig_fail }}{{ end }}`
	refuseQuote   = `{{ if print $value | regexMatch "'|\r\n" }}{{ printf "%s of %s holds a single quote or a line end of Windows, which variables from files cannot; use a file" $key $path | sprig_fail }}{{ end }}`

	// shellQuoted is the value between single quotes, for shells.
	shellQuoted = `'{{ print $value | replaceAll "'" "'\\''" }}'`
	// onOneLine is how Java reads line ends.
	onOneLine       = ` | replaceAll "\\" "\\\\" | replaceAll "\n" "\\n" | replaceAll "\r" "\\r"`
	propertyKey     = `{{ $key` + onOneLine + ` | regexReplaceAll "([\\s:=#!])" "\\$1" }}`
	propertyEscaped = `{{ print $value` + onOneLine + ` | regexReplaceAll "^(\\s)" "\\$1" }}`
)

// lineOf is how a format writes a key and its value.
func lineOf(format string) string {
	for _, l := range []struct{ format, line string }{
		{formatFile, "{{ $key }}: {{ $value }}\n"},
		{formatEnv, refuseName + "{{ $key }}=" + shellQuoted + "\n"},
		{formatProperties, propertyKey + "=" + propertyEscaped + "\n"},
	} {
		if l.format == format {
			return l.line
		}
	}
	return ""
}

// lines writes the given keys, or all.
func lines(format string, keys []string) string {
	switch line := lineOf(format); {
	case len(keys) == 0:
		return everyKey + line + "{{ end }}"
	case len(keys) == 1 && format == formatFile:
		return setKey(keys[0]) + valueOfKey + "{{ $value }}"
	default:
		return rangeOver(keys) + valueOfKey + line + "{{ end }}"
	}
}

// object writes the given keys, or all, as JSON.
func object(keys []string) string {
	if len(keys) == 0 {
		return "{{ $data | toJSON }}\n"
	}
	return rangeOver(keys) + refuseMissing + "{{ end }}{{ sprig_pick $data " + listed(keys) + " | toJSON }}\n"
}

func rangeOver(keys []string) string { return "{{ range $key := sprig_list " + listed(keys) + " }}" }

func setKey(key string) string { return fmt.Sprintf("{{ $key := %q }}", key) }

// listed are texts as arguments.
func listed(texts []string) string {
	var all []string
	for _, text := range texts {
		all = append(all, fmt.Sprintf("%q", text))
	}
	return strings.Join(all, " ")
}
