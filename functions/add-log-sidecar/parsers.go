package logsidecar

import (
	"regexp"
	"strings"
)

// The names of parsers.
const (
	parserNone   = "none"
	parserJSON   = "json"
	parserNginx  = "nginx"
	parserApache = "apache"
	parserCRI    = "cri"
	parserLogfmt = "logfmt"
	parserRegex  = "regex"
)

// parserNames are the words of a config.
func parserNames() []string {
	return []string{parserNone, parserJSON, parserNginx, parserApache, parserCRI, parserLogfmt}
}

// has makes a set of parsers.
func has(names ...string) map[string]bool {
	set := map[string]bool{}
	for _, name := range names {
		set[name] = true
	}
	return set
}

// format is a line format that an expression takes apart.
type format struct {
	regex    string // RE2; what is in its named groups becomes fields
	strptime string // of the group time
	layout   string // the same, as Go writes it
	dissect  string // the same line, as filebeat takes it apart
}

const (
	combined = `^(?P<remote>\S+) \S+ (?P<user>\S+) \[(?P<time>[^\]]+)\] "(?P<method>\S+) (?P<path>\S+) (?P<protocol>[^"]+)" ` +
		`(?P<status>\d{3}) (?P<size>\d+|-)(?: "(?P<referer>[^"]*)" "(?P<agent>[^"]*)")?`
	combinedDissect = `%{remote} %{} %{user} [%{time}] "%{method} %{path} %{protocol}" %{status} %{size} "%{referer}" "%{agent}"`
	rfc3339         = "%Y-%m-%dT%H:%M:%S.%L%z"
	containerd      = `^(?P<time>\S+) (?P<stream>stdout|stderr) [FP] (?P<message>.*)$`
)

// format returns the line format of a parser; none for those that agents know.
func (p Parser) format() format {
	access := format{regex: combined, strptime: "%d/%b/%Y:%H:%M:%S %z", layout: "02/Jan/2006:15:04:05 -0700", dissect: combinedDissect}
	switch p.kind() {
	case parserNginx, parserApache:
		return access
	case parserCRI:
		return format{regex: containerd, strptime: rfc3339, layout: "RFC3339Nano"}
	}
	return format{regex: p.Regex}
}

// groups are the named groups of an expression, in their order.
func groups(regex string) []string {
	re, err := regexp.Compile(regex)
	if err != nil {
		return nil // reported by the validation
	}
	var names []string
	for _, name := range re.SubexpNames() {
		if name != "" {
			names = append(names, name)
		}
	}
	return names
}

// ruby writes an expression as Ruby's engine, Onigmo, reads it.
func ruby(regex string) string { return strings.ReplaceAll(regex, "(?P<", "(?<") }

// hide writes letters of an expression, escaped or not, as a backslash and what
// stands for them behind it.
func hide(regex string, letters map[rune]string) string {
	var b strings.Builder
	escaped := false
	for _, r := range regex {
		letter, hidden := letters[r]
		if hidden && !escaped {
			b.WriteByte('\\')
		}
		if hidden {
			b.WriteString(letter)
		} else {
			b.WriteRune(r)
		}
		escaped = r == '\\' && !escaped
	}
	return b.String()
}
