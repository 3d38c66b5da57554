package logsidecar

import (
	"strings"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
)

// fluentBit is configured in YAML, by properties of plugins.
func fluentBit() agent {
	return agent{
		name: "fluent-bit", image: "fluent-bit", file: "/fluent-bit/etc/sidecar/fluent-bit.yaml", args: "-c {file}",
		state: "/var/fluent-bit/state", health: 2020, alive: "/", ready: "/api/v1/health", flush: 5,
		requests: "10m 32Mi", limits: "200m 128Mi", yaml: true, values: []config.Check{without("${", "fluent-bit"), closable}, render: renderFluentBit,
		parsers: has(parserJSON, parserNginx, parserApache, parserCRI, parserLogfmt, parserRegex),
		outputs: []output{
			{to: "stdout", render: func(*pipeline) tree { return tree{{"name", "stdout"}, {"match", "*"}, {"format", "json_lines"}} }},
			{to: "elasticsearch", render: fluentBitSearch, checks: []check{oneURL}},
			{to: "opensearch", render: fluentBitSearch, checks: []check{oneURL}},
			{to: "loki", render: fluentBitLoki},
			{to: "kafka", render: fluentBitKafka, checks: []check{noServerName}},
			{to: "splunk", render: fluentBitSplunk},
			{to: "otlp", render: fluentBitOTLP},
			{to: "s3", render: fluentBitS3},
			{to: "cloudwatch", render: fluentBitCloudWatch},
			{to: "http", render: fluentBitHTTP},
			{to: "forward", render: fluentBitForward},
			{to: "syslog", render: fluentBitSyslog},
		},
	}
}

func renderFluentBit(p *pipeline, out tree) string {
	t := tree{{"service", tree{
		{"flush", 1}, {"grace", int(p.flush)}, {"log_level", "info"},
		{"http_server", true}, {"http_listen", "0.0.0.0"}, {"http_port", int(p.health)}, {"health_check", true},
		{"storage.path", p.state + "/buffer"},
	}}}
	t.add("parsers", fluentBitParsers(p))
	t.add("multiline_parsers", fluentBitMultiline(p))
	var inputs, filters list
	for _, s := range p.sources {
		inputs = append(inputs, fluentBitInput(p, s))
		if s.parser.kind() != parserNone && s.parser.kind() != parserCRI {
			filters = append(filters, tree{{"name", "parser"}, {"match", s.id}, {"key_name", "log"}, {"parser", s.id}, {"reserve_data", true}, {"preserve_key", p.to.Syslog != nil}})
		}
	}
	filters = append(filters, tree{{"name", "record_modifier"}, {"match", "*"}, {"record", fluentBitRecord(p)}})
	t = append(t, node{"pipeline", tree{{"inputs", inputs}, {"filters", filters}, {"outputs", list{out}}}})
	w := yamlWriter{escape: func(s string) string { return s }, env: "${%s}"}
	return w.write(t.merge(plainTree(p.config.Extra)))
}

func fluentBitInput(p *pipeline, s source) tree {
	in := tree{{"name", "tail"}, {"tag", s.id}, {"path", strings.Join(s.include, ",")}}
	in.add("exclude_path", strings.Join(s.exclude, ","))
	in = append(in, tree{
		{"path_key", "file"}, {"db", p.state + "/" + s.id + ".db"}, {"read_from_head", !s.fromEnd},
		{"refresh_interval", 1}, {"rotate_wait", 30}, {"skip_long_lines", true}, {"mem_buf_limit", "16M"}, {"storage.type", "filesystem"},
	}...)
	switch {
	case s.parser.kind() == parserCRI:
		in.add("multiline.parser", "cri")
	case s.start != "":
		in.add("multiline.parser", s.id)
	}
	return in
}

// fluentBitParsers defines the parser of each source, under its name.
func fluentBitParsers(p *pipeline) list {
	var all list
	for _, s := range p.sources {
		switch kind := s.parser.kind(); kind {
		case parserNone, parserCRI: // cri is a multiline parser that fluent-bit has
		case parserJSON, parserLogfmt:
			all = append(all, tree{{"name", s.id}, {"format", kind}})
		default:
			f := s.parser.format()
			t := tree{{"name", s.id}, {"format", "regex"}, {"regex", undelimited(ruby(f.regex))}}
			if f.strptime != "" {
				t = append(t, node{"time_key", "time"}, node{"time_format", f.strptime})
			}
			all = append(all, t)
		}
	}
	return all
}

// undelimited keeps an expression that begins with a slash from being taken for
// one between slashes.
func undelimited(regex string) string {
	if strings.HasPrefix(regex, "/") {
		return "(?:" + regex + ")"
	}
	return regex
}

// fluentBitMultiline defines the multiline parsers: lines that do not match the
// start pattern belong to the record before.
func fluentBitMultiline(p *pipeline) list {
	var all list
	for _, s := range p.sources {
		if s.start == "" {
			continue
		}
		start := ruby(s.start)
		all = append(all, tree{{"name", s.id}, {"type", "regex"}, {"flush_timeout", 1000}, {"rules", list{
			tree{{"state", "start_state"}, {"regex", "/" + start + "/"}, {"next_state", "cont"}},
			tree{{"state", "cont"}, {"regex", "/^(?!.*(?:" + start + "))/"}, {"next_state", "cont"}},
		}}})
	}
	return all
}

func fluentBitRecord(p *pipeline) list {
	all := list{
		text{"k8s_pod ", envPod}, text{"k8s_namespace ", envNamespace}, text{"k8s_pod_uid ", envUID}, text{"k8s_node ", envNode},
		"service " + p.service,
	}
	for _, f := range p.fields {
		value, _ := f.value.(string)
		all = append(all, f.key+" "+fluentBitWord(value))
	}
	return all
}

// needsQuotes reports a text that is not one word to fluent-bit.
func needsQuotes(text string) bool {
	return strings.ContainsRune(text, ' ') || strings.HasPrefix(text, `"`)
}

// fluentBitWord writes a text as one word.
func fluentBitWord(text string) string {
	if needsQuotes(text) {
		return `"` + strings.ReplaceAll(text, `"`, `\"`) + `"`
	}
	return text
}

// closable is text that can stand in quotes: a backslash would escape the one
// that closes.
func closable(text string) string {
	if needsQuotes(text) && strings.HasSuffix(text, `\`) {
		return `ends with a backslash, which fluent-bit cannot read behind a text with blanks; leave it out`
	}
	return ""
}
