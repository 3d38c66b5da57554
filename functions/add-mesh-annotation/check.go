package meshannotation

import (
	"encoding/json"
	"fmt"
	"net/netip"
	"path"
	"strconv"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
)

// What follows are the checks of single values that config.Check has no words
// for.

func anything(string) string { return "" }

func jsonText(text string) string {
	if !json.Valid([]byte(text)) {
		return "is no JSON"
	}
	return ""
}

// without are texts that would end where a separator is.
func without(separators string) config.Check {
	return func(text string) string {
		if strings.ContainsAny(text, separators) {
			return fmt.Sprintf("holds one of %q, by which the mesh splits the value", separators)
		}
		return config.SingleLine(text)
	}
}

func element(text string) string {
	if text == "" {
		return "is empty"
	}
	return without(",")(text)
}

func absolute(text string) string {
	if !path.IsAbs(text) || strings.Contains(text, ",") {
		return "is no absolute path; write it like /healthz"
	}
	return config.SingleLine(text)
}

// maxAppID is what a DNS label has room for in front of "-dapr".
const maxAppID = validation.DNS1123LabelMaxLength - len("-dapr")

func appID(text string) string {
	if config.DNSLabel(text) != "" || len(text) > maxAppID {
		return "is no app id; use up to " + strconv.Itoa(maxAppID) + " lower-case letters, digits and -"
	}
	return ""
}

// choice is what the OpenTelemetry operator is told to inject.
func choice(text string) string {
	if config.Word("true", "false")(strings.ToLower(text)) == "" {
		return ""
	}
	namespace, name, ok := strings.Cut(text, "/")
	if !ok {
		namespace, name = "x", text
	}
	if config.DNSLabel(namespace) != "" || config.ObjectName(name) != "" {
		return "is none of true, false, the name of an object, its namespace and name such as shop/otel"
	}
	return ""
}

func ratio(text string) string {
	if r, err := strconv.ParseFloat(text, 64); err != nil || r <= 0 || r > 1 {
		return "is no ratio; write a number above 0 and up to 1, such as 0.5"
	}
	return ""
}

func portOrZero(text string) string {
	if text == "0" {
		return ""
	}
	return config.Port(text)
}

func portOrName(text string) string {
	if config.Port(text) == "" || len(validation.IsValidPortName(text)) == 0 {
		return ""
	}
	return "is no port; write a number from 1 to 65535, or the name of a container port"
}

func portRange(text string) string {
	first, last, isRange := strings.Cut(text, "-")
	if !isRange {
		return config.Port(text)
	}
	from, _ := strconv.Atoi(first)
	to, _ := strconv.Atoi(last)
	if config.Port(first) != "" || config.Port(last) != "" || from > to {
		return "is no range of ports; write it like 8000-8100"
	}
	return ""
}

func portRangeOrName(text string) string {
	if portRange(text) == "" || len(validation.IsValidPortName(text)) == 0 {
		return ""
	}
	return "is no port; write a number, a range like 8000-8100, or the name of a container port"
}

func address(text string) string {
	if _, err := netip.ParseAddr(text); err == nil || config.CIDR(text) == "" {
		return ""
	}
	return "is no address; write it like 10.0.0.1 or 10.0.0.0/8"
}

// asRange is an address as a range of one.
func asRange(text string) string {
	if addr, err := netip.ParseAddr(text); err == nil {
		return netip.PrefixFrom(addr, addr.BitLen()).String()
	}
	return text
}

func hostPort(text string) string {
	host, port, _ := strings.Cut(text, ":")
	if config.ObjectName(host) != "" || config.Port(port) != "" {
		return "is no address; write it like host:50005"
	}
	return ""
}

// upstream is service:port or service:port:datacenter, where the service may have
// a namespace and more behind dots.
func upstream(text string) string {
	parts := strings.Split(strings.TrimPrefix(text, "prepared_query:"), ":")
	if len(parts) < 2 || len(parts) > 3 || config.ObjectName(parts[0]) != "" || config.Port(parts[1]) != "" {
		return "is no upstream; write it like db:5432, db.shop:5432 or db:5432:dc2"
	}
	return ""
}

// portsOfUsers is [[protocol:]ports:]users; ports and users are lists of numbers
// and ranges.
func portsOfUsers(text string) string {
	const wrong = "is not ports of users; write it like tcp:80,443:1000 or udp:53:1000-1010"
	parts := strings.Split(text, ":")
	users := parts[len(parts)-1]
	ok := len(parts) <= 3 && ranges(users, config.Number)
	if len(parts) > 1 {
		ports := parts[len(parts)-2]
		ok = ok && (ports == "*" || ranges(ports, config.Port))
	}
	if len(parts) > 2 {
		ok = ok && config.Word("tcp", "udp", "*")(parts[0]) == ""
	}
	if !ok {
		return wrong
	}
	return ""
}

// ranges reports whether a text is a list of numbers and ranges.
func ranges(text string, check config.Check) bool {
	for part := range strings.SplitSeq(text, ",") {
		first, last, isRange := strings.Cut(part, "-")
		if check(first) != "" || isRange && check(last) != "" {
			return false
		}
	}
	return true
}
