package logsidecar

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
)

// filebeat is configured in YAML and names fields as the Elastic Common Schema
// does.
func filebeat() agent {
	return agent{
		name: "filebeat", image: "filebeat", file: "/etc/filebeat/filebeat.yml", yaml: true,
		args:  "-e -c {file} --strict.perms=false --path.data={state} --path.logs=/tmp",
		state: "/usr/share/filebeat/data", tmp: true, health: 5066, alive: "/", ready: "/", flush: 5, goLimit: true,
		requests: "50m 100Mi", limits: "500m 200Mi", values: []config.Check{without("${", "filebeat")}, render: renderFilebeat,
		parsers: has(parserJSON, parserNginx, parserApache, parserCRI),
		outputs: []output{
			{to: "stdout", render: func(*pipeline) tree {
				return tree{{"output.console", tree{{"codec.json", tree{{"pretty", false}}}}}}
			}},
			{to: "elasticsearch", render: filebeatElasticsearch, checks: []check{noServerName}},
			{to: "kafka", render: filebeatKafka, checks: []check{noServerName}},
		},
	}
}

func renderFilebeat(p *pipeline, out tree) string {
	var inputs list
	for _, s := range p.sources {
		inputs = append(inputs, filebeatInput(p, s))
	}
	t := tree{{"filebeat.inputs", inputs}, {"filebeat.shutdown_timeout", fmt.Sprintf("%ds", p.flush)}}
	processors := list{
		tree{{"add_fields", tree{{"target", "kubernetes"}, {"fields", tree{
			{"pod.name", envPod}, {"pod.uid", envUID}, {"namespace", envNamespace}, {"node.name", envNode}}}}}},
		tree{{"add_fields", tree{{"target", "service"}, {"fields", tree{{"name", p.service}}}}}},
	}
	if len(p.fields) > 0 {
		processors = append(processors, tree{{"add_fields", tree{{"target", ""}, {"fields", tree(p.fields)}}}})
	}
	t = append(t, node{"processors", processors})
	t = append(t, out...)
	t = append(t, tree{{"http.enabled", true}, {"http.host", "0.0.0.0"}, {"http.port", int(p.health)}, {"logging.to_stderr", true}, {"logging.metrics.enabled", false}}...)
	w := yamlWriter{escape: func(s string) string { return s }, env: "${%s}"}
	return w.write(t.merge(plainTree(p.config.Extra)))
}

// filebeatInput reads files. By default filebeat leaves files alone until they
// have 1024 bytes to know them by.
func filebeatInput(p *pipeline, s source) tree {
	t := tree{{"type", "filestream"}, {"id", p.instance + "-" + s.id}, {"paths", listOf(s.include)}}
	var exclude list
	for _, e := range s.exclude {
		exclude = append(exclude, globRegex(e))
	}
	t.add("prospector.scanner.exclude_files", exclude)
	t = append(t, node{"prospector.scanner.fingerprint.enabled", false}, node{"file_identity.native", nil}, node{"prospector.scanner.check_interval", "1s"},
		node{"backoff", tree{{"init", "200ms"}, {"max", "500ms"}}}) // what is read a second after the app has ended is too late
	if s.fromEnd {
		t.add("ignore_inactive", "since_first_start")
	}
	t.add("parsers", filebeatParsers(s))
	t.add("processors", filebeatAccess(s.parser))
	return t
}

// filebeatParsers make records of lines.
func filebeatParsers(s source) list {
	var all list
	if s.start != "" {
		all = append(all, tree{{"multiline", tree{{"type", "pattern"}, {"pattern", s.start}, {"negate", true}, {"match", "after"}}}})
	}
	switch s.parser.kind() {
	case parserJSON:
		all = append(all, tree{{"ndjson", tree{{"target", ""}, {"overwrite_keys", true}, {"add_error_key", true}}}})
	case parserCRI:
		all = append(all, tree{{"container", tree{{"stream", "all"}, {"format", "cri"}}}})
	}
	return all
}

// filebeatAccess takes the lines of web servers apart. A line that does not fit
// stays as it is.
func filebeatAccess(parser Parser) list {
	f := parser.format()
	if f.dissect == "" {
		return nil
	}
	return list{
		tree{{"dissect", tree{{"tokenizer", f.dissect}, {"field", "message"}, {"target_prefix", "access"}, {"ignore_failure", true}}}},
		tree{{"timestamp", tree{{"field", "access.time"}, {"layouts", list{f.layout}}, {"ignore_missing", true}, {"ignore_failure", true}}}},
	}
}

// globRegex is the expression of a pattern of file names.
func globRegex(glob string) string {
	literal := regexp.QuoteMeta(glob)
	return "^" + strings.NewReplacer(`\*\*`, ".*", `\*`, "[^/]*", `\?`, "[^/]", `\[`, "[", `\]`, "]").Replace(literal) + "$"
}

func filebeatTLS(p *pipeline) tree {
	tls := p.to.tls()
	var t tree
	if ca := tls.caPath(); ca != "" {
		t.add("certificate_authorities", list{ca})
	}
	if !tls.verified() {
		t.add("verification_mode", "none")
	}
	return t
}

func filebeatElasticsearch(p *pipeline) tree {
	s := p.to.Elasticsearch
	var hosts list
	for _, u := range s.URLs {
		hosts = append(hosts, endpointOf(u).String())
	}
	index := s.Index
	if s.Daily {
		index += "-%{+yyyy.MM.dd}"
	}
	t := tree{{"hosts", hosts}, {"index", index}}
	switch auth := p.to.auth(); {
	case auth.Basic != nil:
		t = append(t, node{"username", envUser}, node{"password", envPassword})
	case auth.APIKey != nil:
		t.add("headers", tree{{"Authorization", text{"ApiKey ", envAPIKey}}})
	}
	t.add("ssl", filebeatTLS(p))
	return tree{{"output.elasticsearch", t}, {"setup.template.enabled", false}, {"setup.ilm.enabled", false}}
}

func filebeatKafka(p *pipeline) tree {
	k := p.to.Kafka
	t := tree{{"hosts", listOf(k.Brokers)}, {"topic", k.Topic}, {"required_acks", 1}}
	if sasl := p.to.auth().SASL; sasl != nil {
		t = append(t, node{"sasl.mechanism", sasl.Mechanism}, node{"username", envUser}, node{"password", envPassword})
	}
	if k.TLS != nil {
		t = append(t, node{"ssl", append(tree{{"enabled", true}}, filebeatTLS(p)...)})
	}
	return tree{{"output.kafka", t}}
}
