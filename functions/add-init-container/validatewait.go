package initcontainer

import (
	"fmt"
	"net"
	"strings"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
)

func (ws waits) validate(c *Config) config.Errors {
	var errs config.Errors
	for i, w := range ws {
		errs = append(errs, w.validate().Under(fmt.Sprintf("[%d]", i))...)
	}
	if by := c.Container; by != nil && len(ws.groups())+len(ws.resources()) > 1 {
		for _, f := range []struct {
			field string
			set   bool
		}{{"image", by.Image != ""}, {"command", len(by.Command) > 0}, {"args", len(by.Args) > 0}} {
			if f.set {
				errs.Addf("", "needs several containers, so that spec.container.%s has no meaning; give each a config of its own", f.field)
			}
		}
	}
	return errs
}

func (w Wait) validate() config.Errors {
	errs := w.validateKinds()
	for _, k := range w.kinds() {
		errs = append(errs, config.Each(k.name, k.address(w), k.checks()...)...)
	}
	if w.Resource != nil {
		errs = append(errs, w.Resource.validate().Under("resource")...)
	}
	return append(errs, w.validateOptions()...)
}

// validateKinds checks that there is one thing to wait for.
func (w Wait) validateKinds() config.Errors {
	var errs config.Errors
	var set []string
	for _, k := range w.kinds() {
		set = append(set, k.name)
	}
	if w.Resource != nil {
		set = append(set, "resource")
	}
	switch len(set) {
	case 1:
	case 0:
		var all []string
		for _, k := range kinds() {
			all = append(all, k.name)
		}
		errs.Addf("", "empty; choose one of %s, resource", strings.Join(all, ", "))
	default:
		errs.Addf("", "holds %s; keep one of them, and give each of the others an element of its own", strings.Join(set, " and "))
	}
	return errs
}

// checks are those of what a kind waits for.
func (k kind) checks() []config.Check {
	switch k.name {
	case "http":
		return []config.Check{config.SingleLine, config.URL("http", "https")}
	case "dns":
		return []config.Check{hostName}
	default:
		return []config.Check{address}
	}
}

// validateOptions checks what is said about the one thing.
func (w Wait) validateOptions() config.Errors {
	var errs config.Errors
	https := strings.HasPrefix(w.HTTP, "https:")
	for _, o := range []struct {
		field    string
		set, fit bool
		with     string
	}{
		{"status", w.Status != 0, w.HTTP != "", "http"},
		{"expect", w.Expect != "", w.HTTP != "", "http"},
		{"service", w.Service != "", w.GRPC != "", "grpc"},
		{"tls", w.TLS, w.GRPC != "", "grpc"},
		{"ca", w.CA != nil, https || w.GRPC != "" && w.TLS, "an https URL, or grpc with tls: true"},
	} {
		if o.set && !o.fit {
			errs.Addf(o.field, "has a meaning only with %s; take it out", o.with)
		}
	}
	if w.Status != 0 && (w.Status < 100 || w.Status > 599) {
		errs.Addf("status", "%d is no status of HTTP; write a number from 100 to 599", w.Status)
	}
	errs = append(errs, config.Each("expect", w.Expect, config.SingleLine)...)
	errs = append(errs, config.Each("service", w.Service, serviceName)...)
	return append(errs, w.CA.validate().Under("ca")...)
}

// address is host:port.
func address(text string) string {
	host, port, err := net.SplitHostPort(text)
	if err != nil || config.Port(port) != "" || net.ParseIP(host) == nil && hostName(host) != "" {
		return "is no address; write host:port, such as db:5432"
	}
	return ""
}

// hostName is a name that DNS may know.
func hostName(text string) string {
	if config.ObjectName(strings.ToLower(strings.TrimSuffix(strings.ReplaceAll(text, "_", "-"), "."))) != "" {
		return "is no host name; write it like db.shop.svc.cluster.local"
	}
	return ""
}

// serviceName is one that fits into the request, whose length has one byte.
func serviceName(text string) string {
	if len(text) > 120 || strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return "is no name of a service; use up to 120 letters, digits and punctuation"
	}
	return ""
}
