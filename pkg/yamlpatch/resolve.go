package yamlpatch

import (
	"strings"

	"github.com/krm-sidecars/krm-sidecars/pkg/lazyre"
)

// Plain scalars that some YAML parser reads as something other than a string:
// YAML 1.1 has more of them than 1.2, and Kubernetes tools use both.
var (
	intText   = lazyre.New(`^[-+]?(0[bB][01_]+|0[oO][0-7_]+|0[xX][0-9a-fA-F_]+|[0-9][0-9_]*)$`)
	floatText = lazyre.New(`^[-+]?(\.[0-9_]+|[0-9][0-9_]*(\.[0-9_]*)?)([eE][-+]?[0-9]+)?$`)
	otherText = lazyre.New(`^[-+]?(\.(inf|Inf|INF|nan|NaN|NAN)|[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?)$|^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt ].*)?$`)
)

func isNull(s string) bool {
	switch s {
	case "", "~", "null", "Null", "NULL":
		return true
	}
	return false
}

func isBool(s string) bool {
	switch s {
	case "true", "True", "TRUE", "false", "False", "FALSE":
		return true
	}
	return false
}

func isNumber(s string) bool {
	if !startsLikeNumber(s) {
		return false
	}
	return intText().MatchString(s) || floatText().MatchString(s)
}

func startsLikeNumber(s string) bool {
	return s != "" && (s[0] >= '0' && s[0] <= '9' || s[0] == '-' || s[0] == '+' || s[0] == '.')
}

// looksTyped reports whether any YAML version reads the plain text as a null,
// boolean, number or date.
func looksTyped(s string) bool {
	if isNull(s) || isBool(s) {
		return true
	}
	if s[0] > '9' && len(s) > len("false") {
		return false
	}
	switch strings.ToLower(s) {
	case "y", "n", "yes", "no", "on", "off", "true", "false", "null":
		return true
	}
	return startsLikeNumber(s) && onlyNumeric(s) && (isNumber(s) || otherText().MatchString(s))
}

// onlyNumeric rules most texts out that begin like a number, such as 100m: they
// hold a character that no number, date or infinity has.
func onlyNumeric(s string) bool {
	if !strings.ContainsAny(s, "0123456789") && !strings.HasPrefix(strings.TrimLeft(s, "+-"), ".") {
		return false
	}
	for i := range len(s) {
		if c := s[i]; (c < '0' || c > '9') && strings.IndexByte("+-._:abcdefABCDEFxXoOinfNTtZz ", c) < 0 {
			return false
		}
	}
	return true
}
