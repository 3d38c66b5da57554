package logsidecar

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/krm-sidecars/krm-sidecars/pkg/images"
)

// otelCollector is configured in YAML, as a pipeline of components.
func otelCollector() agent {
	return agent{
		name: "otel-collector", image: "otel-collector", file: "/etc/otelcol/config.yaml", yaml: true, args: "--config={file}",
		state: "/var/lib/otelcol", health: 13133, alive: "/", ready: "/", flush: 10, goLimit: true,
		requests: "50m 100Mi", limits: "500m 256Mi", render: renderOtel,
		parsers: has(parserJSON, parserNginx, parserApache, parserCRI, parserLogfmt, parserRegex),
		outputs: []output{
			{to: "stdout", render: func(*pipeline) tree { return otelExporter("debug", tree{{"verbosity", "detailed"}}) }},
			{to: "elasticsearch", render: otelElasticsearch},
			{to: "opensearch", render: otelOpenSearch, checks: []check{oneURL}},
			{to: "loki", render: otelLoki},
			{to: "kafka", render: otelKafka},
			{to: "splunk", render: otelSplunk},
			{to: "otlp", render: otelOTLP},
			{to: "s3", render: otelS3},
			{to: "cloudwatch", render: otelCloudWatch},
			{to: "syslog", render: otelSyslog},
		},
	}
}

// otelRenamed is the minor version from which the collector's components have
// names with underscores.
const otelRenamed = 151

// otelName is the name of a component in the version that runs: new for
// versions that cannot be told from the image.
func otelName(p *pipeline, name, before string) string {
	tag := images.Parse(p.image).Tag
	if minor, _, ok := strings.Cut(strings.TrimPrefix(tag, "0."), "."); ok {
		if n, err := strconv.Atoi(minor); err == nil && n < otelRenamed {
			return before
		}
	}
	return name
}

// renderOtel puts the receivers in front of what the exporter and its
// extensions are.
func renderOtel(p *pipeline, out tree) string {
	t := tree{{"extensions", tree{
		{"health_check", tree{{"endpoint", fmt.Sprintf("0.0.0.0:%d", p.health)}}},
		{"file_storage", tree{{"directory", p.state + "/storage"}, {"create_directory", true}}},
	}}}
	var receivers tree
	for _, s := range p.sources {
		receivers = append(receivers, node{otelName(p, "file_log", "filelog") + "/" + s.id, otelReceiver(p, s)})
	}
	t = append(t, node{"receivers", receivers}, node{"processors", tree{
		{"memory_limiter", tree{{"check_interval", "1s"}, {"limit_percentage", 80}, {"spike_limit_percentage", 25}}},
	}})
	t = t.merge(out).merge(tree{{"processors", tree{{"batch", tree{}}}}})
	t = append(t, node{"service", tree{
		{"extensions", keys(t.get("extensions"))},
		{"telemetry", tree{{"metrics", tree{{"level", "none"}}}}}, // its port would clash with that of a second collector
		{"pipelines", tree{{"logs", tree{
			{"receivers", keys(receivers)}, {"processors", keys(t.get("processors"))}, {"exporters", keys(t.get("exporters"))},
		}}}},
	}})
	w := yamlWriter{escape: dollars, env: "${env:%s}"}
	return w.write(t.merge(plainTree(p.config.Extra)))
}

// get returns the tree below a key.
func (t tree) get(key string) tree {
	for _, n := range t {
		if n.key == key {
			below, _ := n.value.(tree)
			return below
		}
	}
	return nil
}

func keys(t tree) list {
	var all list
	for _, n := range t {
		all = append(all, n.key)
	}
	return all
}

func otelReceiver(p *pipeline, s source) tree {
	start := "beginning"
	if s.fromEnd {
		start = "end"
	}
	t := tree{{"include", listOf(s.include)}}
	t.add("exclude", listOf(s.exclude))
	t = append(t, tree{{"start_at", start}, {"include_file_path", true}, {"storage", "file_storage"}, {"retry_on_failure", tree{{"enabled", true}}}}...)
	if s.start != "" {
		t.add("multiline", tree{{"line_start_pattern", s.start}})
	}
	t = append(t, node{"resource", tree{
		{"service.name", p.service}, {"k8s.pod.name", envPod}, {"k8s.namespace.name", envNamespace}, {"k8s.pod.uid", envUID}, {"k8s.node.name", envNode},
	}})
	attributes, operators := tree(p.fields), otelOperators(s.parser)
	if p.to.Syslog != nil { // the exporter looks for the parts of a message among the attributes
		attributes = append(tree{{"appname", p.service}, {"hostname", envPod}}, attributes...)
		operators = append(list{tree{{"type", "copy"}, {"from", "body"}, {"to", "attributes.message"}}}, operators...)
	}
	t.add("attributes", attributes)
	t.add("operators", operators)
	return t
}

// otelOperators take a line apart. A line that does not fit stays as it is.
func otelOperators(parser Parser) list {
	parse := func(kind string, more ...node) tree {
		return append(tree{{"type", kind}, {"parse_to", "attributes"}, {"on_error", "send_quiet"}}, more...)
	}
	switch kind := parser.kind(); kind {
	case parserNone:
		return nil
	case parserJSON:
		return list{parse("json_parser")}
	case parserLogfmt:
		return list{parse("key_value_parser", node{"delimiter", "="}, node{"pair_delimiter", " "})}
	case parserCRI:
		return list{tree{{"type", "container"}, {"format", "containerd"}, {"add_metadata_from_filepath", false}}}
	}
	f := parser.format()
	regex := parse("regex_parser", node{"regex", f.regex})
	if f.strptime != "" {
		regex.add("timestamp", tree{{"parse_from", "attributes.time"}, {"layout_type", "strptime"}, {"layout", f.strptime}})
	}
	return list{regex}
}
