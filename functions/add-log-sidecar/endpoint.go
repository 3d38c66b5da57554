package logsidecar

import (
	"net"
	"net/url"
	"strconv"
	"strings"
)

// endpoint is an address taken apart.
type endpoint struct {
	scheme, host string
	port         int
	path         string
}

// secure reports whether the address is that of an encrypted service.
func (e endpoint) secure() bool { return e.scheme == "https" }

// authority is host:port.
func (e endpoint) authority() string { return net.JoinHostPort(e.host, strconv.Itoa(e.port)) }

// String is the address as a URL that names its port.
func (e endpoint) String() string { return e.scheme + "://" + e.authority() + e.path }

// endpointOf takes a URL apart that was checked. Without a port it is that of
// the scheme: agents have other defaults of their own.
func endpointOf(text string) endpoint {
	u, err := url.Parse(text)
	if err != nil {
		return endpoint{} // reported by the validation
	}
	e := endpoint{scheme: u.Scheme, host: u.Hostname(), path: strings.TrimSuffix(u.EscapedPath(), "/")}
	if u.RawQuery != "" {
		e.path += "?" + u.RawQuery
	}
	switch n, err := strconv.Atoi(u.Port()); {
	case err == nil:
		e.port = n
	case e.secure():
		e.port = 443
	default:
		e.port = 80
	}
	return e
}

// addressOf takes host:port apart.
func addressOf(text string) endpoint {
	host, port, err := net.SplitHostPort(text)
	if err != nil {
		return endpoint{} // reported by the validation
	}
	n, _ := strconv.Atoi(port) // likewise
	return endpoint{host: host, port: n}
}

// base is a URL without a slash at its end.
func base(text string) string { return strings.TrimSuffix(text, "/") }
