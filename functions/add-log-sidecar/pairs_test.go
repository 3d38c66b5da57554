package logsidecar_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/yaml"

	logsidecar "github.com/krm-sidecars/krm-sidecars/functions/add-log-sidecar"
	"github.com/krm-sidecars/krm-sidecars/pkg/fntest"
	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
)

// agents are those with a configuration, and the destinations that they can
// send to. It says again what the function's table says, so that a pair that
// gets lost is noticed.
func agents() map[string]string {
	return map[string]string{
		"fluent-bit":     "stdout elasticsearch opensearch loki kafka splunk otlp s3 cloudwatch http forward syslog",
		"fluentd":        "stdout elasticsearch opensearch loki kafka splunk s3 cloudwatch http forward syslog",
		"filebeat":       "stdout elasticsearch kafka",
		"vector":         "stdout elasticsearch opensearch loki kafka splunk otlp s3 cloudwatch http syslog",
		"otel-collector": "stdout elasticsearch opensearch loki kafka splunk otlp s3 cloudwatch syslog",
		"alloy":          "stdout loki kafka otlp",
	}
}

const ca = `tls: {ca: {secret: {name: logs-ca, key: ca.pem}}}`

// destinations are configs with all that a destination may have, by name.
func destinations() map[string]string {
	return map[string]string{
		"stdout":        `{}`,
		"elasticsearch": `{urls: ["https://es:9200"], index: web, daily: true, auth: {basic: {secretName: es}}, ` + ca + `}`,
		"opensearch":    `{urls: ["https://search.example.com/logs"], auth: {basic: {secretName: search, userKey: u, passwordKey: p}}, ` + ca + `}`,
		"loki":          `{url: "https://loki:3100", tenant: shop, labels: {app: web}, auth: {token: {name: loki, key: token}}, ` + ca + `}`,
		"kafka":         `{brokers: ["k1:9093", "k2:9093"], topic: web, auth: {sasl: {secretName: kafka}}, ` + ca + `}`,
		"splunk":        `{url: "https://splunk:8088", index: main, sourceType: "web:log", auth: {token: {name: splunk, key: hec}}, ` + ca + `}`,
		"otlp":          `{url: "https://otel:4318", headers: {X-Team: shop}, auth: {token: {name: otel, key: token}}, ` + ca + `}`,
		"s3":            `{bucket: web-logs, region: eu-west-1, prefix: a/b, endpoint: "https://minio:9000", credentials: {secretName: aws}}`,
		"cloudwatch":    `{region: eu-west-1, group: /apps/web, createGroup: true}`,
		"http":          `{url: "https://in.example.com/logs?v=1", headers: {X-Team: shop}, auth: {basic: {secretName: in}}, ` + ca + `}`,
		"forward":       `{address: "fluentd.logging:24224", auth: {token: {name: fwd, key: shared}}, ` + ca + `}`,
		"syslog":        `{address: "syslog:6514", ` + ca + `}`,
	}
}

// variants are other ways to say where and who.
func variants() map[string]string {
	return map[string]string{
		"elasticsearch": `{urls: ["https://es"], auth: {apiKey: {name: es, key: encoded}}}`,
		"opensearch":    `{urls: ["https://search:9200"], daily: true, tls: {insecureSkipVerify: true, allowInsecure: true}}`,
		"loki":          `{url: "https://gw.example.com/loki-shop/", auth: {basic: {secretName: loki}}, tls: {insecureSkipVerify: true, allowInsecure: true}}`,
		"kafka":         `{brokers: ["k1:9092"], topic: web, auth: {sasl: {secretName: kafka, mechanism: PLAIN}}}`,
		"splunk":        `{url: "https://splunk:8088", auth: {token: {name: splunk, key: hec}}, tls: {insecureSkipVerify: true, allowInsecure: true}}`,
		"otlp":          `{url: "http://otel:4318/base"}`,
		"s3":            `{bucket: web-logs, region: eu-west-1}`,
		"http":          `{url: "http://in/logs", auth: {token: {name: in, key: token}}}`,
		"forward":       `{address: "[fd00::1]:24224"}`,
		"syslog":        `{address: "10.0.0.1:514", protocol: udp}`,
	}
}

const web = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: app
        image: shop/web:1.4
