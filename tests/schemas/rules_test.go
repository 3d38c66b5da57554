package schemas_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/krm-sidecars/krm-sidecars/functions"
)

// TestEveryRuleIsTheCodes breaks every rule that the schemas state: the schema
// and the code both refuse that.
func TestEveryRuleIsTheCodes(t *testing.T) {
	rules := 0
	for _, f := range functions.All() {
		t.Run(f.Kind, func(t *testing.T) {
			s := compile(t, f)
			for _, p := range places(place{schema: spec(t, f)}) {
				for _, b := range breaches(t, p) {
					rules++
					if s.Validate(whole(f, p.with(specs(t, f)[0], b.value))) == nil {
						t.Errorf("%s: the schema has %s, but takes %v", p, b.rule, b.value)
					}
					if !refuses(t, f, p, b.value, parent(p)...) {
						t.Errorf("%s: the schema has %s, but the code takes %v", p, b.rule, b.value)
					}
				}
			}
		})
	}
	if rules < 600 {
		t.Errorf("%d rules; there are more", rules)
	}
}

// parent is where the code tells that an element is not complete.
func parent(p place) []place {
	if len(p.path) == 0 {
		return nil
	}
	return []place{{path: p.path[:len(p.path)-1]}}
}

// breach is a value that breaks a rule.
type breach struct {
	rule  string
	value any
}

func breaches(t *testing.T, p place) []breach {
	t.Helper()
	s := p.schema
	all := slices.Concat(numbers(s), lists(s), objects(s))
	if words := s.list("enum"); words != nil {
		all = append(all, breach{fmt.Sprint("enum ", words), "bogus"})
	}
	if n, ok := s.number("minLength"); ok {
		all = append(all, breach{fmt.Sprint("minLength ", n), strings.Repeat("x", n-1)})
	}
	if pattern, ok := s["pattern"].(string); ok {
		all = append(all, breach{"pattern " + pattern, mismatch(t, pattern)})
	}
	if s.wordy() {
		all = append(all, breach{"words", "bogus"})
	}
	return all
}

// mismatch is a text that an expression does not match.
func mismatch(t *testing.T, pattern string) string {
	t.Helper()
	re := regexp.MustCompile(pattern)
	for _, text := range []string{"not ok ~!", "?bad\n", ""} {
		if !re.MatchString(text) {
			return text
		}
	}
	t.Fatalf("everything matches %s", pattern)
	return ""
}

// numbers breaks bounds. Zero is no breach: in fields that are no pointers, it
// stands for nothing at all.
func numbers(s node) []breach {
	var all []breach
	if n, ok := s.number("minimum"); ok {
		less := n - 1
		if less == 0 {
			less = -1
		}
		all = append(all, breach{fmt.Sprint("minimum ", n), less})
	}
	if n, ok := s.number("maximum"); ok {
		all = append(all, breach{fmt.Sprint("maximum ", n), n + 1})
	}
	return all
}

func lists(s node) []breach {
	var all []breach
	items := func(n int) []any { return slices.Repeat([]any{"x"}, n) }
	if n, ok := s.number("minItems"); ok {
		all = append(all, breach{fmt.Sprint("minItems ", n), items(n - 1)})
	}
	if n, ok := s.number("maxItems"); ok {
		all = append(all, breach{fmt.Sprint("maxItems ", n), items(n + 1)})
	}
	return all
}

func objects(s node) []breach {
	var all []breach
	for _, name := range s.list("required") {
		all = append(all, breach{fmt.Sprint("required ", name), map[string]any{}})
	}
	if n, ok := s.number("minProperties"); ok {
		all = append(all, breach{fmt.Sprint("minProperties ", n), map[string]any{}})
	}
	if n, ok := s.number("maxProperties"); ok {
		all = append(all, breach{fmt.Sprint("maxProperties ", n), fill(s)})
	}
	if s.list("oneOf") != nil {
		all = append(all, breach{"oneOf", map[string]any{}}, breach{"oneOf", fill(s)})
	}
	return all
}

// fill is an object with all of its fields, as far as their types go.
func fill(s node) map[string]any {
	all := map[string]any{}
	for name, p := range s.properties() {
		switch p["type"] {
		case "object":
			all[name] = map[string]any{}
		case "string":
			all[name] = "x"
		}
	}
	return all
}
