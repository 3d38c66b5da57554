package agents

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/config/confighttp"
	"go.opentelemetry.io/collector/config/configoptional"
	"go.opentelemetry.io/collector/config/configretry"
	"go.opentelemetry.io/collector/config/configtls"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/exporter"
	"go.opentelemetry.io/collector/exporter/exporterhelper"
	"go.opentelemetry.io/collector/extension"
)

// Components that are no modules of their own to be had: their keys are those of
// their manuals, the parts that all share are the Collector's own.

type queued struct {
	Queue configoptional.Optional[exporterhelper.QueueBatchConfig] `mapstructure:"sending_queue"`
}

type searchConfig struct {
	confighttp.ClientConfig `mapstructure:",squash"`
	queued                  `mapstructure:",squash"`

	Endpoints    []string       `mapstructure:"endpoints"`
	CloudID      string         `mapstructure:"cloudid"`
	LogsIndex    string         `mapstructure:"logs_index"`
	Pipeline     string         `mapstructure:"pipeline"`
	User         string         `mapstructure:"user"`
	Password     string         `mapstructure:"password"`
	APIKey       string         `mapstructure:"api_key"`
	Logstash     logstashFormat `mapstructure:"logstash_format"`
	Mapping      searchMapping  `mapstructure:"mapping"`
	Retry        searchRetry    `mapstructure:"retry"`
	MetadataKeys []string       `mapstructure:"metadata_keys"`
}

type logstashFormat struct {
	Enabled         bool   `mapstructure:"enabled"`
	PrefixSeparator string `mapstructure:"prefix_separator"`
	DateFormat      string `mapstructure:"date_format"`
}

type searchMapping struct {
	Mode         string   `mapstructure:"mode"`
	AllowedModes []string `mapstructure:"allowed_modes"`
}

type searchRetry struct {
	Enabled         bool          `mapstructure:"enabled"`
	InitialInterval time.Duration `mapstructure:"initial_interval"`
	MaxInterval     time.Duration `mapstructure:"max_interval"`
	MaxRetries      int           `mapstructure:"max_retries"`
	RetryOnStatus   []int         `mapstructure:"retry_on_status"`
}

func (c *searchConfig) Validate() error {
	if len(c.Endpoints) == 0 && c.Endpoint == "" && c.CloudID == "" {
		return errors.New("endpoints is missing")
	}
	modes := []string{"", "none", "ecs", "otel", "raw", "bodymap"}
	return errors.Join(allURLs(c.Endpoints), oneOf("mapping::mode", c.Mapping.Mode, modes))
}

type openSearchConfig struct {
	queued                       `mapstructure:",squash"`
	exporterhelper.TimeoutConfig `mapstructure:",squash"`

	HTTP       confighttp.ClientConfig   `mapstructure:"http"`
	Retry      configretry.BackOffConfig `mapstructure:"retry_on_failure"`
	Dataset    string                    `mapstructure:"dataset"`
	Namespace  string                    `mapstructure:"namespace"`
	LogsIndex  string                    `mapstructure:"logs_index"`
	Fallback   string                    `mapstructure:"logs_index_fallback"`
	TimeFormat string                    `mapstructure:"logs_index_time_format"`
	BulkAction string                    `mapstructure:"bulk_action"`
	Mapping    openSearchMapping         `mapstructure:"mapping"`
}

type openSearchMapping struct {
	Mode           string            `mapstructure:"mode"`
	Fields         map[string]string `mapstructure:"fields"`
	File           string            `mapstructure:"file"`
	TimestampField string            `mapstructure:"timestamp_field"`
	UnixTimestamp  bool              `mapstructure:"unix_timestamp"`
	Dedup          bool              `mapstructure:"dedup"`
	Dedot          bool              `mapstructure:"dedot"`
}

func (c *openSearchConfig) Validate() error {
	return errors.Join(allURLs([]string{c.HTTP.Endpoint}),
		oneOf("bulk_action", c.BulkAction, []string{"", "create", "index"}),
		oneOf("mapping::mode", c.Mapping.Mode, []string{"", "ss4o", "ecs", "flatten_attributes", "bodymap"}))
}

