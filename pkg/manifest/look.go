package manifest

import "strings"

// look is what a glance at the top level of an object tells.
type look struct {
	apiVersion, kind string
	sure             bool // false: only a parser can tell
	none             bool // a block map that seems to have neither
}

// glance finds apiVersion and kind of a block map in column col without
// parsing it.
func glance(text string, col int) look {
	first := firstToken(text)
	if first == "" || strings.IndexByte("{[&*!?|>-\"'%", first[0]) >= 0 {
		return look{}
	}
	l := look{sure: true}
	l.apiVersion = field(text, col, "apiVersion", &l.sure)
	l.kind = field(text, col, "kind", &l.sure)
	if !l.sure {
		_, typed := keyLine(text, col, "apiVersion:")
		_, kind := keyLine(text, col, "kind:")
		l.none = !typed && !kind
	}
	return l
}

// firstToken returns the text from its first byte that is no blank or comment.
func firstToken(text string) string {
	for text != "" {
		text = strings.TrimLeft(text, " \t\r\n")
		if !strings.HasPrefix(text, "#") {
			return text
		}
		i := strings.IndexByte(text, '\n')
		if i < 0 {
			return ""
		}
		text = text[i:]
	}
	return ""
}

// field returns the plain or simply quoted value of a key in column col. sure
// becomes false where the text does not say it once, in a way that this sees.
func field(text string, col int, name string, sure *bool) string {
	value, ok := keyLine(text, col, name+":")
	if _, again := keyLine(value, col, name+":"); !ok || again {
		*sure = false
		return ""
	}
	if i := strings.IndexByte(value, '\n'); i >= 0 {
		value = value[:i]
	}
	value = strings.TrimSpace(value)
	if i := strings.Index(value, " #"); i >= 0 {
		value = strings.TrimSpace(value[:i])
	}
	if len(value) > 1 && (value[0] == '"' || value[0] == '\'') && value[len(value)-1] == value[0] {
		value = value[1 : len(value)-1]
	}
	if value == "" || strings.ContainsAny(value, "&*!|>{}[]\"'\\#: ") {
		*sure = false
		return ""
	}
	return value
}

// keyLine returns what follows key on a line that has it in column col.
func keyLine(text string, col int, key string) (string, bool) {
	if strings.HasPrefix(text, key) {
		return text[len(key):], true
	}
	line := "\n" + strings.Repeat(" ", col) + key
	if i := strings.Index(text, line); i >= 0 {
		return text[i+len(line):], true
	}
	return "", false
}
