package deps

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// rules are what an order says.
type rules struct {
	below  map[string][]string // what is written directly below a name
	denied map[[2]string]bool  // pairs of a < b that are taken away
}

// parse reads statements that end with ";", of names in lists with "<" or "!<"
// between the lists.
func parse(text string) (*rules, error) {
	r := &rules{below: map[string][]string{}, denied: map[[2]string]bool{}}
	for statement := range strings.SplitSeq(text, ";") {
		if statement = strings.TrimSpace(statement); statement == "" {
			continue
		}
		if strings.Contains(statement, "!<") {
			left, right, _ := strings.Cut(statement, "!<")
			for a, b := range pairs(left, right) {
				r.denied[[2]string{a, b}] = true
			}
			continue
		}
		lists := strings.Split(statement, "<")
		if len(lists) < 2 {
			return nil, fmt.Errorf("%q has no <", statement)
		}
		for _, a := range names(lists[0]) {
			r.below[a] = slices.Clip(r.below[a])
		}
		for i := 1; i < len(lists); i++ {
			for a, b := range pairs(lists[i-1], lists[i]) {
				r.below[b] = append(r.below[b], a)
			}
		}
	}
	for name := range r.below {
		if r.reaches(name, name, map[string]bool{}) {
			return nil, fmt.Errorf("%s is below itself", name)
		}
	}
	return r, nil
}

func names(list string) []string {
	all := strings.Split(list, ",")
	for i := range all {
		all[i] = strings.TrimSpace(all[i])
	}
	return all
}

func pairs(left, right string) func(func(a, b string) bool) {
	return func(yield func(a, b string) bool) {
		for _, a := range names(left) {
			for _, b := range names(right) {
				if !yield(a, b) {
					return
				}
			}
		}
	}
}

// class is the name under which the order has a package.
func class(name string) string {
	if strings.HasPrefix(name, "functions/") {
		return "functions/*"
	}
	return name
}

func (r *rules) knows(name string) bool {
	_, ok := r.below[class(name)]
	return ok
}

// forbid says why b must not import a, "" if it may.
func (r *rules) forbid(a, b string) string {
	a, b = class(a), class(b)
	switch {
	case r.denied[[2]string{a, b}]:
		return "the order says " + a + " !< " + b
	case !r.reaches(a, b, map[string]bool{}):
		return "in the order it is not below"
	}
	return ""
}

// reaches reports whether a is below b.
func (r *rules) reaches(a, b string, seen map[string]bool) bool {
	for _, next := range r.below[b] {
		if next == a {
			return true
		}
		if !seen[next] {
			seen[next] = true
			if r.reaches(a, next, seen) {
				return true
			}
		}
	}
	return false
}

func TestRules(t *testing.T) {
	r, err := parse("a, b < c < d; c < e; b !< e")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		a, b string
		ok   bool
	}{
		{"a", "c", true}, {"a", "d", true}, {"b", "d", true}, {"c", "d", true},
		{"c", "a", false}, {"d", "e", false}, {"a", "e", true}, {"b", "e", false}, {"x", "c", false},
	} {
		if why := r.forbid(c.a, c.b); (why == "") != c.ok {
			t.Errorf("%s imports %s: %q, want allowed: %v", c.b, c.a, why, c.ok)
		}
	}
	for _, bad := range []string{"a < b; b < a", "a"} {
		if _, err := parse(bad); err == nil {
			t.Errorf("parse(%q) gives no error", bad)
		}
	}
}
