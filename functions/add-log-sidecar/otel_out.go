package logsidecar

// otelExporter is a part of the configuration with one exporter.
func otelExporter(name string, t tree) tree { return tree{{"exporters", tree{{name, t}}}} }

// otelQueue keeps on disk what was not sent yet.
func otelQueue() node {
	return node{"sending_queue", tree{{"enabled", true}, {"storage", "file_storage"}}}
}

// otelRetry tries for as long as it takes.
func otelRetry() tree {
	return tree{{"retry_on_failure", tree{{"enabled", true}, {"max_elapsed_time", "0s"}}}, otelQueue()}
}

func otelTLS(p *pipeline) tree {
	tls := p.to.tls()
	var t tree
	t.add("ca_file", tls.caPath())
	t.add("server_name_override", tls.serverName())
	if !tls.verified() {
		t.add("insecure_skip_verify", true)
	}
	return t
}

// otelHeaders are headers and a bearer token.
func otelHeaders(p *pipeline, headers map[string]string) tree {
	t := tree(byName(headers))
	if p.to.auth().Token != nil {
		t = append(t, node{"Authorization", text{"Bearer ", envToken}})
	}
	return t
}

// otelBasic adds the extension that identifies the agent by user and password.
func otelBasic(p *pipeline, t tree) (auth, extensions tree) {
	if p.to.auth().Basic == nil {
		return nil, t
	}
	const name = "basicauth/out"
	extension := tree{{name, tree{{"client_auth", tree{{"username", envUser}, {"password", envPassword}}}}}}
	return tree{{"authenticator", name}}, append(tree{{"extensions", extension}}, t...)
}

func otelElasticsearch(p *pipeline) tree {
	s := p.to.Elasticsearch
	t := tree{{"endpoints", listOf(s.URLs)}, {"logs_index", s.Index}}
	if s.Daily {
		t.add("logstash_format", tree{{"enabled", true}})
	}
	switch auth := p.to.auth(); {
	case auth.Basic != nil:
		t = append(t, node{"user", envUser}, node{"password", envPassword})
	case auth.APIKey != nil:
		t = append(t, node{"api_key", envAPIKey})
	}
	t.add("tls", otelTLS(p))
	return otelExporter("elasticsearch", append(t, otelQueue()))
}

func otelOpenSearch(p *pipeline) tree {
	s := p.to.OpenSearch
	auth, out := otelBasic(p, nil)
	http := tree{{"endpoint", base(s.URLs[0])}}
	http.add("auth", auth)
	http.add("tls", otelTLS(p))
	t := tree{{"http", http}, {"logs_index", s.Index}}
	if s.Daily {
		t.add("logs_index_time_format", "yyyy.MM.dd")
	}
	return append(out, otelExporter("opensearch", append(t, otelRetry()...))...)
}

func otelLoki(p *pipeline) tree {
	auth, out := otelBasic(p, nil)
	t := tree{{"endpoint", base(p.to.Loki.URL) + lokiOTLP}}
	headers := otelHeaders(p, nil)
	headers.add("X-Scope-OrgID", p.to.Loki.Tenant)
	t.add("headers", headers)
	t.add("auth", auth)
	t.add("tls", otelTLS(p))
	out = append(out, otelLabels(p)...)
	return append(out, otelExporter(otelName(p, "otlp_http", "otlphttp"), append(t, otelRetry()...))...)
}

// otelLabels puts the labels of a Loki stream on the resource, of which Loki
// makes structured metadata, or labels where it is told to.
func otelLabels(p *pipeline) tree {
	var actions list
	for _, l := range byName(p.to.Loki.Labels) {
		actions = append(actions, tree{{"key", l.key}, {"value", l.value}, {"action", "upsert"}})
	}
	if len(actions) == 0 {
		return nil
	}
	return tree{{"processors", tree{{"resource", tree{{"attributes", actions}}}}}}
}

func otelOTLP(p *pipeline) tree {
	o := p.to.OTLP
	name, endpoint, tls := otelName(p, "otlp_http", "otlphttp"), base(o.URL), otelTLS(p)
	if o.Protocol == protocolGRPC {
		e := endpointOf(o.URL)
		name, endpoint = otelName(p, "otlp_grpc", "otlp"), e.authority()
		if !e.secure() {
			tls.add("insecure", true)
		}
	}
	t := tree{{"endpoint", endpoint}}
	t.add("headers", otelHeaders(p, o.Headers))
	t.add("tls", tls)
	return otelExporter(name, append(t, otelRetry()...))
}

func otelKafka(p *pipeline) tree {
	k := p.to.Kafka
	t := tree{{"brokers", listOf(k.Brokers)}, {"logs", tree{{"topic", k.Topic}, {"encoding", "otlp_json"}}}}
	if sasl := p.to.auth().SASL; sasl != nil {
		t.add("auth", tree{{"sasl", tree{{"mechanism", sasl.Mechanism}, {"username", envUser}, {"password", envPassword}}}})
	}
	if k.TLS != nil {
		t = append(t, node{"tls", append(tree{{"insecure", false}}, otelTLS(p)...)})
	}
	return otelExporter("kafka", append(t, otelRetry()...))
}

func otelSplunk(p *pipeline) tree {
	s := p.to.Splunk
	t := tree{{"endpoint", base(s.URL) + splunkEvents}, {"token", envToken}}
	t.add("index", s.Index)
	t.add("sourcetype", s.SourceType)
	t.add("tls", otelTLS(p))
	return otelExporter("splunk_hec", append(t, otelRetry()...))
}

func otelS3(p *pipeline) tree {
	s := p.to.S3
	up := tree{{"region", s.Region}, {"s3_bucket", s.Bucket}, {"s3_prefix", s.Prefix}, {"file_prefix", text{envPod, "-"}}, {"compression", "gzip"}}
	if s.Endpoint != "" {
		up = append(up, node{"endpoint", s.Endpoint}, node{"s3_force_path_style", true})
	}
	return otelExporter("awss3", append(tree{{"s3uploader", up}, {"marshaler", "otlp_json"}}, otelQueue()))
}

func otelCloudWatch(p *pipeline) tree {
	c := p.to.CloudWatch
	return otelExporter("awscloudwatchlogs", append(tree{{"region", c.Region}, {"log_group_name", c.Group}, {"log_stream_name", envPod}}, otelQueue()))
}

func otelSyslog(p *pipeline) tree {
	s := p.to.Syslog
	e := addressOf(s.Address)
	t := tree{{"endpoint", e.host}, {"port", e.port}, {"network", s.Protocol}, {"protocol", "rfc5424"}}
	tls := otelTLS(p)
	if s.TLS == nil {
		tls.add("insecure", true)
	}
	t.add("tls", tls)
	return otelExporter("syslog", append(t, otelRetry()...))
}
