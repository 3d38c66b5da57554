package logsidecar

import (
	"fmt"
	"strings"
)

// alloy is configured in a language of its own: components that hand records on
// to each other.
func alloy() agent {
	return agent{
		name: "alloy", image: "alloy", file: "/etc/alloy/config.alloy",
		args:  "run {file} --storage.path={state} --server.http.listen-addr=0.0.0.0:{port} --disable-reporting",
		state: "/var/lib/alloy/data", tmp: true, health: 12345, ready: "/-/ready", flush: 10, goLimit: true,
		requests: "50m 128Mi", limits: "500m 256Mi", render: renderAlloy,
		parsers: has(parserNginx, parserApache, parserCRI, parserRegex),
		outputs: []output{
			{to: "stdout", render: func(*pipeline) tree { return tree{{`loki.echo "out"`, tree{}}} }},
			{to: "loki", render: alloyLoki},
			{to: "kafka", render: alloyKafka},
			{to: "otlp", render: alloyOTLP},
		},
	}
}

// ref refers to what a component takes records with.
func ref(component, label string) list { return list{expr(component + "." + label + ".receiver")} }

// renderAlloy leads records from the files over labels to the first component
// of the output.
func renderAlloy(p *pipeline, out tree) string {
	t := tree{{"logging", tree{{"level", "info"}, {"format", "logfmt"}}}}
	for _, s := range p.sources {
		var targets list
		for _, path := range s.include {
			target := object{{"__path__", path}}
			if len(s.exclude) > 0 {
				target = append(target, node{"__path_exclude__", alternatives(s.exclude)})
			}
			targets = append(targets, target)
		}
		next := ref("loki.process", "record")
		stages := alloyStages(s)
		if len(stages) > 0 {
			next = ref("loki.process", s.id)
		}
		t = append(t, node{fmt.Sprintf("local.file_match %q", s.id), tree{{"path_targets", targets}, {"sync_period", "1s"}}},
			node{fmt.Sprintf("loki.source.file %q", s.id), tree{
				{"targets", expr("local.file_match." + s.id + ".targets")}, {"tail_from_end", s.fromEnd}, {"forward_to", next}}})
		if len(stages) > 0 {
			t = append(t, node{fmt.Sprintf("loki.process %q", s.id), append(stages, node{"forward_to", ref("loki.process", "record")})})
		}
	}
	first, _, _ := strings.Cut(out[0].key, " ")
	t = append(t, node{`loki.process "record"`, tree{
		{"stage.static_labels", tree{{"values", alloyLabels(p)}}}, {"forward_to", ref(first, "out")}}})
	w := alloyWriter{}
	w.blocks(append(t, out...), 0)
	return w.b.String() + p.config.appended()
}

// alternatives is one pattern for all of several.
func alternatives(globs []string) string {
	if len(globs) == 1 {
		return globs[0]
	}
	return "{" + strings.Join(globs, ",") + "}"
}

// alloyLabels are the labels of a stream, the user's fields among them.
func alloyLabels(p *pipeline) object {
	all := tree(p.labels()).merge(tree{{"node", envNode}})
	return object(all.merge(p.fields))
}

// alloyStages join the lines of a record and take it apart: fields become
// structured metadata, which costs no streams.
func alloyStages(s source) tree {
	var t tree
	if s.start != "" {
		t = append(t, node{"stage.multiline", tree{{"firstline", s.start}, {"max_wait_time", "3s"}}})
	}
	f := s.parser.format()
	switch s.parser.kind() {
	case parserNone:
		return t
	case parserCRI:
		return append(t, node{"stage.cri", tree{}})
	}
	var values object
	for _, name := range groups(f.regex) {
		if name != "time" || f.layout == "" {
			values = append(values, node{name, ""})
		}
	}
	t = append(t, node{"stage.regex", tree{{"expression", f.regex}}}, node{"stage.structured_metadata", tree{{"values", values}}})
	if f.layout != "" {
		t = append(t, node{"stage.timestamp", tree{{"source", "time"}, {"format", f.layout}}})
	}
	return t
}

func alloyLoki(p *pipeline) tree {
	l := p.to.Loki
	t := tree{{"url", base(l.URL) + lokiPush}}
	t.add("tenant_id", l.Tenant)
	switch auth := p.to.auth(); {
	case auth.Basic != nil:
		t.add("basic_auth", tree{{"username", envUser}, {"password", envPassword}})
	case auth.Token != nil:
		t.add("bearer_token", envToken)
	}
	t.add("tls_config", alloyTLS(p, "server_name"))
	return tree{{`loki.write "out"`, tree{{"endpoint", t}}}}
}

func alloyTLS(p *pipeline, serverName string) tree {
	tls := p.to.tls()
	var t tree
	t.add("ca_file", tls.caPath())
	t.add(serverName, tls.serverName())
	if !tls.verified() {
		t.add("insecure_skip_verify", true)
	}
	return t
}

// alloyBridge hands records over to a component of OpenTelemetry.
func alloyBridge(component string, t tree) tree {
	to := func(component string) tree {
		return tree{{"output", tree{{"logs", list{expr(component + ".out.input")}}}}}
	}
	return tree{
		{`otelcol.receiver.loki "out"`, to("otelcol.processor.batch")},
		{`otelcol.processor.batch "out"`, to(component)},
		{component + ` "out"`, t},
	}
}

func alloyKafka(p *pipeline) tree {
	k := p.to.Kafka
	t := tree{{"protocol_version", "2.1.0"}, {"brokers", listOf(k.Brokers)}, {"logs", tree{{"topic", k.Topic}, {"encoding", "otlp_json"}}}}
	if sasl := p.to.auth().SASL; sasl != nil {
		t.add("authentication", tree{{"sasl", tree{{"mechanism", sasl.Mechanism}, {"username", envUser}, {"password", envPassword}}}})
	}
	if k.TLS != nil {
		t = append(t, node{"tls", append(tree{{"insecure", false}}, alloyTLS(p, "server_name")...)})
	}
	return alloyBridge("otelcol.exporter.kafka", t)
}

func alloyOTLP(p *pipeline) tree {
	o := p.to.OTLP
	component, client := "otelcol.exporter.otlphttp", tree{{"endpoint", base(o.URL)}}
	tls := alloyTLS(p, "server_name")
	if o.Protocol == protocolGRPC {
		e := endpointOf(o.URL)
		component, client = "otelcol.exporter.otlp", tree{{"endpoint", e.authority()}}
		if !e.secure() {
			tls.add("insecure", true)
		}
	}
	headers := byName(o.Headers)
	if p.to.auth().Token != nil {
		headers = append(headers, node{"Authorization", text{"Bearer ", envToken}})
	}
	if len(headers) > 0 {
		client = append(client, node{"headers", object(headers)})
	}
	client.add("tls", tls)
	return alloyBridge(component, tree{{"client", client}})
}
