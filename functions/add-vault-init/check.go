package vaultinit

import (
	"net/netip"
	"path"
	"strconv"
	"strings"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
)

// fileName is the name of a file below a directory. Its letters need no quotes
// anywhere.
func fileName(text string) string {
	switch {
	case path.IsAbs(text), path.Clean(text) != text, text == ".", text == "..", strings.HasPrefix(text, "../"):
		return "does not lie below the directory of the secrets; write it like web or tls/web.pem"
	case strings.ContainsFunc(text, func(r rune) bool { return !strings.ContainsRune(fileLetters, r) }):
		return "is no name of a file here; use letters, digits, ., _, - and /"
	}
	return ""
}

const fileLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-/"

// hostName is the name of a host in a certificate, which may begin with *.
func hostName(text string) string {
	if config.ObjectName(strings.TrimPrefix(strings.ToLower(text), "*.")) != "" {
		return "is no host name; write it like web.example.com"
	}
	return ""
}

// address is an IP address in a certificate.
func address(text string) string {
	if _, err := netip.ParseAddr(text); err != nil {
		return "is no address; write it like 10.0.0.1"
	}
	return ""
}

// lifetime is a time as the server reads it: days, too, and seconds without a unit.
func lifetime(text string) string {
	if n, err := strconv.ParseUint(strings.TrimSuffix(text, "d"), 10, 32); err == nil && n > 0 {
		return ""
	}
	if config.Duration(text) != "" {
		return "is no duration; write it like 12h, 30d or 1h30m"
	}
	return ""
}

// serverPath is a path on the server, like the example.
func serverPath(example string) config.Check {
	return func(text string) string {
		if wrong := config.SingleLine(text); wrong != "" {
			return wrong
		}
		if strings.HasPrefix(text, "/") || strings.HasSuffix(text, "/") || strings.Contains(text, "//") || strings.ContainsAny(text, " \"`\\") {
			return "is no path on the server; write it like " + example + ", without a / at the ends"
		}
		return ""
	}
}

// absolute is the name of a file from the root on.
func absolute(text string) string {
	if !path.IsAbs(text) || path.Clean(text) != text {
		return "is not absolute; write it like /vault/custom/web.ctmpl"
	}
	return config.SingleLine(text)
}

// shellName is the name of a variable that shells know, too.
func shellName(text string) string {
	if strings.ContainsAny(text, "-.") || config.EnvName(text) != "" {
		return "is no name of a variable; use letters, digits and _, no digit first"
	}
	return ""
}
