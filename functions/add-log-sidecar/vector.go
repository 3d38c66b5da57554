package logsidecar

import (
	"fmt"
	"strings"
)

// vector is configured in YAML; records are shaped by programs in VRL.
func vector() agent {
	return agent{
		name: "vector", image: "vector", file: "/etc/vector/vector.yaml", yaml: true,
		args:  "--config {file} --graceful-shutdown-limit-secs {flush}",
		state: "/var/lib/vector", health: 8686, alive: "/health", ready: "/health", flush: 10,
		requests: "20m 64Mi", limits: "500m 256Mi", render: renderVector,
		parsers: has(parserJSON, parserNginx, parserApache, parserCRI, parserLogfmt, parserRegex),
		outputs: []output{
			{to: "stdout", render: func(*pipeline) tree {
				return tree{{"type", "console"}, {"target", "stdout"}, {"encoding", tree{{"codec", "json"}}}}
			}},
			{to: "elasticsearch", render: vectorSearch},
			{to: "opensearch", render: vectorSearch},
			{to: "loki", render: vectorLoki},
			{to: "kafka", render: vectorKafka, checks: []check{noServerName}},
			{to: "splunk", render: vectorSplunk},
			{to: "otlp", render: vectorOTLP, checks: []check{overHTTP}},
			{to: "s3", render: vectorS3},
			{to: "cloudwatch", render: vectorCloudWatch},
			{to: "http", render: vectorHTTP},
			{to: "syslog", render: vectorSyslog},
		},
	}
}

func renderVector(p *pipeline, sink tree) string {
	t := tree{{"data_dir", p.state}, {"api", tree{{"enabled", true}, {"address", fmt.Sprintf("0.0.0.0:%d", p.health)}}}}
	var sources, transforms tree
	var inputs list
	for _, s := range p.sources {
		sources = append(sources, node{s.id, vectorSource(s)})
		from := s.id
		if program := vectorParser(s.parser); program != "" {
			from = s.id + "_parsed"
			transforms = append(transforms, node{from, tree{{"type", "remap"}, {"inputs", list{s.id}}, {"source", expr(program)}}})
		}
		inputs = append(inputs, from)
	}
	transforms = append(transforms, node{"record", tree{{"type", "remap"}, {"inputs", inputs}, {"source", expr(vectorRecord(p))}}})
	sink = append(tree{{"inputs", list{"record"}}}, sink...)
	t = append(t, node{"sources", sources}, node{"transforms", transforms}, node{"sinks", tree{{"out", sink}}})
	w := yamlWriter{escape: dollars, env: "${%s}"}
	return w.write(t.merge(plainTree(p.config.Extra)))
}

// dollars keeps an agent from taking $ for the beginning of a variable.
func dollars(s string) string { return strings.ReplaceAll(s, "$", "$$") }

func vectorSource(s source) tree {
	from := "beginning"
	if s.fromEnd {
		from = "end"
	}
	t := tree{{"type", "file"}, {"include", listOf(s.include)}}
	t.add("exclude", listOf(s.exclude))
	t = append(t, node{"read_from", from}, node{"fingerprint", tree{{"strategy", "device_and_inode"}}})
	if s.start != "" {
		t = append(t, node{"multiline", tree{
			{"start_pattern", s.start}, {"condition_pattern", s.start}, {"mode", "halt_before"}, {"timeout_ms", 1000},
		}})
	}
	return t
}

// vectorParser is the program that takes a line apart. A line that does not fit
// stays as it is.
func vectorParser(parser Parser) string {
	switch kind := parser.kind(); kind {
	case parserNone:
		return ""
	case parserJSON:
		return vrl(`parsed, err = parse_json(.message)`,
			`if err == null && is_object(parsed) {`, `  del(.message)`, `  . |= object!(parsed)`, `}`)
	case parserLogfmt:
		return vrl(`parsed, err = parse_logfmt(.message)`, `if err == null {`, `  del(.message)`, `  . |= parsed`, `}`)
	}
	f := parser.format()
	lines := []string{fmt.Sprintf(`parsed, err = parse_regex(.message, r'%s')`, hide(f.regex, map[rune]string{'\'': "x27"})),
		`if err == null {`, `  del(.message)`, `  . |= parsed`, `}`}
	if f.strptime != "" {
		lines = append(lines, fmt.Sprintf(`time, err = parse_timestamp(.time, "%s")`, vectorTime(f.strptime)),
			`if err == null {`, `  .timestamp = time`, `  del(.time)`, `}`)
	}
	return vrl(lines...)
}

// vectorTime writes a time format as chrono reads it.
func vectorTime(strptime string) string {
	if strptime == rfc3339 {
		return "%+"
	}
	return strptime
}

// vrl is a program. What stands in it is not for the reader of the YAML.
func vrl(lines ...string) string { return dollars(strings.Join(lines, "\n")) }

// vectorRecord is the program that adds what all records have.
func vectorRecord(p *pipeline) string {
	var lines []string
	for _, v := range []struct {
		key string
		env env
	}{{"k8s_pod", envPod}, {"k8s_namespace", envNamespace}, {"k8s_pod_uid", envUID}, {"k8s_node", envNode}} {
		lines = append(lines, fmt.Sprintf(`.%s = get_env_var("%s") ?? ""`, v.key, v.env))
	}
	lines = append(lines, ".service = "+vrlString(p.service))
	for _, f := range p.fields {
		text, _ := f.value.(string)
		lines = append(lines, "."+f.key+" = "+vrlString(text))
	}
	return vrl(append(lines, vectorShape(p)...)...)
}

// vectorShape brings a record into the form that a destination asks for.
func vectorShape(p *pipeline) []string {
	switch {
	case p.to.search() != nil:
		return []string{`."@timestamp" = del(.timestamp)`}
	case p.to.OTLP != nil:
		return vectorOTLPRecord(p)
	case p.to.Syslog != nil:
		return []string{
			`line = string(.message) ?? encode_json(.)`,
			fmt.Sprintf(`.message = "<14>1 " + format_timestamp!(timestamp(.timestamp) ?? now(), "%%+") + " " + (get_env_var("%s") ?? "-") + " %s - - - " + line`, envPod, p.service),
		}
	}
	return nil
}

// vrlString writes a text as a string of VRL.
func vrlString(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case strings.ContainsRune(`"\{}`, r):
			b.WriteString(`\` + string(r))
		case r < ' ' || r > '~':
			fmt.Fprintf(&b, `\u{%x}`, r)
		default:
			b.WriteRune(r)
		}
	}
	return `"` + b.String() + `"`
}
