package logsidecar

import (
	"slices"
	"strings"
	"sync"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
)

// agent is a program that reads log files, and what it needs to run.
type agent struct {
	name     string
	image    string // in pkg/images, unless the output has another
	file     string // the configuration
	args     string
	state    string // directory
	tmp      bool   // writes to /tmp
	health   int32  // usual port
	alive    string // path that answers while the agent works; "" checks the port alone
	ready    string // path that answers when the agent is ready
	flush    int64  // seconds to send what it holds when it is told to end
	goLimit  bool   // heeds GOMEMLIMIT
	requests string // cpu and memory
	limits   string
	yaml     bool            // configured in YAML
	values   []config.Check  // on texts that get into the configuration
	parsers  map[string]bool // beside none
	outputs  []output
	render   func(*pipeline, tree) string // the configuration; the tree is the output's part
}

// output is a destination that an agent can send to.
type output struct {
	to     string
	image  string // that has the plugin; needsImage where no public one has
	checks []check
	render func(*pipeline) tree
}

// check reports what an agent cannot do at a destination that it can send to.
type check func(agent string, d *Destination) config.Errors

// needsImage marks an output whose image has to be given.
const needsImage = "-"

// agents lists what a config may name.
var agents = sync.OnceValue(func() []agent {
	return []agent{
		{name: agentTail, outputs: []output{{to: "stdout"}}},
		fluentBit(), fluentd(), filebeat(), vector(), otelCollector(), alloy(),
	}
})

// gone names agents that a config may not name, and what to do instead.
func gone() map[string]string {
	return map[string]string{
		"promtail": "has reached its end of life; use alloy, which reads the same files and sends to loki",
		"logstash": "is too heavy for a sidecar; use vector or fluent-bit, or send to a logstash of your own",
	}
}

func agentNames() []string {
	var names []string
	for _, a := range agents() {
		names = append(names, a.name)
	}
	return names
}

// agentOf finds an agent by name.
func agentOf(name string) (agent, bool) {
	for _, a := range agents() {
		if a.name == name {
			return a, true
		}
	}
	return agent{}, false
}

// output finds the way to a destination.
func (a agent) output(to string) (output, bool) {
	if i := slices.IndexFunc(a.outputs, func(o output) bool { return o.to == to }); i >= 0 {
		return a.outputs[i], true
	}
	return output{}, false
}

// sending lists the agents that can send to a destination.
func sending(to string) string {
	var names []string
	for _, a := range agents() {
		if _, ok := a.output(to); ok {
			names = append(names, a.name)
		}
	}
	return strings.Join(names, ", ")
}

// parsing lists the agents that have a parser.
func parsing(parser string) string {
	var names []string
	for _, a := range agents() {
		if a.parsers[parser] {
			names = append(names, a.name)
		}
	}
	return strings.Join(names, ", ")
}

// oneURL is for outputs that send to one node.
func oneURL(agent string, d *Destination) config.Errors {
	var errs config.Errors
	if len(d.search().URLs) > 1 {
		errs.Addf("urls", "%s takes one URL; give that of a Service or load balancer in front of the nodes", agent)
	}
	return errs
}

// overHTTP is for outputs that do not speak grpc.
func overHTTP(agent string, d *Destination) config.Errors {
	var errs config.Errors
	if d.OTLP.Protocol == protocolGRPC {
		errs.Addf("protocol", "%s sends OTLP over http only; write http, and the URL of that port, usually 4318", agent)
	}
	return errs
}

// noServerName is for outputs that always compare the certificate with the host.
func noServerName(agent string, d *Destination) config.Errors {
	var errs config.Errors
	if d.tls().serverName() != "" {
		errs.Addf("tls.serverName", "%s compares the certificate with the host it connects to; leave it out, and use the name in the certificate as host", agent)
	}
	return errs
}

// without is text without what an agent takes for a variable, and has no escape
// for.
func without(sequence, agent string) config.Check {
	return func(text string) string {
		if strings.Contains(text, sequence) {
			return "holds " + sequence + ", which " + agent + " would take for a variable; write it without"
		}
		return ""
	}
}
