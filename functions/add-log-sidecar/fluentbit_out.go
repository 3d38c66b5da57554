package logsidecar

import (
	"fmt"
	"strings"
)

// fluentBitTo begins an output over the network. It tries for as long as the
// records fit on disk.
func fluentBitTo(p *pipeline, plugin string, e endpoint) tree {
	t := tree{{"name", plugin}, {"match", "*"}, {"host", e.host}, {"port", e.port}}
	if tls := p.to.tls(); e.secure() || e.scheme == "" && tls != nil {
		t.add("tls", true)
		t.add("tls.verify", tls.verified())
		t.add("tls.verify_hostname", tls.verified())
		t.add("tls.ca_file", tls.caPath())
		t.add("tls.vhost", tls.serverName())
	}
	return append(t, fluentBitBuffer(p)...)
}

func fluentBitBuffer(p *pipeline) tree {
	return tree{{"retry_limit", "no_limits"}, {"storage.total_limit_size", fmt.Sprintf("%dM", p.buffer/1_000_000)}}
}

// fluentBitAuth adds what a Secret holds to an output of HTTP.
func fluentBitAuth(p *pipeline, t tree, bearer string) tree {
	switch auth := p.to.auth(); {
	case auth.Basic != nil:
		t = append(t, node{"http_user", envUser}, node{"http_passwd", envPassword})
	case auth.APIKey != nil:
		t = append(t, node{"http_api_key", envAPIKey})
	case auth.Token != nil && bearer == "header":
		t = append(t, node{bearer, list{text{"Authorization Bearer ", envToken}}})
	case auth.Token != nil:
		t = append(t, node{bearer, envToken})
	}
	return t
}

func fluentBitSearch(p *pipeline) tree {
	s, plugin := p.to.search(), "es"
	if p.to.OpenSearch != nil {
		plugin = "opensearch"
	}
	e := endpointOf(s.URLs[0])
	t := fluentBitTo(p, plugin, e)
	t.add("path", e.path)
	if s.Daily {
		t = append(t, node{"logstash_format", true}, node{"logstash_prefix", s.Index})
	} else {
		t.add("index", s.Index)
	}
	t = append(t, node{"suppress_type_name", true}, node{"write_operation", "create"})
	return fluentBitAuth(p, t, "")
}

func fluentBitLoki(p *pipeline) tree {
	e := endpointOf(p.to.Loki.URL)
	t := fluentBitTo(p, "loki", e)
	labels := text{}
	for i, l := range p.labels() {
		if i > 0 {
			labels = append(labels, ", ")
		}
		labels = append(labels, l.key+"=", l.value)
	}
	t = append(t, node{"uri", e.path + lokiPush}, node{"labels", labels}, node{"line_format", "json"})
	t.add("tenant_id", p.to.Loki.Tenant)
	return fluentBitAuth(p, t, "bearer_token")
}

func fluentBitKafka(p *pipeline) tree {
	k := p.to.Kafka
	t := tree{{"name", "kafka"}, {"match", "*"}, {"brokers", strings.Join(k.Brokers, ",")}, {"topics", k.Topic}, {"format", "json"}, {"timestamp_format", "iso8601"}}
	security := map[[2]bool]string{{false, false}: "", {true, false}: "ssl", {false, true}: "sasl_plaintext", {true, true}: "sasl_ssl"}
	sasl := p.to.auth().SASL
	t.add("rdkafka.security.protocol", security[[2]bool{k.TLS != nil, sasl != nil}])
	if sasl != nil {
		t = append(t, node{"rdkafka.sasl.mechanism", sasl.Mechanism}, node{"rdkafka.sasl.username", envUser}, node{"rdkafka.sasl.password", envPassword})
	}
	t.add("rdkafka.ssl.ca.location", k.TLS.caPath())
	if !k.TLS.verified() {
		t.add("rdkafka.enable.ssl.certificate.verification", false)
	}
	return append(t, fluentBitBuffer(p)...)
}

func fluentBitSplunk(p *pipeline) tree {
	s := p.to.Splunk
	t := fluentBitTo(p, "splunk", endpointOf(s.URL))
	t = append(t, node{"splunk_token", envToken}, node{"splunk_send_raw", false})
	t.add("event_index", s.Index)
	t.add("event_sourcetype", s.SourceType)
	return t
}

func fluentBitOTLP(p *pipeline) tree {
	o := p.to.OTLP
	e := endpointOf(o.URL)
	t := fluentBitTo(p, "opentelemetry", e)
	if o.Protocol == protocolGRPC {
		t.add("grpc", true)
	} else {
		t.add("logs_uri", e.path+otlpLogs)
	}
	return fluentBitHeaders(p, t, o.Headers)
}

func fluentBitHTTP(p *pipeline) tree {
	h := p.to.HTTP
	e := endpointOf(h.URL)
	t := fluentBitTo(p, "http", e)
	t.add("uri", e.path)
	t = append(t, node{"format", "json"}, node{"json_date_format", "iso8601"})
	return fluentBitHeaders(p, t, h.Headers)
}

func fluentBitHeaders(p *pipeline, t tree, headers map[string]string) tree {
	var all list
	for _, h := range byName(headers) {
		all = append(all, fmt.Sprintf("%s %s", h.key, h.value))
	}
	var head tree
	head.add("header", all)
	return t.merge(fluentBitAuth(p, head, "header"))
}

func fluentBitS3(p *pipeline) tree {
	s := p.to.S3
	t := tree{{"name", "s3"}, {"match", "*"}, {"bucket", s.Bucket}, {"region", s.Region}}
	t.add("endpoint", s.Endpoint)
	return append(t, tree{
		{"s3_key_format", text{"/" + s.Prefix + "/%Y/%m/%d/", envPod, "-%H%M%S-$UUID.gz"}},
		{"compression", "gzip"}, {"use_put_object", true}, {"total_file_size", "20M"}, {"upload_timeout", "5m"},
		{"store_dir", p.state + "/s3"}, {"store_dir_limit_size", fmt.Sprintf("%dM", p.buffer/1_000_000)}, {"retry_limit", "no_limits"},
	}...)
}

func fluentBitCloudWatch(p *pipeline) tree {
	c := p.to.CloudWatch
	t := tree{{"name", "cloudwatch_logs"}, {"match", "*"}, {"region", c.Region}, {"log_group_name", c.Group},
		{"log_stream_prefix", text{envPod, "."}}, {"auto_create_group", c.CreateGroup}}
	return append(t, fluentBitBuffer(p)...)
}

func fluentBitForward(p *pipeline) tree {
	t := fluentBitTo(p, "forward", addressOf(p.to.Forward.Address))
	if p.to.auth().Token != nil {
		t = append(t, node{"self_hostname", envPod}, node{"shared_key", envToken})
	}
	return t
}

func fluentBitSyslog(p *pipeline) tree {
	s := p.to.Syslog
	t := fluentBitTo(p, "syslog", addressOf(s.Address))
	return append(t, tree{{"mode", s.Protocol}, {"syslog_format", "rfc5424"}, {"syslog_message_key", "log"},
		{"syslog_hostname_preset", envPod}, {"syslog_appname_preset", p.service}}...)
}
