package logsidecar

import (
	"cmp"
	"strings"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
)

// Destination is where the records go: exactly one of its members is set.
// +kubebuilder:validation:MinProperties=1
// +kubebuilder:validation:MaxProperties=1
type Destination struct {
	// Stdout prints records to the sidecar's standard output.
	Stdout *Stdout `json:"stdout,omitempty"`
	// Elasticsearch is version 8 or newer.
	Elasticsearch *Search `json:"elasticsearch,omitempty"`
	// OpenSearch takes the fields of elasticsearch, but no API keys.
	OpenSearch *Search `json:"opensearch,omitempty"`
	// Loki is Grafana Loki.
	Loki *Loki `json:"loki,omitempty"`
	// Kafka is one topic.
	Kafka *Kafka `json:"kafka,omitempty"`
	// Splunk is a HTTP event collector.
	Splunk *Splunk `json:"splunk,omitempty"`
	// OTLP is an OpenTelemetry collector, or whatever else takes OTLP.
	OTLP *OTLP `json:"otlp,omitempty"`
	// S3 is a bucket of Amazon S3, or of what speaks its protocol.
	S3 *S3 `json:"s3,omitempty"`
	// CloudWatch is a log group of Amazon CloudWatch Logs.
	CloudWatch *CloudWatch `json:"cloudwatch,omitempty"`
	// HTTP posts records as JSON.
	HTTP *HTTP `json:"http,omitempty"`
	// Forward is a fluentd or fluent-bit that aggregates.
	Forward *Forward `json:"forward,omitempty"`
	// Syslog is a server that takes RFC 5424 messages.
	Syslog *Syslog `json:"syslog,omitempty"`
}

// Link is how the agent reaches a destination.
type Link struct {
	// TLS is for https; where addresses have no scheme, it turns encryption on, even
	// when it is empty.
	TLS *TLS `json:"tls,omitempty"`
	// Auth is how the agent identifies itself; which form fits, is told below.
	Auth *Auth `json:"auth,omitempty"`
}

// AWS is where in AWS, and who.
type AWS struct {
	// Region is a name such as eu-west-1. Required.
	// +required
	// +krm-sidecars:text=region
	Region string `json:"region,omitempty"`
	// Credentials are keys in a Secret. Default: the identity of the pod's
	// ServiceAccount, by IRSA or Pod Identity.
	Credentials *Credentials `json:"credentials,omitempty"`
}

// TLS is how a connection is encrypted.
type TLS struct {
	// CA is the certificate authority. Default: those of the agent's image.
	CA *CA `json:"ca,omitempty"`
	// ServerName is the name in the server's certificate. Default: the host.
	// +krm-sidecars:text=object-name
	ServerName string `json:"serverName,omitempty"`
	// InsecureSkipVerify takes any certificate. Needs allowInsecure: true. Default
	// false.
	InsecureSkipVerify bool `json:"insecureSkipVerify,omitempty"`
	// AllowInsecure says that insecureSkipVerify is meant. Default false.
	AllowInsecure bool `json:"allowInsecure,omitempty"`
}

// CA is a file with certificates: one of its members is set.
// +kubebuilder:validation:MinProperties=1
// +kubebuilder:validation:MaxProperties=1
type CA struct {
	// Secret holds it.
	Secret *config.SecretKey `json:"secret,omitempty"`
	// ConfigMap holds it.
	ConfigMap *config.SecretKey `json:"configMap,omitempty"`
}

// Auth is how the agent identifies itself: exactly one of its members is set.
// +kubebuilder:validation:MinProperties=1
// +kubebuilder:validation:MaxProperties=1
type Auth struct {
	// Basic is a user and a password.
	Basic *Basic `json:"basic,omitempty"`
	// Token is a bearer token, a Splunk token or a shared key.
	Token *config.SecretKey `json:"token,omitempty"`
	// APIKey is the encoded form of an Elasticsearch API key.
	APIKey *config.SecretKey `json:"apiKey,omitempty"`
	// SASL is for Kafka.
	SASL *SASL `json:"sasl,omitempty"`
}

// Basic is a user and a password in one Secret.
type Basic struct {
	// SecretName is the Secret, in the workload's namespace. Required.
	// +required
	// +krm-sidecars:text=object-name
	SecretName string `json:"secretName,omitempty"`
	// UserKey is where the user is in it. Default username.
	// +krm-sidecars:text=data-key
	// +kubebuilder:default=username
	UserKey string `json:"userKey,omitempty"`
	// PasswordKey is where the password is in it. Default password.
	// +krm-sidecars:text=data-key
	// +kubebuilder:default=password
	PasswordKey string `json:"passwordKey,omitempty"`
}

