package logsidecar_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// to is a spec with a destination.
func to(agent, destination string) string {
	return "{agent: " + agent + ", " + oneLog + ", destination: " + destination + "}"
}

// TestValidateDestination goes through every field of a destination.
func TestValidateDestination(t *testing.T) {
	const members = "stdout, elasticsearch, opensearch, loki, kafka, splunk, otlp, s3, cloudwatch, http, forward, syslog"
	for name, c := range map[string]struct{ spec, want string }{
		"none":    {to("vector", `{}`), `spec.destination: empty; choose one of ` + members},
		"two":     {to("vector", `{stdout: {}, loki: {url: "http://loki"}}`), `spec.destination: holds stdout and loki; keep one of them`},
		"unknown": {to("vector", `{lokki: {}}`), "spec.destination.lokki: unknown field; did you mean loki?"},
		"pair":    {to("filebeat", `{opensearch: {urls: ["https://es:9200"]}}`), `spec.destination.opensearch: filebeat cannot send to opensearch; agents that can are fluent-bit, fluentd, vector, otel-collector`},
		"image":   {to("fluentd", `{loki: {url: "http://loki:3100"}}`), `spec.container.image: missing: no public image of fluentd sends to loki; name one that has the plugin, or use another agent: fluent-bit, fluentd, vector, otel-collector, alloy`},
		"one url": {to("fluent-bit", `{elasticsearch: {urls: ["http://a:9200", "http://b:9200"]}}`), `spec.destination.elasticsearch.urls: fluent-bit takes one URL; give that of a Service or load balancer in front of the nodes`},
		"grpc":    {to("vector", `{otlp: {url: "http://otel:4317", protocol: grpc}}`), `spec.destination.otlp.protocol: vector sends OTLP over http only; write http, and the URL of that port, usually 4318`},
		"server":  {to("filebeat", `{kafka: {brokers: ["k:1"], topic: t, tls: {serverName: k.example.com}}}`), `spec.destination.kafka.tls.serverName: filebeat compares the certificate with the host it connects to; leave it out, and use the name in the certificate as host`},
		"search": {
			to("vector", `{elasticsearch: {urls: ["es:9200", "https://u:p@es", "https://es/{{x}}", "https://es/_bulk", "https://es?a=b", ""], index: Web, auth: {token: {name: a, key: b}}}}`),
			`spec.destination.elasticsearch.urls[0]: "es:9200" is no address; write it like https://host:port/path, with one of the schemes https, http
spec.destination.elasticsearch.urls[1]: the text holds a user or a password; give them by reference to a Secret
spec.destination.elasticsearch.urls[2]: "https://es/{{x}}" holds {, which agents do not take as part of an address
spec.destination.elasticsearch.urls[3]: "https://es/_bulk" holds the path of the API; leave /_bulk out
spec.destination.elasticsearch.urls[4]: "https://es?a=b" holds a query, for which the agent has no place
spec.destination.elasticsearch.urls[5]: empty; give it a value or leave it out
spec.destination.elasticsearch.index: "Web" is no name of an index; use lower-case letters, digits, -, _ and .
spec.destination.elasticsearch.auth.token: elasticsearch takes basic or apiKey`,
		},
		"search urls":   {to("vector", `{elasticsearch: {}}`), `spec.destination.elasticsearch.urls: missing; name a node, such as [https://search.example.com:9200]`},
		"opensearch":    {to("vector", `{opensearch: {urls: ["http://es"], auth: {apiKey: {name: a, key: b}}}}`), `spec.destination.opensearch.auth.apiKey: opensearch takes basic`},
		"tls over http": {to("vector", `{loki: {url: "http://loki", tls: {}}}`), `spec.destination.loki.url: "http://loki" is not encrypted, so that tls has no effect; write https, or leave tls out`},
		"tls": {
			to("vector", `{loki: {url: "https://loki", tls: {serverName: "a b", insecureSkipVerify: true, ca: {secret: {name: A}, configMap: {key: b}}}}}`),
			`spec.destination.loki.tls.serverName: "a b" is no name of an object; use up to 253 lower-case letters, digits, - and .
spec.destination.loki.tls.insecureSkipVerify: anybody could read the logs; give the ca, or write allowInsecure: true beside it
spec.destination.loki.tls.ca: holds secret and configMap; keep one of them
spec.destination.loki.tls.ca.secret.name: "A" is no name of an object; use up to 253 lower-case letters, digits, - and .
spec.destination.loki.tls.ca.secret.key: missing; name the object and the key, as in {name: my-secret, key: password}
spec.destination.loki.tls.ca.configMap.name: missing; name the object and the key, as in {name: my-secret, key: password}`,
		},
		"insecure is meant": {to("vector", `{loki: {url: "https://loki", tls: {insecureSkipVerify: true, allowInsecure: true}}}`), ""},
		"loki": {
			to("vector", `{loki: {url: "https://loki/loki/api/v1/push", tenant: "a b", labels: {a-b: c, d: "{{ e }}", f: "g, h=i"}, auth: {basic: {userKey: "/"}}}}`),
			`spec.destination.loki.url: "https://loki/loki/api/v1/push" holds the path of the API; leave /loki/api/v1/push out
spec.destination.loki.tenant: "a b" is no tenant; use letters, digits and !._*'()|-
spec.destination.loki.labels.a-b: "a-b" is no name of a label; use letters, digits and _
spec.destination.loki.labels.d: "{{ e }}" is no value of a label here; use letters, digits, blanks and _./:@;=+*()-
spec.destination.loki.labels.f: "g, h=i" is no value of a label here; use letters, digits, blanks and _./:@;=+*()-
spec.destination.loki.auth.basic.secretName: missing; name the Secret, such as log-shipping
spec.destination.loki.auth.basic.userKey: "/" is no key of a ConfigMap or Secret; use letters, digits, -, _ and .`,
		},
		"loki url": {to("vector", `{loki: {}}`), `spec.destination.loki.url: missing; give the address, such as http://loki.monitoring:3100`},
		"auth":     {to("vector", `{loki: {url: "http://loki", auth: {}}}`), `spec.destination.loki.auth: empty; choose one of basic, token, apiKey, sasl`},
		"auths":    {to("vector", `{loki: {url: "http://loki", auth: {basic: {secretName: a}, token: {name: a, key: b}}}}`), `spec.destination.loki.auth: holds basic and token; keep one of them`},
		"kafka": {
			to("vector", `{kafka: {brokers: [k, "k:0", "k$x:9092"], topic: "a/b", auth: {sasl: {secretName: s, mechanism: GSSAPI}}}}`),
			`spec.destination.kafka.brokers[0]: "k" is no address; write it as host:port
spec.destination.kafka.brokers[1]: "k:0" is no address; write it as host:port
spec.destination.kafka.brokers[2]: "k$x:9092" is no address; write it as host:port
spec.destination.kafka.topic: "a/b" is no topic; use up to 249 letters, digits, ., _ and -
spec.destination.kafka.auth.sasl.mechanism: "GSSAPI" is none of PLAIN, SCRAM-SHA-256, SCRAM-SHA-512`,
		},
		"kafka empty": {to("vector", `{kafka: {}}`), "spec.destination.kafka.brokers: missing; name a broker, such as [kafka.example.com:9092]\nspec.destination.kafka.topic: missing; name the topic, such as app-logs"},
		"splunk": {
			to("vector", `{splunk: {url: "https://splunk:8088/services/collector", index: "a b", sourceType: "c$"}}`),
			`spec.destination.splunk.url: "https://splunk:8088/services/collector" holds the path of the API; leave /services/collector out
spec.destination.splunk.index: "a b" is no index; use letters, digits, _, -, . and :
spec.destination.splunk.sourceType: "c$" is no source type; use letters, digits, _, -, . and :
spec.destination.splunk.auth: missing; write token: {name: my-secret, key: token}`,
		},
		"otlp": {
			to("otel-collector", `{otlp: {url: "http://otel:4317/v1", protocol: grpc, headers: {"X Y": a, X-Token: abcdef, authorization: "Basic x"}, auth: {sasl: {secretName: s}}}}`),
			`spec.destination.otlp.url: "http://otel:4317/v1" holds a path, which grpc has none of; leave it out
spec.destination.otlp.headers.X Y: "X Y" is no name of a header; use letters, digits and -
spec.destination.otlp.headers.X-Token: a secret in plain text; use auth, which takes it from a Secret
spec.destination.otlp.headers.authorization: a secret in plain text; use auth, which takes it from a Secret
spec.destination.otlp.auth.sasl: otlp takes token`,
		},
		"protocol": {to("otel-collector", `{otlp: {url: "http://otel:4317", protocol: udp}}`), `spec.destination.otlp.protocol: "udp" is none of http, grpc`},
		"s3": {
			to("vector", `{s3: {bucket: My_Bucket, region: "eu west", prefix: /logs/, endpoint: minio, credentials: {accessKeyIdKey: "a b", secretAccessKeyKey: "c d"}}}`),
			`spec.destination.s3.bucket: "My_Bucket" is no name of a bucket; use 3 to 63 lower-case letters, digits, . and -
spec.destination.s3.region: "eu west" is no region; write it like eu-west-1
spec.destination.s3.prefix: "/logs/" is no prefix; write it like logs/web, with letters, digits, _, . and -
spec.destination.s3.endpoint: "minio" is no address; write it like https://host:port/path, with one of the schemes https, http
spec.destination.s3.credentials.secretName: missing; name the Secret, or leave credentials out to use the pod's identity
spec.destination.s3.credentials.accessKeyIdKey: "a b" is no key of a ConfigMap or Secret; use letters, digits, -, _ and .
spec.destination.s3.credentials.secretAccessKeyKey: "c d" is no key of a ConfigMap or Secret; use letters, digits, -, _ and .`,
		},
		"cloudwatch":  {to("vector", `{cloudwatch: {group: "a b"}}`), "spec.destination.cloudwatch.region: missing; name the region, such as eu-west-1\nspec.destination.cloudwatch.group: \"a b\" is no log group; use letters, digits, ., _, /, # and -"},
		"http":        {to("vector", `{http: {headers: {A: "b%c"}, auth: {apiKey: {name: a, key: b}}}}`), "spec.destination.http.url: missing; give the address, such as https://logs.example.com/ingest\nspec.destination.http.headers.A: \"b%c\" is no value of a header here; use letters, digits, blanks and _./:@;=+*()-\nspec.destination.http.auth.apiKey: http takes basic or token"},
		"forward":     {to("fluentd", `{forward: {address: fluentd}}`), `spec.destination.forward.address: "fluentd" is no address; write it as host:port`},
		"syslog":      {to("vector", `{syslog: {protocol: tls}}`), "spec.destination.syslog.address: missing; write it as host:port, such as syslog.example.com:514\nspec.destination.syslog.protocol: \"tls\" is none of tcp, udp"},
		"syslog auth": {to("vector", `{syslog: {address: "a:514", auth: {}}}`), "spec.destination.syslog.auth: unknown field; the fields here are address, protocol, tls"},
		"syslog udp":  {to("vector", `{syslog: {address: "a:514", protocol: udp, tls: {}}}`), `spec.destination.syslog.tls: udp is not encrypted here; use protocol tcp, or leave tls out`},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, errorsOf(t, c.spec)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// TestSecretsByReference checks that no agent is given a secret in its
// configuration or its arguments, and that every variable that the
// configuration reads is there.
func TestSecretsByReference(t *testing.T) {
	for agent, pairs := range agents() {
		for _, destination := range cases(pairs) {
			m := run(t, pairSpec(agent, destination))
			env := map[string]bool{}
			for _, e := range m.sidecar().Env {
				env[e.Name] = true
				if strings.HasPrefix(e.Name, "DESTINATION_") && e.ValueFrom.SecretKeyRef == nil {
					t.Errorf("%s to %s: %s is no reference", agent, destination, e.Name)
				}
			}
			for _, name := range []string{"DESTINATION_USERNAME", "DESTINATION_PASSWORD", "DESTINATION_TOKEN", "DESTINATION_API_KEY"} {
				if env[name] != strings.Contains(m.text(), name) {
					t.Errorf("%s to %s: %s is in the environment: %v, in the configuration: %v", agent, destination, name, env[name], !env[name])
				}
			}
		}
	}
}
