package config

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/krm-sidecars/krm-sidecars/pkg/lazyre"
)

// requirements is a parsed selector: app=web,tier!=db,env in (a,b),!canary. The
// package labels of apimachinery reads the same, but not for annotations, whose
// values may hold anything: here they may be quoted.
type requirements []requirement

// requirement is one condition on a map.
type requirement struct {
	key    string
	values []string // nil: any value
	not    bool
}

func (rs requirements) match(have map[string]string) bool {
	for _, r := range rs {
		value, ok := have[r.key]
		if ok && r.values != nil {
			ok = slices.Contains(r.values, value)
		}
		if ok == r.not {
			return false
		}
	}
	return true
}

const keyPattern = `([^\s=!,()]+)`

var (
	existsText = lazyre.New(`^(!?)\s*` + keyPattern + `$`)
	equalText  = lazyre.New(`(?s)^` + keyPattern + `\s*(==|!=|=)\s*(.*)$`)
	inText     = lazyre.New(`(?s)^` + keyPattern + `\s+(in|notin)\s*\((.*)\)$`)
)

func parseRequirements(text string, isBad func(value string) bool) (requirements, error) {
	if strings.TrimSpace(text) == "" {
		return nil, nil
	}
	var all requirements
	for _, part := range splitOutside(text) {
		r, err := parseRequirement(part)
		if err != nil {
			return nil, err
		}
		if len(validation.IsQualifiedName(r.key)) > 0 {
			return nil, fmt.Errorf("%q is no valid key; write it as app or example.com/app", r.key)
		}
		if i := slices.IndexFunc(r.values, isBad); i >= 0 {
			return nil, fmt.Errorf("%q is no label value; use up to 63 letters, digits, -, _ and dots", r.values[i])
		}
		all = append(all, r)
	}
	return all, nil
}

func parseRequirement(text string) (requirement, error) {
	if m := existsText().FindStringSubmatch(text); m != nil {
		return requirement{key: m[2], not: m[1] == "!"}, nil
	}
	if m := inText().FindStringSubmatch(text); m != nil {
		values, err := unquoteAll(splitOutside(m[3]))
		return requirement{key: m[1], values: values, not: m[2] == "notin"}, err
	}
	if m := equalText().FindStringSubmatch(text); m != nil {
		values, err := unquoteAll([]string{m[3]})
		return requirement{key: m[1], values: values, not: m[2] == "!="}, err
	}
	return requirement{}, fmt.Errorf("%q is no condition; write app=web, app!=web, app in (a,b), app notin (a,b), app or !app", text)
}

// splitOutside splits text at the commas that stand outside of quotes and
// parentheses.
func splitOutside(text string) []string {
	var parts []string
	start, depth, quoted := 0, 0, false
	for i := range len(text) {
		switch c := text[i]; {
		case c == '"' && (i == 0 || text[i-1] != '\\'):
			quoted = !quoted
		case quoted:
		case c == '(':
			depth++
		case c == ')':
			depth--
		case c == ',' && depth == 0:
			parts = append(parts, strings.TrimSpace(text[start:i]))
			start = i + 1
		}
	}
	return append(parts, strings.TrimSpace(text[start:]))
}

func unquoteAll(values []string) ([]string, error) {
	for i, v := range values {
		if !strings.HasPrefix(v, `"`) {
			continue
		}
		plain, err := strconv.Unquote(v)
		if err != nil {
			return nil, errors.New("a value begins with a quote that is not closed")
		}
		values[i] = plain
	}
	return values, nil
}

func badLabelValue(value string) bool { return len(validation.IsValidLabelValue(value)) > 0 }

// badAnnotationValue: there is none.
func badAnnotationValue(string) bool { return false }
