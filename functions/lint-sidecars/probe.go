package lint

import (
	"path"
	"reflect"
	"slices"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// probeRules are about probes.
func probeRules() []rule {
	return []rule{{
		id: "SC017", name: "no-probe", severity: pod.Warning, check: unprobed,
		about:  "A sidecar that listens has no probe, or a proxy that others need lets them start before it is ready.",
		remedy: "add a livenessProbe; a native sidecar that others need has a startupProbe, too",
	}, {
		id: "SC018", name: "probe-without-tool", severity: pod.Error, check: missingTool,
		about:  "A probe or hook runs a command that the image does not hold.",
		remedy: "use httpGet, tcpSocket or grpc",
	}, {
		id: "SC019", name: "probe-misses", severity: pod.Error, check: misaimed,
		about:  "A probe asks where nobody answers, or names a host, which Pod Security baseline refuses.",
		remedy: "let it ask a port of its container that listens on all addresses",
	}, {
		id: "SC020", name: "same-probes", severity: pod.Warning, check: identicalProbes,
		about:  "Liveness and readiness are asked in the same way: what takes the pod out of service restarts it, too.",
		remedy: "give livenessProbe a higher failureThreshold, or let it ask for less",
	}}
}

// probe is a probe of a container, or a hook that asks as probes do.
type probe struct {
	at   string
	exec *corev1.ExecAction
	http *corev1.HTTPGetAction
	tcp  *corev1.TCPSocketAction
	grpc *corev1.GRPCAction
}

func (c container) probes() []probe {
	var all []probe
	for _, p := range []struct {
		name  string
		probe *corev1.Probe
	}{{"startupProbe", c.StartupProbe}, {"livenessProbe", c.LivenessProbe}, {"readinessProbe", c.ReadinessProbe}} {
		if p.probe != nil {
			all = append(all, probe{c.at + "." + p.name, p.probe.Exec, p.probe.HTTPGet, p.probe.TCPSocket, p.probe.GRPC})
		}
	}
	return all
}

// hooks are the lifecycle hooks of a container.
func (c container) hooks() []probe {
	if c.Lifecycle == nil {
		return nil
	}
	var all []probe
	if h := c.Lifecycle.PostStart; h != nil {
		all = append(all, probe{c.at + ".lifecycle.postStart", h.Exec, h.HTTPGet, h.TCPSocket, nil})
	}
	if h := c.Lifecycle.PreStop; h != nil {
		all = append(all, probe{c.at + ".lifecycle.preStop", h.Exec, h.HTTPGet, h.TCPSocket, nil})
	}
	return all
}

// port is where the probe asks, and the field that says so; false for one that
// runs a command.
func (p probe) port() (at string, port intstr.IntOrString, ok bool) {
	switch {
	case p.http != nil:
		return p.at + ".httpGet.port", p.http.Port, true
	case p.tcp != nil:
		return p.at + ".tcpSocket.port", p.tcp.Port, true
	case p.grpc != nil:
		return p.at + ".grpc.port", intstr.FromInt32(p.grpc.Port), true
	}
	return "", intstr.IntOrString{}, false
}

// number is the number of a port of a container; 0 when it has none of that name.
func (c container) number(port intstr.IntOrString) int32 {
	if port.Type == intstr.Int {
		return port.IntVal
	}
	for _, p := range c.Ports {
		if p.Name == port.StrVal {
			return p.ContainerPort
		}
	}
	return 0
}

func unprobed(s *subject) {
	for _, c := range s.helpers() {
		switch {
		case c.plainInit():
		case len(c.Ports) > 0 && c.LivenessProbe == nil && c.ReadinessProbe == nil:
			s.findTo("add a livenessProbe", c.at, "listens on port %d and has no probe", c.Ports[0].ContainerPort)
		case c.native && c.role() == egress && c.StartupProbe == nil:
			s.findTo("add one", c.at, "has no startupProbe: what follows starts as soon as its process runs")
		}
	}
}

// tools are commands that images have or have not, by their bases.
func lacks(base string) []string {
	extra := []string{"bash", "curl", "python", "python3", "perl"}
	switch base {
	case "none":
		return append(extra, "sh", "ash", "wget", "cat", "ls", "ps", "pgrep", "pkill", "kill", "killall", "nc", "grep", "test", "[", "sleep", "echo", "true", "touch", "stat", "find", "head", "tail", "date", "expr", "env")
	case "busybox":
		return extra
	}
	return nil
}

func missingTool(s *subject) {
	for c := range s.all() {
		for _, p := range append(c.probes(), c.hooks()...) {
			if p.exec == nil || len(p.exec.Command) == 0 {
				continue
			}
			if name := c.missing(p.exec.Command); name != "" {
				s.findf(p.at+".exec.command", "runs %s, which the image %s does not hold", name, c.Image)
			}
		}
	}
}

// missing returns the first command of a command line that the image of the
// container does not hold.
func (c container) missing(words []string) string {
	names := []string{path.Base(words[0])}
	if source, i := scriptIn(words); i >= 0 {
		for _, call := range parseScript(source).calls {
			names = append(names, call.name())
		}
	}
	for _, name := range names {
		if slices.Contains(lacks(baseOf(c.Image)), name) {
			return name
		}
	}
	return ""
}

func misaimed(s *subject) {
	for c := range s.all() {
		for _, p := range append(c.probes(), c.hooks()...) {
			if host, at := p.host(); host != "" {
				s.findTo("leave it out, and the pod itself is asked", at, "is %s, a host, which Pod Security baseline refuses", host)
			}
			if at, port, ok := p.port(); ok {
				s.aim(c, at, port)
			}
		}
	}
}

// host is the host that a probe names.
func (p probe) host() (host, at string) {
	if p.http != nil {
		return p.http.Host, p.at + ".httpGet.host"
	}
	if p.tcp != nil {
		return p.tcp.Host, p.at + ".tcpSocket.host"
	}
	return "", ""
}

// aim judges the port of a probe.
func (s *subject) aim(c container, at string, port intstr.IntOrString) {
	number := c.number(port)
	if number == 0 {
		if port.Type == intstr.String {
			s.findTo("name one of its ports, or a number", at, "names %q, which is no port of the container", port.StrVal)
		}
		return
	}
	if flag := c.boundTo(number); flag != "" {
		s.findTo("let it listen on 0.0.0.0", at, "asks port %d, but %s has the program listen on localhost alone, where the kubelet cannot reach it", number, flag)
	}
	if b, ok := c.bindsByDefault(s, number); ok {
		s.findTo("set "+b.advice, at, "asks port %d, where %s listens on localhost unless told otherwise, so that the kubelet cannot reach it", number, b.what)
	}
}

// boundTo returns the option by which a program is told to listen on a port of
// localhost.
func (c container) boundTo(port int32) string {
	for _, w := range c.words() {
		name, value, ok := strings.Cut(w, "=")
		if !ok || !strings.HasPrefix(name, "-") || !listens(name) {
			continue
		}
		value = strings.TrimPrefix(strings.TrimPrefix(value, "http://"), "https://")
		for _, host := range []string{"127.0.0.1", "localhost", "[::1]"} {
			if value == host+":"+strconv.Itoa(int(port)) {
				return w
			}
		}
	}
	return ""
}

// listens reports whether an option says where a program listens.
func listens(option string) bool {
	option = strings.ToLower(option)
	return slices.ContainsFunc([]string{"listen", "bind", "address", "addr", "port"}, func(word string) bool { return strings.Contains(option, word) }) &&
		!slices.ContainsFunc([]string{"upstream", "target", "remote", "backend"}, func(word string) bool { return strings.Contains(option, word) })
}

func identicalProbes(s *subject) {
	for c := range s.all() {
		if c.LivenessProbe != nil && reflect.DeepEqual(c.LivenessProbe, c.ReadinessProbe) {
			s.findf(c.at+".livenessProbe", "is the same as readinessProbe")
		}
	}
}