// SASL is a mechanism, and a user and a password in one Secret.
type SASL struct {
	Basic `json:",inline"`

	// Mechanism is PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512. Default SCRAM-SHA-512.
	// +kubebuilder:validation:Enum=PLAIN;SCRAM-SHA-256;SCRAM-SHA-512
	// +kubebuilder:default=SCRAM-SHA-512
	Mechanism string `json:"mechanism,omitempty"`
}

// Credentials are the keys of an AWS user in one Secret.
type Credentials struct {
	// SecretName is the Secret, in the workload's namespace. Required.
	// +required
	// +krm-sidecars:text=object-name
	SecretName string `json:"secretName,omitempty"`
	// AccessKeyIDKey is where the id is in it. Default AWS_ACCESS_KEY_ID.
	// +krm-sidecars:text=data-key
	// +kubebuilder:default=AWS_ACCESS_KEY_ID
	AccessKeyIDKey string `json:"accessKeyIdKey,omitempty"`
	// SecretAccessKeyKey is where the key is in it. Default AWS_SECRET_ACCESS_KEY.
	// +krm-sidecars:text=data-key
	// +kubebuilder:default=AWS_SECRET_ACCESS_KEY
	SecretAccessKeyKey string `json:"secretAccessKeyKey,omitempty"`
}

// The words of destinations.
const (
	protocolHTTP = "http"
	protocolGRPC = "grpc"
	protocolTCP  = "tcp"
	protocolUDP  = "udp"

	saslPlain     = "PLAIN"
	saslSHA256    = "SCRAM-SHA-256"
	saslSHA512    = "SCRAM-SHA-512"
	defaultPrefix = "logs"
)

// sink is what a member of Destination is.
type sink interface {
	setDefaults()
	validate() config.Errors
	link() *Link
	auths() []string // members of Auth that fit
}

func (l *Link) link() *Link { return l }

func (a *AWS) keys() *Credentials { return a.Credentials }

// sink returns the member that is set; nil when there is none.
func (d *Destination) sink() sink {
	for _, m := range []struct {
		set  bool
		sink sink
	}{
		{d.Stdout != nil, d.Stdout}, {d.Elasticsearch != nil, d.Elasticsearch}, {d.OpenSearch != nil, openSearch{d.OpenSearch}},
		{d.Loki != nil, d.Loki}, {d.Kafka != nil, d.Kafka}, {d.Splunk != nil, d.Splunk}, {d.OTLP != nil, d.OTLP},
		{d.S3 != nil, d.S3}, {d.CloudWatch != nil, d.CloudWatch}, {d.HTTP != nil, d.HTTP},
		{d.Forward != nil, d.Forward}, {d.Syslog != nil, d.Syslog},
	} {
		if m.set {
			return m.sink
		}
	}
	return nil
}

// name is that of the member that is set.
func (d *Destination) name() string {
	set, _ := config.Members(d)
	return strings.Join(set, "")
}

// search returns the member that is a search engine, if it is one.
func (d *Destination) search() *Search { return cmp.Or(d.Elasticsearch, d.OpenSearch) }

// tls returns how connections are encrypted; nil where nothing is said.
func (d *Destination) tls() *TLS {
	if l := d.sink().link(); l != nil {
		return l.TLS
	}
	return nil
}

// auth returns how the agent identifies itself, with nothing set when it does
// not.
func (d *Destination) auth() Auth {
	if l := d.sink().link(); l != nil && l.Auth != nil {
		return *l.Auth
	}
	return Auth{}
}

// keys returns the AWS credentials; nil where there are none.
func (d *Destination) keys() *Credentials {
	if aws, ok := d.sink().(interface{ keys() *Credentials }); ok {
		return aws.keys()
	}
	return nil
}

func (d *Destination) setDefaults() {
	s := d.sink()
	if s == nil {
		return
	}
	s.setDefaults()
	if auth := d.auth(); auth.SASL != nil {
		auth.SASL.Mechanism = cmp.Or(auth.SASL.Mechanism, saslSHA512)
		auth.SASL.setDefaults()
	} else if auth.Basic != nil {
		auth.Basic.setDefaults()
	}
	if c := d.keys(); c != nil {
		c.AccessKeyIDKey = cmp.Or(c.AccessKeyIDKey, "AWS_ACCESS_KEY_ID")
		c.SecretAccessKeyKey = cmp.Or(c.SecretAccessKeyKey, "AWS_SECRET_ACCESS_KEY")
	}
}

func (b *Basic) setDefaults() {
	b.UserKey, b.PasswordKey = cmp.Or(b.UserKey, "username"), cmp.Or(b.PasswordKey, "password")
}
