package proxysidecar

import (
	"net/netip"
	"regexp"
	"strconv"
	"strings"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
)

func joined(words []string) string { return strings.Join(words, " ") }

// route is METHOD=regular expression, or the expression alone.
func route(text string) string {
	expression := text
	if method, rest, ok := strings.Cut(text, "="); ok && strings.ToUpper(method) == method && !strings.HasPrefix(method, "^") {
		expression = rest
	}
	if _, err := regexp.Compile(expression); err != nil || expression == "" {
		return "is no route; write METHOD=regular expression, such as GET=^/healthz$"
	}
	return ""
}

// addresses is an IP address, or a range of them.
func addresses(text string) string {
	if _, err := netip.ParseAddr(text); err == nil {
		return ""
	}
	if _, err := netip.ParsePrefix(text); err != nil {
		return "is no address or range; write it like 10.0.0.7 or 10.0.0.0/8"
	}
	return ""
}

// path is a path in a URL, with * for any part.
func path(text string) string {
	if !strings.HasPrefix(text, "/") || strings.ContainsAny(text, " ,") {
		return "is no path; begin it with /"
	}
	return config.SingleLine(text)
}

func number(n int32) string { return strconv.Itoa(int(n)) }

// quoted is a text in YAML.
func quoted(text string) string { return strconv.Quote(text) }
