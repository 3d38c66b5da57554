package logsidecar

import (
	"strings"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
)

// fluentd is configured in a language of its own: sections and parameters.
func fluentd() agent {
	return agent{
		name: "fluentd", image: "fluentd", file: "/fluentd/etc/fluent.conf", state: "/fluentd/state", tmp: true,
		health: 24220, alive: "/api/plugins.json", ready: "/api/plugins.json", flush: 10,
		requests: "50m 100Mi", limits: "500m 256Mi", values: []config.Check{without("${", "fluentd")}, render: renderFluentd,
		parsers: has(parserJSON, parserNginx, parserApache, parserCRI, parserRegex),
		outputs: []output{
			{to: "stdout", render: func(*pipeline) tree { return fluentdMatch("stdout", fluentdJSON()) }},
			{to: "elasticsearch", image: "fluentd-elasticsearch", render: fluentdSearch, checks: []check{noServerName}},
			{to: "opensearch", image: "fluentd-opensearch", render: fluentdSearch, checks: []check{noServerName}},
			{to: "loki", image: needsImage, render: fluentdLoki, checks: []check{noServerName}},
			{to: "kafka", image: "fluentd-kafka", render: fluentdKafka, checks: []check{noServerName}},
			{to: "splunk", image: needsImage, render: fluentdSplunk, checks: []check{noServerName}},
			{to: "s3", image: "fluentd-s3", render: fluentdS3},
			{to: "cloudwatch", image: "fluentd-cloudwatch", render: fluentdCloudWatch},
			{to: "http", render: fluentdHTTP, checks: []check{noServerName}},
			{to: "forward", render: fluentdForward, checks: []check{noServerName}},
			{to: "syslog", image: "fluentd-syslog", render: fluentdSyslog, checks: []check{noServerName}},
		},
	}
}

func renderFluentd(p *pipeline, out tree) string {
	var t tree
	for _, s := range p.sources {
		t = append(t, node{"source", fluentdSource(p, s)})
	}
	t = append(t, node{"source", tree{{"@type", "monitor_agent"}, {"bind", "0.0.0.0"}, {"port", int(p.health)}}})
	for _, s := range p.sources {
		if parse := fluentdParse(s.parser); parse != nil {
			t = append(t, node{"filter " + fluentdTag(s), tree{{"@type", "parser"}, {"key_name", "message"}, {"reserve_data", true},
				{"remove_key_name_field", p.to.Syslog == nil}, {"emit_invalid_record_to_error", false}, {"parse", parse}}})
		}
	}
	record := tree{{"k8s_pod", envPod}, {"k8s_namespace", envNamespace}, {"k8s_pod_uid", envUID}, {"k8s_node", envNode}, {"service", p.service}}
	t = append(t, node{"filter log.**", tree{{"@type", "record_transformer"}, {"record", append(record, p.fields...)}}})
	t = append(t, out...)
	w := fluentdWriter{}
	w.section(t, 0)
	return w.b.String() + p.config.appended()
}

// appended is the user's own text at the end of a configuration.
func (c AgentConfig) appended() string {
	if c.Append == "" {
		return ""
	}
	return "\n" + strings.TrimRight(c.Append, "\n") + "\n"
}

// fluentdTag keeps records apart from fluentd's own, which begin with fluent.
func fluentdTag(s source) string { return "log." + strings.TrimPrefix(s.id, "log") }

func fluentdSource(p *pipeline, s source) tree {
	t := tree{{"@type", "tail"}, {"@id", s.id}, {"path", strings.Join(s.include, ",")}}
	t.add("exclude_path", listOf(s.exclude))
	t = append(t, tree{{"path_key", "file"}, {"pos_file", p.state + "/" + s.id + ".pos"}, {"tag", fluentdTag(s)},
		{"read_from_head", !s.fromEnd}, {"refresh_interval", 1}, {"rotate_wait", 30}}...)
	if s.start == "" {
		return append(t, node{"parse", tree{{"@type", "none"}}})
	}
	return append(t, node{"multiline_flush_interval", "5s"}, node{"parse", tree{{"@type", "multiline"},
		{"format_firstline", expr(fluentdRegex(s.start))}, {"format1", expr(`/^(?<message>.*)/`)}}})
}

// fluentdParse takes a line apart. A line that does not fit stays as it is.
func fluentdParse(parser Parser) tree {
	switch parser.kind() {
	case parserNone:
		return nil
	case parserJSON:
		return tree{{"@type", "json"}}
	}
	f := parser.format()
	t := tree{{"@type", "regexp"}, {"expression", expr(fluentdRegex(f.regex))}}
	if f.strptime != "" {
		t = append(t, node{"time_key", "time"}, node{"time_format", strings.ReplaceAll(f.strptime, ".%L", ".%N")})
	}
	return t
}

// fluentdRegex writes an expression between slashes. What stands behind a # may
// be taken for a comment.
func fluentdRegex(regex string) string {
	return "/" + hide(ruby(regex), map[rune]string{'/': `/`, '#': "x23"}) + "/"
}