`

// configFor is a functionConfig; spec is in flow style.
func configFor(spec string) string {
	return "apiVersion: krm-sidecars.dev/v1alpha1\nkind: AddLogSidecar\nmetadata: {name: logs}\nspec: " + spec + "\n"
}

// made is what a run made of web.
type made struct {
	deployment struct {
		Spec struct {
			Template corev1.PodTemplateSpec `json:"template"`
		} `json:"spec"`
	}
	config corev1.ConfigMap
	report krm.Report
}

// sidecar is the container that was added.
func (m *made) sidecar() corev1.Container {
	for _, c := range m.deployment.Spec.Template.Spec.InitContainers {
		if strings.HasPrefix(c.Name, "log-sidecar") {
			return c
		}
	}
	return corev1.Container{}
}

// text is the agent's configuration.
func (m *made) text() string {
	for _, text := range m.config.Data {
		return text
	}
	return ""
}

func run(t *testing.T, spec string) *made {
	t.Helper()
	return runOn(t, spec, web)
}

func runOn(t *testing.T, spec, input string) *made {
	t.Helper()
	functions := []krm.Function{logsidecar.Function()}
	out, report := fntest.Promises(t, fntest.Instances(t, functions, configFor(spec)), input)
	m := &made{report: report}
	if report.Failed() {
		t.Fatalf("%s: %v", spec, report.Results)
	}
	docs := strings.Split(out, "\n---\n")
	if err := yaml.Unmarshal([]byte(docs[0]), &m.deployment); err != nil {
		t.Fatal(err)
	}
	if len(docs) > 1 {
		if err := yaml.UnmarshalStrict([]byte(docs[1]), &m.config); err != nil {
			t.Fatal(err)
		}
	}
	return m
}

// pairSpec is the spec for a pair; loki-other is the variant of loki.
func pairSpec(agent, to string) string {
	destination := destinations()[to]
	if other, ok := strings.CutSuffix(to, "-other"); ok {
		to, destination = other, variants()[other]
	}
	image := ""
	if agent == "fluentd" && (to == "loki" || to == "splunk") {
		image = "container: {image: \"registry.example.com/fluentd:1\"}, "
	}
	return fmt.Sprintf("{agent: %s, %slogs: [{paths: [/var/log/app/*.log]}], destination: {%s: %s}}", agent, image, to, destination)
}

// TestPairs writes down the configuration of each agent for each destination,
// in one file for each agent.
func TestPairs(t *testing.T) {
	for agent, pairs := range agents() {
		t.Run(agent, func(t *testing.T) {
			var about strings.Builder
			archive := &txtar.Archive{}
			for _, to := range cases(pairs) {
				m := run(t, pairSpec(agent, to))
				fmt.Fprintf(&about, "%s: %s\n", to, m.sidecar().Image)
				for _, e := range m.sidecar().Env {
					if e.ValueFrom != nil && e.ValueFrom.SecretKeyRef != nil {
						fmt.Fprintf(&about, "  %s from %s, key %s\n", e.Name, e.ValueFrom.SecretKeyRef.Name, e.ValueFrom.SecretKeyRef.Key)
					}
				}
				archive.Files = append(archive.Files, txtar.File{Name: to, Data: []byte(m.text())})
			}
			archive.Comment = []byte("The configuration of " + agent + " for each destination.\n\n" + about.String())
			golden(t, "testdata/pairs/"+agent+".txtar", txtar.Format(archive))
		})
	}
}

// cases are destinations and their variants.
func cases(pairs string) []string {
	var all []string
	for to := range strings.FieldsSeq(pairs) {
		all = append(all, to)
		if _, ok := variants()[to]; ok {
			all = append(all, to+"-other")
		}
	}
	return all
}

func golden(t *testing.T, file string, got []byte) {
	t.Helper()
	if flag.Lookup("update").Value.String() == "true" {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil || !bytes.Equal(want, got) {
		t.Errorf("%s: %v\n%s", file, err, cmp.Diff(string(want), string(got)))
	}
}

// TestImpossiblePairs checks that every pair that is not in the table is
// refused with the agents that can.
func TestImpossiblePairs(t *testing.T) {
	for agent, pairs := range agents() {
		for to := range destinations() {
			if hasWord(pairs, to) {
				continue
			}
			var can []string
			for other, pairs := range agents() {
				if hasWord(pairs, to) {
					can = append(can, other)
				}
			}
			if msg := refusal(t, pairSpec(agent, to)); !containsAll(msg, strings.Join(can, " ")) {
				t.Errorf("%s to %s: %q does not name %v", agent, to, msg, can)
			}
		}
	}
}

// refusal is what is said to a config that is not taken.
func refusal(t *testing.T, spec string) string {
	t.Helper()
	_, err := krm.ReadConfigs([]krm.Function{logsidecar.Function()}, "config.yaml", configFor(spec))
	if err == nil {
		t.Fatalf("%s is taken", spec)
	}
	return err.Error()
}

func hasWord(words, word string) bool { return slices.Contains(strings.Fields(words), word) }

// containsAll reports whether a text names all words.
func containsAll(text, words string) bool {
	return !slices.ContainsFunc(strings.Fields(words), func(word string) bool { return !strings.Contains(text, word) })
}
