package logsidecar

import (
	"strconv"
	"strings"
)

// fluentdMatch sends all records to an output.
func fluentdMatch(plugin string, t tree) tree {
	return tree{{"match log.**", append(tree{{"@type", plugin}}, t...)}}
}

func fluentdJSON() tree { return tree{{"format", tree{{"@type", "json"}}}} }

// fluentdBuffer keeps on disk what was not sent yet, and tries for as long as
// it takes.
func fluentdBuffer(p *pipeline) node {
	return node{"buffer", tree{{"@type", "file"}, {"path", p.state + "/buffer"}, {"flush_interval", "5s"}, {"flush_at_shutdown", true},
		{"retry_forever", true}, {"retry_max_interval", "30s"}, {"total_limit_size", strconv.FormatInt(p.buffer, 10)}, {"overflow_action", "block"}}}
}

// fluentdHash is a parameter that holds a map: JSON in a string, so that
// variables in it are put in.
func fluentdHash(headers []node) text {
	t := text{"{"}
	for i, h := range headers {
		if i > 0 {
			t = append(t, ",")
		}
		t = append(t, `"`+h.key+`":"`)
		if parts, ok := h.value.(text); ok {
			t = append(t, parts...)
		} else {
			t = append(t, h.value)
		}
		t = append(t, `"`)
	}
	return append(t, "}")
}

func fluentdSearch(p *pipeline) tree {
	s := p.to.search()
	plugin := p.to.name()
	var hosts []string
	for _, u := range s.URLs {
		hosts = append(hosts, endpointOf(u).String())
	}
	t := tree{{"hosts", strings.Join(hosts, ",")}}
	switch auth := p.to.auth(); {
	case auth.Basic != nil:
		t = append(t, node{"user", envUser}, node{"password", envPassword})
	case auth.APIKey != nil:
		t = append(t, node{"custom_headers", fluentdHash([]node{{"Authorization", text{"ApiKey ", envAPIKey}}})})
	}
	t.add("ca_file", p.to.tls().caPath())
	if !p.to.tls().verified() {
		t.add("ssl_verify", false)
	}
	if s.Daily {
		t = append(t, node{"logstash_format", true}, node{"logstash_prefix", s.Index})
	} else {
		t = append(t, node{"index_name", s.Index}, node{"include_timestamp", true})
	}
	t = append(t, node{"write_operation", "create"}, node{"suppress_type_name", true}, node{"reconnect_on_error", true}, node{"reload_on_failure", true}, node{"reload_connections", false})
	return fluentdMatch(plugin, append(t, fluentdBuffer(p)))
}

func fluentdLoki(p *pipeline) tree {
	l := p.to.Loki
	t := tree{{"url", base(l.URL)}}
	t.add("tenant", l.Tenant)
	switch auth := p.to.auth(); {
	case auth.Basic != nil:
		t = append(t, node{"username", envUser}, node{"password", envPassword})
	case auth.Token != nil:
		t = append(t, node{"custom_headers", fluentdHash([]node{{"Authorization", text{"Bearer ", envToken}}})})
	}
	t.add("ca_cert", l.TLS.caPath())
	if !l.TLS.verified() {
		t.add("insecure_tls", true)
	}
	t = append(t, node{"extra_labels", fluentdHash(p.labels())}, node{"line_format", "json"})
	return fluentdMatch("loki", append(t, fluentdBuffer(p)))
}

func fluentdKafka(p *pipeline) tree {
	k := p.to.Kafka
	t := tree{{"brokers", strings.Join(k.Brokers, ",")}, {"default_topic", k.Topic}}
	if sasl := p.to.auth().SASL; sasl != nil {
		t = append(t, node{"username", envUser}, node{"password", envPassword}, node{"sasl_over_ssl", k.TLS != nil})
		if hash, ok := strings.CutPrefix(sasl.Mechanism, "SCRAM-SHA-"); ok {
			t.add("scram_mechanism", "sha"+hash)
		}
	}
	if k.TLS != nil {
		if ca := k.TLS.caPath(); ca != "" {
			t.add("ssl_ca_cert", list{ca})
		} else {
			t.add("ssl_ca_certs_from_system", true)
		}
		t.add("ssl_verify_hostname", k.TLS.verified())
	}
	return fluentdMatch("kafka2", append(append(t, fluentdJSON()...), fluentdBuffer(p)))
}

