package logsidecar

// Stdout has no settings.
type Stdout struct{}

// Search is an Elasticsearch or OpenSearch cluster.
type Search struct {
	// URLs are the addresses of nodes, such as https://es.example.com:9200. Required.
	// +required
	// +kubebuilder:validation:MinItems=1
	// +krm-sidecars:text=url
	URLs []string `json:"urls,omitempty"`
	// Index is the name of an index or data stream. Default logs.
	// +krm-sidecars:text=index
	// +kubebuilder:default=logs
	Index string `json:"index,omitempty"`
	// Daily appends the day to the index, as in logs-2026.11.22. Default false.
	Daily bool `json:"daily,omitempty"`

	Link `json:",inline"`
}

// Loki is a Loki server or a gateway in front of it.
type Loki struct {
	// URL is the address without the path of the API, such as http://loki:3100. Required.
	// +required
	// +krm-sidecars:text=url
	URL string `json:"url,omitempty"`
	// Tenant is the X-Scope-OrgID.
	// +krm-sidecars:text=tenant
	Tenant string `json:"tenant,omitempty"`
	// Labels are added to service_name, namespace and pod.
	Labels map[string]string `json:"labels,omitempty"`

	Link `json:",inline"`
}

// Kafka is a topic of a Kafka cluster.
type Kafka struct {
	// Brokers are where to begin, as host:port. Required.
	// +required
	// +kubebuilder:validation:MinItems=1
	// +krm-sidecars:text=address
	Brokers []string `json:"brokers,omitempty"`
	// Topic is where to write. Required.
	// +required
	// +krm-sidecars:text=topic
	Topic string `json:"topic,omitempty"`

	Link `json:",inline"`
}

// Splunk is a HTTP event collector.
type Splunk struct {
	// URL is the address without the path of the collector, such as
	// https://splunk:8088. Required.
	// +required
	// +krm-sidecars:text=url
	URL string `json:"url,omitempty"`
	// Index is where to write. Default: that of the token.
	// +krm-sidecars:text=word
	Index string `json:"index,omitempty"`
	// SourceType is that of the events. Default: that of the token.
	// +krm-sidecars:text=word
	SourceType string `json:"sourceType,omitempty"`

	Link `json:",inline"`
}

// OTLP is a server that takes the OpenTelemetry protocol.
type OTLP struct {
	// URL is the address without the path of the API, such as
	// http://otel-collector:4318. Required.
	// +required
	// +krm-sidecars:text=url
	URL string `json:"url,omitempty"`
	// Protocol is http or grpc. Default http.
	// +kubebuilder:validation:Enum=http;grpc
	// +kubebuilder:default=http
	Protocol string `json:"protocol,omitempty"`
	// Headers are sent with every request; no secrets.
	Headers map[string]string `json:"headers,omitempty"`

	Link `json:",inline"`
}

// S3 is a bucket.
type S3 struct {
	// Bucket is its name. Required.
	// +required
	// +krm-sidecars:text=bucket
	Bucket string `json:"bucket,omitempty"`
	// Prefix begins the names of objects. Default logs.
	// +krm-sidecars:text=object-key
	// +kubebuilder:default=logs
	Prefix string `json:"prefix,omitempty"`
	// Endpoint is the URL of a server that is not Amazon's, such as MinIO.
	// +krm-sidecars:text=url
	Endpoint string `json:"endpoint,omitempty"`

	AWS `json:",inline"`
}

// CloudWatch is a log group.
type CloudWatch struct {
	// Group is its name. Each pod writes a stream of its own name. Required.
	// +required
	// +krm-sidecars:text=log-group
	Group string `json:"group,omitempty"`
	// CreateGroup creates a group that is missing, where the agent can. Default
	// false.
	CreateGroup bool `json:"createGroup,omitempty"`

	AWS `json:",inline"`
}

// HTTP is a server that takes JSON.
type HTTP struct {
	// URL is where to post. Required.
	// +required
	// +krm-sidecars:text=url
	URL string `json:"url,omitempty"`
	// Headers are sent with every request; no secrets.
	Headers map[string]string `json:"headers,omitempty"`

	Link `json:",inline"`
}

// Forward is a server that takes the fluentd forward protocol.
type Forward struct {
	// Address is host:port, such as fluentd.logging:24224. Required.
	// +required
	// +krm-sidecars:text=address
	Address string `json:"address,omitempty"`

	Link `json:",inline"`
}

// Syslog is a syslog server.
type Syslog struct {
	// Address is host:port, such as syslog.example.com:514. Required.
	// +required
	// +krm-sidecars:text=address
	Address string `json:"address,omitempty"`
	// Protocol is tcp or udp. Default tcp.
	// +kubebuilder:validation:Enum=tcp;udp
	// +kubebuilder:default=tcp
	Protocol string `json:"protocol,omitempty"`
	// TLS turns encryption on, even when it is empty; over tcp.
	TLS *TLS `json:"tls,omitempty"`
}