type splunkConfig struct {
	confighttp.ClientConfig `mapstructure:",squash"`
	queued                  `mapstructure:",squash"`

	Retry              configretry.BackOffConfig `mapstructure:"retry_on_failure"`
	Token              string                    `mapstructure:"token"`
	Index              string                    `mapstructure:"index"`
	Source             string                    `mapstructure:"source"`
	SourceType         string                    `mapstructure:"sourcetype"`
	LogDataEnabled     bool                      `mapstructure:"log_data_enabled"`
	ProfilingEnabled   bool                      `mapstructure:"profiling_data_enabled"`
	DisableCompression bool                      `mapstructure:"disable_compression"`
	ExportRaw          bool                      `mapstructure:"export_raw"`
	HealthCheck        bool                      `mapstructure:"health_check_enabled"`
	HealthPath         string                    `mapstructure:"health_path"`
	MaxContentLength   uint                      `mapstructure:"max_content_length_logs"`
	MaxEventSize       uint                      `mapstructure:"max_event_size"`
	Attributes         map[string]string         `mapstructure:"otel_attrs_to_hec_metadata"`
	Fields             map[string]string         `mapstructure:"otel_to_hec_fields"`
}

func (c *splunkConfig) Validate() error {
	if c.Token == "" {
		return errors.New("token is missing")
	}
	return allURLs([]string{c.Endpoint})
}

type s3Config struct {
	queued                       `mapstructure:",squash"`
	exporterhelper.TimeoutConfig `mapstructure:",squash"`

	Retry      configretry.BackOffConfig `mapstructure:"retry_on_failure"`
	Uploader   s3Uploader                `mapstructure:"s3uploader"`
	Marshaler  string                    `mapstructure:"marshaler"`
	Attributes map[string]string         `mapstructure:"resource_attrs_to_s3"`
}

type s3Uploader struct {
	Region            string `mapstructure:"region"`
	Bucket            string `mapstructure:"s3_bucket"`
	Prefix            string `mapstructure:"s3_prefix"`
	BasePrefix        string `mapstructure:"s3_base_prefix"`
	PartitionFormat   string `mapstructure:"s3_partition_format"`
	PartitionTimezone string `mapstructure:"s3_partition_timezone"`
	FilePrefix        string `mapstructure:"file_prefix"`
	Endpoint          string `mapstructure:"endpoint"`
	RoleARN           string `mapstructure:"role_arn"`
	ForcePathStyle    bool   `mapstructure:"s3_force_path_style"`
	DisableSSL        bool   `mapstructure:"disable_ssl"`
	ACL               string `mapstructure:"acl"`
	StorageClass      string `mapstructure:"storage_class"`
	Compression       string `mapstructure:"compression"`
	RetryMode         string `mapstructure:"retry_mode"`
	RetryMaxAttempts  int    `mapstructure:"retry_max_attempts"`
	UniqueKeyFunc     string `mapstructure:"unique_key_func_name"`
}

func (c *s3Config) Validate() error {
	if c.Uploader.Region == "" || c.Uploader.Bucket == "" {
		return errors.New("region or s3_bucket is missing")
	}
	marshalers := []string{"", "otlp_json", "otlp_proto", "sumo_ic", "body"}
	return errors.Join(oneOf("marshaler", c.Marshaler, marshalers),
		oneOf("compression", c.Uploader.Compression, []string{"", "none", "gzip", "zstd"}))
}

type cloudWatchConfig struct {
	queued `mapstructure:",squash"`

	Retry        configretry.BackOffConfig `mapstructure:"retry_on_failure"`
	Region       string                    `mapstructure:"region"`
	Group        string                    `mapstructure:"log_group_name"`
	Stream       string                    `mapstructure:"log_stream_name"`
	Retention    int32                     `mapstructure:"log_retention"`
	Endpoint     string                    `mapstructure:"endpoint"`
	RoleARN      string                    `mapstructure:"role_arn"`
	RawLog       bool                      `mapstructure:"raw_log"`
	Tags         map[string]string         `mapstructure:"tags"`
	MaxRetries   int                       `mapstructure:"max_retries"`
	NoVerifySSL  bool                      `mapstructure:"no_verify_ssl"`
	ProxyAddress string                    `mapstructure:"proxy_address"`
	NumWorkers   int                       `mapstructure:"num_workers"`
	TimeoutSecs  int                       `mapstructure:"request_timeout_seconds"`
}