func fluentdSplunk(p *pipeline) tree {
	s := p.to.Splunk
	e := endpointOf(s.URL)
	t := tree{{"protocol", e.scheme}, {"hec_host", e.host}, {"hec_port", e.port}, {"hec_token", envToken}}
	t.add("index", s.Index)
	t.add("sourcetype", s.SourceType)
	t.add("ca_file", s.TLS.caPath())
	if !s.TLS.verified() {
		t.add("insecure_ssl", true)
	}
	return fluentdMatch("splunk_hec", append(t, fluentdBuffer(p)))
}

func fluentdS3(p *pipeline) tree {
	s := p.to.S3
	t := tree{{"s3_bucket", s.Bucket}, {"s3_region", s.Region}}
	if s.Endpoint != "" {
		t = append(t, node{"s3_endpoint", s.Endpoint}, node{"force_path_style", true})
	}
	buffer := tree{{"@type", "file"}, {"path", p.state + "/buffer"}, {"timekey", 300}, {"timekey_wait", "10s"}, {"timekey_use_utc", true},
		{"flush_at_shutdown", true}, {"retry_forever", true}, {"total_limit_size", strconv.FormatInt(p.buffer, 10)}}
	t = append(t, node{"path", s.Prefix + "/%Y/%m/%d/"}, node{"s3_object_key_format", text{"%{path}%{time_slice}_", envPod, "_%{index}.%{file_extension}"}})
	return fluentdMatch("s3", append(append(t, fluentdJSON()...), node{"buffer time", buffer}))
}

func fluentdCloudWatch(p *pipeline) tree {
	c := p.to.CloudWatch
	t := tree{{"region", c.Region}, {"log_group_name", c.Group}, {"log_stream_name", envPod}, {"auto_create_stream", true}}
	return fluentdMatch("cloudwatch_logs", append(append(t, fluentdJSON()...), fluentdBuffer(p)))
}

func fluentdHTTP(p *pipeline) tree {
	h := p.to.HTTP
	t := tree{{"endpoint", h.URL}, {"content_type", "application/json"}, {"json_array", true}}
	headers := byName(h.Headers)
	if p.to.auth().Token != nil {
		headers = append(headers, node{"Authorization", text{"Bearer ", envToken}})
	}
	if len(headers) > 0 {
		t.add("headers", fluentdHash(headers))
	}
	t.add("tls_ca_cert_path", h.TLS.caPath())
	if !h.TLS.verified() {
		t.add("tls_verify_mode", "none")
	}
	if p.to.auth().Basic != nil {
		t.add("auth", tree{{"method", "basic"}, {"username", envUser}, {"password", envPassword}})
	}
	return fluentdMatch("http", append(append(t, fluentdJSON()...), fluentdBuffer(p)))
}

func fluentdForward(p *pipeline) tree {
	f := p.to.Forward
	e := addressOf(f.Address)
	t := tree{{"require_ack_response", true}}
	if f.TLS != nil {
		t.add("transport", "tls")
		t.add("tls_cert_path", f.TLS.caPath())
		t.add("tls_verify_hostname", f.TLS.verified())
		if !f.TLS.verified() {
			t.add("tls_insecure_mode", true)
		}
	}
	if p.to.auth().Token != nil {
		t.add("security", tree{{"self_hostname", envPod}, {"shared_key", envToken}})
	}
	t.add("server", tree{{"host", e.host}, {"port", e.port}})
	return fluentdMatch("forward", append(t, fluentdBuffer(p)))
}

func fluentdSyslog(p *pipeline) tree {
	s := p.to.Syslog
	e := addressOf(s.Address)
	t := tree{{"host", e.host}, {"port", e.port}, {"protocol", s.Protocol}, {"hostname", envPod}, {"program", p.service}}
	if s.TLS != nil {
		t.add("tls", true)
		t.add("ca_file", s.TLS.caPath())
		if !s.TLS.verified() {
			t.add("verify_mode", 0)
		}
	}
	t.add("format", tree{{"@type", "single_value"}, {"message_key", "message"}})
	return fluentdMatch("remote_syslog", append(t, fluentdBuffer(p)))
}
