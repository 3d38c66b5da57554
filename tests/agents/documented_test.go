package agents

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// documented is what a manual says of a configuration. testdata/documented has
// one file for each agent:
//
//	a map    the keys there may be; "key!" has to be there; "key*" stands for all
//	         keys that begin so; "$by: key" chooses among maps by the value of key,
//	         and "$all" is what these have in common
//	[x]      a list of x
//	a text   a type, or words, with | in between; see scalars
//
// In a file with "$text: true" numbers and booleans may be written as texts.
type documented struct {
	root any
	text bool
}

// unknown is a value that only the agent can work out. It fits every type.
type unknown struct{}

func readDocumented(t *testing.T, agent string) documented {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "documented", agent+".yaml"))
	if err != nil {
		t.Fatal(err)
	}
	root := map[string]any{}
	if err := yaml.Unmarshal(data, &root); err != nil {
		t.Fatalf("%s: %v", agent, err)
	}
	_, text := root["$text"]
	for key := range root {
		if strings.HasPrefix(key, "$") {
			delete(root, key)
		}
	}
	return documented{root, text}
}

// check returns all that the manual does not know.
func (d documented) check(config any) []string { return d.value(d.root, config, "") }

func (d documented) value(want, have any, path string) []string {
	if _, ok := have.(unknown); ok {
		return nil
	}
	switch w := want.(type) {
	case map[string]any:
		if have == nil {
			have = map[string]any{}
		}
		if h, ok := have.(map[string]any); ok {
			return d.object(w, h, path)
		}
		return []string{fmt.Sprintf("%s: has to be a map, not %v", path, have)}
	case []any:
		h, ok := have.([]any)
		if !ok {
			return []string{fmt.Sprintf("%s: has to be a list, not %v", path, have)}
		}
		var wrong []string
		for i, element := range h {
			wrong = append(wrong, d.value(w[0], element, path+"["+strconv.Itoa(i)+"]")...)
		}
		return wrong
	default:
		return d.scalar(fmt.Sprint(want), have, path)
	}
}

func (d documented) object(want, have map[string]any, path string) []string {
	if by, ok := want["$by"].(string); ok {
		kind, ok := want[fmt.Sprint(have[by])].(map[string]any)
		if !ok {
			return []string{fmt.Sprintf("%s: unknown %s %v", path, by, have[by])}
		}
		merged := map[string]any{by + "!": "string"}
		if all, ok := want["$all"].(map[string]any); ok {
			maps.Copy(merged, all)
		}
		maps.Copy(merged, kind)
		return d.object(merged, have, path)
	}
	var wrong []string
	for _, key := range slices.Sorted(maps.Keys(have)) {
		below := strings.TrimPrefix(path+"."+key, ".")
		if w, ok := member(want, key); ok {
			wrong = append(wrong, d.value(w, have[key], below)...)
		} else {
			wrong = append(wrong, below+": unknown key")
		}
	}
	for _, key := range slices.Sorted(maps.Keys(want)) {
		if name, required := strings.CutSuffix(key, "!"); required && have[name] == nil {
			wrong = append(wrong, strings.TrimPrefix(path+"."+name, ".")+": missing")
		}
	}
	return wrong
}

// member finds what a map says of a key.
func member(want map[string]any, key string) (any, bool) {
	for _, name := range []string{key, key + "!"} {
		if w, ok := want[name]; ok {
			return w, true
		}
	}
	for name, w := range want {
		if prefix, ok := strings.CutSuffix(name, "*"); ok && strings.HasPrefix(key, prefix) {
			return w, true
		}
	}
	return nil, false
}

// scalars are the types. Those that are patterns are written as texts.
var scalars = map[string]func(any) bool{
	"any":    func(any) bool { return true },
	"string": func(v any) bool { _, ok := v.(string); return ok },
	"int":    func(v any) bool { _, ok := v.(int); return ok },
	"bool":   func(v any) bool { _, ok := v.(bool); return ok },
	"number": func(v any) bool {
		switch v.(type) {
		case int, float64:
			return true
		}
		return false
	},
	"scalar":   isScalar,
	"duration": matches(`^(\d+(\.\d+)?(ns|us|ms|s|m|h|d))+$`),
	"size":     matches(`^\d+(\.\d+)?\s?([kKmMgG]([iI]?[bB])?|[bB])?$`),
	"pair":     matches(`^\S+ ("(\\.|[^"\\])*"|[^" ]\S*)$`), // a key, and a value that is quoted if it has spaces
	"hostport": matches(`^[^/\s]+:\d+$`),
	"re2":      compiles,
	"url":      matches(`^https?://[^\s/]+\S*$`),
}

// written are the types of a file with $text.
var written = map[string]func(any) bool{
	"string": isScalar,
	"int":    matches(`^-?\d+$`),
	"number": matches(`^-?\d+(\.\d+)?$`),
	"bool":   matches(`^(?i:true|false|on|off|yes|no)$`),
}

func isScalar(v any) bool {
	switch v.(type) {
	case map[string]any, []any, nil:
		return false
	}
	return true
}

// compiles tells whether a value is an expression as Go takes it.
func compiles(v any) bool {
	text, ok := v.(string)
	_, err := regexp.Compile(text)
	return ok && err == nil
}

func matches(pattern string) func(any) bool {
	compiled := regexp.MustCompile(pattern)
	return func(v any) bool { return isScalar(v) && compiled.MatchString(fmt.Sprint(v)) }
}

// variable is a value that the agent replaces as a whole, and so any text.
var variable = regexp.MustCompile(`^\$\{[^}]+\}$`)

func (d documented) scalar(want string, have any, path string) []string {
	for word := range strings.SplitSeq(want, "|") {
		fits, isType := scalars[word]
		if as, ok := written[word]; ok && d.text {
			fits = as
		}
		if isType && fits(have) || !isType && fmt.Sprint(have) == word {
			return nil
		}
	}
	if text, ok := have.(string); ok && variable.MatchString(text) {
		return nil
	}
	return []string{fmt.Sprintf("%s: has to be %s, not %v", path, want, have)}
}
