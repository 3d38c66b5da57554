package agents

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
)

// checkFluentd reads Fluentd's format, which has no parser outside of Ruby, and
// holds it against the manual.
func checkFluentd(t *testing.T, f file) []string {
	t.Helper()
	config, err := parseFluentd(f.text)
	if err != nil {
		return []string{err.Error()}
	}
	return readDocumented(t, "fluentd").check(config)
}

var (
	fluentdOpen  = regexp.MustCompile(`^<([a-z_]+)(?:\s+(\S.*?))?\s*>$`)
	fluentdClose = regexp.MustCompile(`^</([a-z_]+)>$`)
	fluentdKey   = regexp.MustCompile(`^(@?[A-Za-z_]\w*)(?:\s+(.*))?$`)
	fluentdText  = regexp.MustCompile(`^(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')$`)
)

// section is a section that is not closed yet.
type section struct {
	name string
	body map[string]any
}

// parseFluentd makes maps and lists: a section is an element of the list under
// its name, its argument is the value of "$argument".
func parseFluentd(text string) (map[string]any, error) {
	open := []section{{body: map[string]any{}}}
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		top := open[len(open)-1]
		switch match := fluentdOpen.FindStringSubmatch(line); {
		case line == "" || line[0] == '#':
		case match != nil:
			inner := map[string]any{}
			if match[2] != "" {
				inner["$argument"] = match[2]
			}
			top.body[match[1]] = append(list(top.body[match[1]]), any(inner))
			open = append(open, section{match[1], inner})
		case strings.HasPrefix(line, "<"):
			closed := fluentdClose.FindStringSubmatch(line)
			if closed == nil || closed[1] != top.name {
				return nil, fmt.Errorf("line %d: %s does not close <%s>", i+1, line, top.name)
			}
			open = open[:len(open)-1]
		default:
			if err := fluentdParameter(top.body, line); err != nil {
				return nil, fmt.Errorf("line %d: %w", i+1, err)
			}
		}
	}
	if len(open) > 1 {
		return nil, fmt.Errorf("<%s> is not closed", open[len(open)-1].name)
	}
	return open[0].body, nil
}

// fluentdParameter reads a line "name value". Only in double quotes is Ruby put
// in; outside of quotes " #" begins a comment.
func fluentdParameter(body map[string]any, line string) error {
	match := fluentdKey.FindStringSubmatch(line)
	if match == nil {
		return fmt.Errorf("no parameter: %s", line)
	}
	name, value := match[1], match[2]
	if _, twice := body[name]; twice {
		return fmt.Errorf("%s is set twice", name)
	}
	quoted := strings.HasPrefix(value, `"`) || strings.HasPrefix(value, "'")
	ruby := strings.Contains(value, "#{")
	switch {
	case quoted && !fluentdText.MatchString(value):
		return fmt.Errorf("%s: bad quotes: %s", name, value)
	case ruby && !strings.HasPrefix(value, `"`):
		return fmt.Errorf("%s: variables need double quotes: %s", name, value)
	case !quoted && !strings.HasPrefix(value, "/") && strings.Contains(value, " #"):
		return fmt.Errorf("%s: a comment is in the value: %s", name, value)
	case ruby:
		body[name] = unknown{}
	case quoted:
		body[name] = strings.ReplaceAll(value[1:len(value)-1], `\`, "")
	default:
		body[name] = value
	}
	return nil
}
