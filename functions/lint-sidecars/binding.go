package lint

import (
	"slices"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

// binding is a port on which a tool listens on localhost alone unless it is told
// otherwise.
type binding struct {
	image  string
	port   int32  // by default
	portBy string // option that changes the port; "" for none
	says   string // what in options, variables or mounted ConfigMaps tells it where to listen
	what   string
	advice string
	config bool // it is told by a file
}

func bindings() []binding {
	return []binding{
		{image: "cloud-sql-connectors/cloud-sql-proxy", port: 9090, portBy: "--http-port", says: "http-address", what: "cloud-sql-proxy", advice: "--http-address=0.0.0.0"},
		{image: "alloydb-connectors/alloydb-auth-proxy", port: 9090, portBy: "--http-port", says: "http-address", what: "alloydb-auth-proxy", advice: "--http-address=0.0.0.0"},
		{image: "beats/filebeat", port: 5066, says: "http.host", what: "filebeat", advice: "http.host: 0.0.0.0", config: true},
		{image: "timberio/vector", port: 8686, says: "address", what: "the API of vector", advice: "api.address: 0.0.0.0:8686", config: true},
		{image: "opentelemetry-collector", port: 13133, says: "endpoint", what: "the health_check of the collector", advice: "endpoint: 0.0.0.0:13133", config: true},
		{image: "opentelemetry-collector-contrib", port: 13133, says: "endpoint", what: "the health_check of the collector", advice: "endpoint: 0.0.0.0:13133", config: true},
		{image: "opentelemetry-collector-k8s", port: 13133, says: "endpoint", what: "the health_check of the collector", advice: "endpoint: 0.0.0.0:13133", config: true},
	}
}

// everywhere are the addresses that the kubelet can reach, and variables that may
// hold one.
func everywhere() []string { return []string{"0.0.0.0", "[::]", `"::"`, "${", "$("} }

// bindsByDefault finds what listens on a port of localhost as nothing tells it
// otherwise. What is told by a file that the input does not hold is not judged.
func (c container) bindsByDefault(s *subject, port int32) (binding, bool) {
	for _, b := range bindings() {
		if !parseImage(c.Image).is(b.image) || c.numberOf(b.portBy, b.port) != port {
			continue
		}
		if !b.config {
			return b, !c.tells(b.says)
		}
		text := s.configOf(c)
		open := slices.ContainsFunc(everywhere(), func(address string) bool { return strings.Contains(text, address) })
		return b, text != "" && !open
	}
	return binding{}, false
}

// numberOf is the port that an option or its variable gives, or the default.
func (c container) numberOf(option string, otherwise int32) int32 {
	value, ok := c.option(option)
	if !ok || option == "" {
		return otherwise
	}
	if n, err := strconv.ParseInt(value, 10, 32); err == nil {
		return int32(n)
	}
	return otherwise
}

// tells reports whether an option of that name is given, be it as a variable.
func (c container) tells(name string) bool {
	variable := strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
	return len(c.EnvFrom) > 0 ||
		slices.ContainsFunc(c.words(), func(w string) bool { return strings.HasPrefix(w, "--"+name) }) ||
		slices.ContainsFunc(c.Env, func(e corev1.EnvVar) bool { return strings.HasSuffix(e.Name, variable) })
}