func (c *cloudWatchConfig) Validate() error {
	if c.Group == "" || c.Stream == "" {
		return errors.New("log_group_name or log_stream_name is missing")
	}
	return nil
}

type syslogConfig struct {
	queued                       `mapstructure:",squash"`
	exporterhelper.TimeoutConfig `mapstructure:",squash"`

	Retry               configretry.BackOffConfig `mapstructure:"retry_on_failure"`
	Endpoint            string                    `mapstructure:"endpoint"`
	Port                int                       `mapstructure:"port"`
	Network             string                    `mapstructure:"network"`
	Protocol            string                    `mapstructure:"protocol"`
	EnableOctetCounting bool                      `mapstructure:"enable_octet_counting"`
	TLS                 configtls.ClientConfig    `mapstructure:"tls"`
}

func (c *syslogConfig) Validate() error {
	if c.Endpoint == "" || strings.Contains(c.Endpoint, ":") || c.Port < 1 || c.Port > 65535 {
		return fmt.Errorf("endpoint %q is no host, or port %d is none", c.Endpoint, c.Port)
	}
	return errors.Join(oneOf("network", c.Network, []string{"tcp", "udp", "unix"}),
		oneOf("protocol", c.Protocol, []string{"rfc5424", "rfc3164"}))
}

type basicAuthConfig struct {
	Client struct {
		Username     string `mapstructure:"username"`
		UsernameFile string `mapstructure:"username_file"`
		Password     string `mapstructure:"password"`
		PasswordFile string `mapstructure:"password_file"`
	} `mapstructure:"client_auth"`
}

// documentedExporters are exporters with these configurations, which send
// nothing.
func documentedExporters() []exporter.Factory {
	configs := map[string]func() component.Config{
		"awscloudwatchlogs": func() component.Config { return &cloudWatchConfig{} },
		"awss3":             func() component.Config { return &s3Config{} },
		"elasticsearch":     func() component.Config { return &searchConfig{ClientConfig: confighttp.NewDefaultClientConfig()} },
		"opensearch":        func() component.Config { return &openSearchConfig{HTTP: confighttp.NewDefaultClientConfig()} },
		"splunk_hec":        func() component.Config { return &splunkConfig{ClientConfig: confighttp.NewDefaultClientConfig()} },
		"syslog":            func() component.Config { return &syslogConfig{Network: "tcp", Protocol: "rfc5424", Port: 514} },
	}
	create := func(context.Context, exporter.Settings, component.Config) (exporter.Logs, error) {
		return nowhere{}, nil
	}
	var all []exporter.Factory
	for name, config := range configs {
		all = append(all, exporter.NewFactory(component.MustNewType(name), config, exporter.WithLogs(create, component.StabilityLevelBeta)))
	}
	return all
}

func documentedExtensions() []extension.Factory {
	config := func() component.Config { return &basicAuthConfig{} }
	create := func(context.Context, extension.Settings, component.Config) (extension.Extension, error) {
		return nowhere{}, nil
	}
	return []extension.Factory{extension.NewFactory(component.MustNewType("basicauth"), config, create, component.StabilityLevelBeta)}
}

// nowhere is a component that does nothing.
type nowhere struct {
	component.StartFunc
	component.ShutdownFunc
	consumer.Logs
}

func (nowhere) Capabilities() consumer.Capabilities { return consumertest.NewNop().Capabilities() }

func allURLs(texts []string) error {
	for _, text := range texts {
		if u, err := url.Parse(text); err != nil || u.Host == "" || !strings.HasPrefix(u.Scheme, "http") {
			return fmt.Errorf("%q is no URL", text)
		}
	}
	return nil
}

func oneOf(field, value string, words []string) error {
	if !slices.Contains(words, value) {
		return fmt.Errorf("%s: %q is none of %q", field, value, words)
	}
	return nil
}
