package logsidecar

import (
	"strings"
)

// vectorTo begins a sink that tells the source what has arrived, so that a
// restart sends the rest.
func vectorTo(kind string) tree {
	return tree{{"type", kind}, {"acknowledgements", tree{{"enabled", true}}}}
}

// vectorTLS is how a sink checks certificates.
func vectorTLS(p *pipeline, enabled bool) tree {
	tls := p.to.tls()
	var t tree
	if enabled {
		t.add("enabled", true)
	}
	t.add("ca_file", tls.caPath())
	if !tls.verified() {
		t = append(t, node{"verify_certificate", false}, node{"verify_hostname", false})
	}
	t.add("server_name", tls.serverName())
	return t
}

// vectorAuth is how a sink identifies itself over HTTP.
func vectorAuth(p *pipeline) tree {
	switch auth := p.to.auth(); {
	case auth.Basic != nil:
		return tree{{"strategy", "basic"}, {"user", envUser}, {"password", envPassword}}
	case auth.Token != nil:
		return tree{{"strategy", "bearer"}, {"token", envToken}}
	}
	return nil
}

func vectorHeaders(headers map[string]string) tree {
	var t tree
	t.add("headers", tree(byName(headers)))
	return t
}

func vectorJSON() node { return node{"encoding", tree{{"codec", "json"}}} }

func vectorSearch(p *pipeline) tree {
	s := p.to.search()
	t := vectorTo("elasticsearch")
	t = append(t, node{"endpoints", listOf(s.URLs)}, node{"mode", "bulk"})
	index := s.Index
	if s.Daily {
		index += "-%Y.%m.%d"
	}
	t = append(t, node{"bulk", tree{{"index", index}, {"action", "create"}}})
	if p.to.OpenSearch != nil {
		t.add("opensearch_service_type", "managed")
	}
	t.add("auth", vectorAuth(p))
	if p.to.auth().APIKey != nil {
		t.add("request", tree{{"headers", tree{{"Authorization", text{"ApiKey ", envAPIKey}}}}})
	}
	t.add("tls", vectorTLS(p, false))
	return t
}

func vectorLoki(p *pipeline) tree {
	l := p.to.Loki
	e := endpointOf(l.URL)
	path := e.path + lokiPush
	e.path = ""
	t := vectorTo("loki")
	t = append(t, node{"endpoint", e.String()}, node{"path", path}, node{"labels", tree(p.labels())}, vectorJSON())
	t.add("tenant_id", l.Tenant)
	t.add("auth", vectorAuth(p))
	t.add("tls", vectorTLS(p, false))
	return t
}

func vectorKafka(p *pipeline) tree {
	k := p.to.Kafka
	t := vectorTo("kafka")
	t = append(t, node{"bootstrap_servers", strings.Join(k.Brokers, ",")}, node{"topic", k.Topic}, vectorJSON())
	if sasl := p.to.auth().SASL; sasl != nil {
		t.add("sasl", tree{{"enabled", true}, {"mechanism", sasl.Mechanism}, {"username", envUser}, {"password", envPassword}})
	}
	if k.TLS != nil {
		t.add("tls", vectorTLS(p, true))
	}
	return t
}

func vectorSplunk(p *pipeline) tree {
	s := p.to.Splunk
	t := vectorTo("splunk_hec_logs")
	t = append(t, node{"endpoint", base(s.URL)}, node{"default_token", envToken}, vectorJSON())
	t.add("index", s.Index)
	t.add("sourcetype", s.SourceType)
	t.add("tls", vectorTLS(p, false))
	return t
}

func vectorOTLP(p *pipeline) tree {
	o := p.to.OTLP
	protocol := tree{{"type", "http"}, {"uri", base(o.URL) + otlpLogs}, {"method", "post"}, {"encoding", tree{{"codec", "otlp"}}}}
	protocol.add("request", vectorHeaders(o.Headers))
	protocol.add("auth", vectorAuth(p))
	protocol.add("tls", vectorTLS(p, false))
	return append(vectorTo("opentelemetry"), node{"protocol", protocol})
}

// vectorOTLPRecord makes an OTLP message of a record, whose body is all of it.
func vectorOTLPRecord(p *pipeline) []string {
	return []string{
		`body = encode_json(.)`,
		`nanos = to_string(to_unix_timestamp(timestamp(.timestamp) ?? now(), unit: "nanoseconds"))`,
		`attributes = [`,
		`  {"key": "service.name", "value": {"stringValue": ` + vrlString(p.service) + `}},`,
		`  {"key": "k8s.pod.name", "value": {"stringValue": .k8s_pod}},`,
		`  {"key": "k8s.namespace.name", "value": {"stringValue": .k8s_namespace}},`,
		`  {"key": "k8s.pod.uid", "value": {"stringValue": .k8s_pod_uid}},`,
		`  {"key": "k8s.node.name", "value": {"stringValue": .k8s_node}}`,
		`]`,
		`record = {"timeUnixNano": nanos, "body": {"stringValue": body}}`,
		`. = {"resourceLogs": [{"resource": {"attributes": attributes}, "scopeLogs": [{"logRecords": [record]}]}]}`,
	}
}

func vectorS3(p *pipeline) tree {
	s := p.to.S3
	t := vectorTo("aws_s3")
	t = append(t, node{"bucket", s.Bucket}, node{"region", s.Region})
	t.add("endpoint", s.Endpoint)
	return append(t, tree{{"key_prefix", text{s.Prefix + "/%Y/%m/%d/", envPod, "-"}}, {"compression", "gzip"},
		vectorJSON(), {"framing", tree{{"method", "newline_delimited"}}}}...)
}

func vectorCloudWatch(p *pipeline) tree {
	c := p.to.CloudWatch
	return append(vectorTo("aws_cloudwatch_logs"), tree{{"region", c.Region}, {"group_name", c.Group}, {"stream_name", envPod},
		{"create_missing_group", c.CreateGroup}, {"create_missing_stream", true}, vectorJSON()}...)
}

func vectorHTTP(p *pipeline) tree {
	h := p.to.HTTP
	t := append(vectorTo("http"), node{"uri", h.URL}, node{"method", "post"}, vectorJSON())
	t.add("request", vectorHeaders(h.Headers))
	t.add("auth", vectorAuth(p))
	t.add("tls", vectorTLS(p, false))
	return t
}

func vectorSyslog(p *pipeline) tree {
	s := p.to.Syslog
	t := append(vectorTo("socket"), node{"mode", s.Protocol}, node{"address", s.Address}, node{"encoding", tree{{"codec", "text"}}})
	if s.TLS != nil {
		t.add("tls", vectorTLS(p, true))
	}
	return t
}
