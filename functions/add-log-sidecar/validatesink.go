package logsidecar

import (
	"cmp"
	"regexp"
	"strings"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
)

// like is a text that an expression matches.
func like(re func() *regexp.Regexp, wrong string) config.Check {
	return func(text string) string {
		if re().MatchString(text) {
			return ""
		}
		return wrong
	}
}

func (s *Stdout) setDefaults()            {}
func (s *Stdout) validate() config.Errors { return nil }
func (s *Stdout) link() *Link             { return nil }
func (s *Stdout) auths() []string         { return nil }

func (s *Search) setDefaults()    { s.Index = cmp.Or(s.Index, defaultPrefix) }
func (s *Search) auths() []string { return []string{"basic", "apiKey"} }

// openSearch is what differs from Elasticsearch: it has no API keys.
type openSearch struct{ *Search }

func (openSearch) auths() []string { return []string{"basic"} }

func (s *Search) validate() config.Errors {
	var errs config.Errors
	if len(s.URLs) == 0 {
		errs.Addf("urls", "missing; name a node, such as [https://search.example.com:9200]")
	}
	errs = append(errs, config.All("urls", s.URLs, webURL, baseURL("/_bulk"), s.encrypts)...)
	return append(errs, config.Each("index", s.Index, like(indexName, "is no name of an index; use lower-case letters, digits, -, _ and ."))...)
}

func (l *Loki) setDefaults()    {}
func (l *Loki) auths() []string { return []string{"basic", "token"} }

func (l *Loki) validate() config.Errors {
	errs := required("url", l.URL, "give the address, such as http://loki.monitoring:3100", webURL, baseURL(lokiPush), baseURL(lokiOTLP), l.encrypts)
	errs = append(errs, config.Each("tenant", l.Tenant, like(tenant, "is no tenant; use letters, digits and !._*'()|-"))...)
	for _, label := range byName(l.Labels) {
		if !fieldName().MatchString(label.key) {
			errs.Addf("labels."+label.key, "%q is no name of a label; use letters, digits and _", label.key)
		}
		errs = append(errs, required("labels."+label.key, l.Labels[label.key], "give it a value", like(inert, "is no value of a label here; use letters, digits, blanks and _./:@;=+*()-"))...)
	}
	return errs
}

func (k *Kafka) setDefaults()    {}
func (k *Kafka) auths() []string { return []string{"sasl"} }

func (k *Kafka) validate() config.Errors {
	var errs config.Errors
	if len(k.Brokers) == 0 {
		errs.Addf("brokers", "missing; name a broker, such as [kafka.example.com:9092]")
	}
	errs = append(errs, config.All("brokers", k.Brokers, hostPort)...)
	return append(errs, required("topic", k.Topic, "name the topic, such as app-logs", like(topicName, "is no topic; use up to 249 letters, digits, ., _ and -"))...)
}

func (s *Splunk) setDefaults()    {}
func (s *Splunk) auths() []string { return []string{"token"} }

func (s *Splunk) validate() config.Errors {
	errs := required("url", s.URL, "give the address, such as https://splunk.example.com:8088", webURL, baseURL(splunkEvents), s.encrypts)
	errs = append(errs, config.Each("index", s.Index, like(word, "is no index; use letters, digits, _, -, . and :"))...)
	errs = append(errs, config.Each("sourceType", s.SourceType, like(word, "is no source type; use letters, digits, _, -, . and :"))...)
	if s.Auth == nil {
		errs.Addf("auth", "missing; write token: {name: my-secret, key: token}")
	}
	return errs
}

func (o *OTLP) setDefaults()    { o.Protocol = cmp.Or(o.Protocol, protocolHTTP) }
func (o *OTLP) auths() []string { return []string{"token"} }

func (o *OTLP) validate() config.Errors {
	errs := required("url", o.URL, "give the address, such as http://otel-collector.monitoring:4318", webURL, baseURL(otlpLogs), o.encrypts)
	errs = append(errs, config.Each("protocol", o.Protocol, config.Word(protocolHTTP, protocolGRPC))...)
	if o.Protocol == protocolGRPC && endpointOf(o.URL).path != "" {
		errs.Addf("url", "%q holds a path, which grpc has none of; leave it out", o.URL)
	}
	return append(errs, validateHeaders(o.Headers)...)
}

func (s *S3) setDefaults()            { s.Prefix = cmp.Or(s.Prefix, defaultPrefix) }
func (s *S3) link() *Link             { return nil }
func (s *S3) auths() []string         { return nil }
func (c *CloudWatch) setDefaults()    {}
func (c *CloudWatch) link() *Link     { return nil }
func (c *CloudWatch) auths() []string { return nil }

func (s *S3) validate() config.Errors {
	errs := required("bucket", s.Bucket, "name the bucket", like(bucket, "is no name of a bucket; use 3 to 63 lower-case letters, digits, . and -"))
	errs = append(errs, s.validateRegion()...)
	errs = append(errs, config.Each("prefix", s.Prefix, like(objectKey, "is no prefix; write it like logs/web, with letters, digits, _, . and -"))...)
	return append(errs, config.Each("endpoint", s.Endpoint, webURL)...)
}

func (a *AWS) validateRegion() config.Errors {
	return required("region", a.Region, "name the region, such as eu-west-1", like(region, "is no region; write it like eu-west-1"))
}

func (c *CloudWatch) validate() config.Errors {
	errs := c.validateRegion()
	return append(errs, required("group", c.Group, "name the log group, such as /apps/web", like(groupName, "is no log group; use letters, digits, ., _, /, # and -"))...)
}

func (h *HTTP) setDefaults()    {}
func (h *HTTP) auths() []string { return []string{"basic", "token"} }

func (h *HTTP) validate() config.Errors {
	errs := required("url", h.URL, "give the address, such as https://logs.example.com/ingest", webURL, h.encrypts)
	return append(errs, validateHeaders(h.Headers)...)
}

// validateHeaders checks headers, in which agents would expand much.
func validateHeaders(headers map[string]string) config.Errors {
	var errs config.Errors
	for _, h := range byName(headers) {
		if !header().MatchString(h.key) {
			errs.Addf("headers."+h.key, "%q is no name of a header; use letters, digits and -", h.key)
		}
		errs = append(errs, required("headers."+h.key, headers[h.key], "give it a value", like(inert, "is no value of a header here; use letters, digits, blanks and _./:@;=+*()-"))...)
		if isSecret(h.key, headers[h.key]) || strings.EqualFold(h.key, "authorization") {
			errs.Addf("headers."+h.key, "a secret in plain text; use auth, which takes it from a Secret")
		}
	}
	return errs
}

func (f *Forward) setDefaults()    {}
func (f *Forward) auths() []string { return []string{"token"} }

func (f *Forward) validate() config.Errors {
	return required("address", f.Address, "write it as host:port, such as fluentd.logging:24224", hostPort)
}

func (s *Syslog) setDefaults()    { s.Protocol = cmp.Or(s.Protocol, protocolTCP) }
func (s *Syslog) link() *Link     { return &Link{TLS: s.TLS} }
func (s *Syslog) auths() []string { return nil }

func (s *Syslog) validate() config.Errors {
	errs := required("address", s.Address, "write it as host:port, such as syslog.example.com:514", hostPort)
	errs = append(errs, config.Each("protocol", s.Protocol, config.Word(protocolTCP, protocolUDP))...)
	if s.Protocol == protocolUDP && s.TLS != nil {
		errs.Addf("tls", "udp is not encrypted here; use protocol tcp, or leave tls out")
	}
	return errs
}
