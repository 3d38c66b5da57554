package adversarial

import (
	"encoding/json"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
	"golang.org/x/tools/txtar"

	"github.com/krm-sidecars/krm-sidecars/functions"
	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
)

// field is a string field of a function's config, with a config that has it.
type field struct {
	kind, path string
	variant    string       // what of the function is at work
	config     []*yaml.Node // documents
	at         *yaml.Node   // the field in one of them
	text       string       // manifests for it
}

// schema is a part of a schema.
type schema struct {
	Type        string             `json:"type"`
	IntOrString bool               `json:"x-kubernetes-int-or-string"`
	Properties  map[string]*schema `json:"properties"`
	Items       *schema            `json:"items"`
	Entries     *schema            `json:"additionalProperties"`
}

// strings lists the paths of the string fields below a schema.
func (s *schema) strings(at string) []string {
	var all []string
	if s.Type == "string" || s.IntOrString {
		all = append(all, at)
	}
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		all = append(all, s.Properties[name].strings(at+"."+name)...)
	}
	if s.Items != nil {
		all = append(all, s.Items.strings(at+"[]")...)
	}
	if s.Entries != nil {
		all = append(all, s.Entries.strings(at+".*")...)
	}
	return all
}

// find calls use with each scalar below n that a schema knows as a string field.
func (s *schema) find(n *yaml.Node, at string, use func(at string, n *yaml.Node)) {
	switch {
	case s == nil:
	case n.Kind == yaml.ScalarNode && (s.Type == "string" || s.IntOrString):
		use(at, n)
	case n.Kind == yaml.SequenceNode:
		for _, item := range n.Content {
			s.Items.find(item, at+"[]", use)
		}
	case n.Kind == yaml.MappingNode:
		for i := 0; i < len(n.Content); i += 2 {
			name := n.Content[i].Value
			if p := s.Properties[name]; p != nil {
				p.find(n.Content[i+1], at+"."+name, use)
			} else {
				s.Entries.find(n.Content[i+1], at+".*", use)
			}
		}
	}
}

// fields returns every string field that the schemas of all functions have: in
// configs of the functions' own cases where some have it, one for each agent, preset
// and so on, else put into a config.
func fields(t *testing.T) []field {
	t.Helper()
	found := map[string][]field{}
	specs := map[string]*schema{}
	for _, f := range functions.All() {
		var whole schema
		if err := json.Unmarshal([]byte(f.Schema), &whole); err != nil {
			t.Fatal(err)
		}
		specs[f.Kind] = whole.Properties["spec"]
	}
	for _, c := range cases(t) {
		harvest(c, specs, found)
	}
	var all []field
	for _, f := range functions.All() {
		for _, path := range specs[f.Kind].strings("spec") {
			have := found[f.Kind+" "+path]
			if len(have) == 0 {
				have = []field{planted(t, f, path)}
			}
			all = append(all, have...)
		}
	}
	t.Logf("%d string fields in their configs; %d of the fields are in the functions' own cases", len(all), len(found))
	return all
}

// cases are the configs and inputs of the functions' own cases that succeed.
func cases(t *testing.T) []field {
	t.Helper()
	files, err := filepath.Glob("../../functions/*/testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("there are no cases: %v", err)
	}
	var all []field
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		parts := map[string]string{}
		for _, part := range archive.Files {
			parts[part.Name] = string(part.Data)
		}
		if docs, err := documents(parts["config.yaml"]); err == nil && parts["out.yaml"] != "" {
			all = append(all, field{config: docs, text: parts["in.yaml"]})
		}
	}
	return all
}

// harvest notes the fields that a case has and that were not found yet.
func harvest(c field, specs map[string]*schema, found map[string][]field) {
	for _, doc := range c.config {
		var kind string
		var spec *yaml.Node
		for i, n := range doc.Content[0].Content {
			switch {
			case n.Value == "kind" && i%2 == 0:
				kind = doc.Content[0].Content[i+1].Value
			case n.Value == "spec" && i%2 == 0:
				spec = doc.Content[0].Content[i+1]
			}
		}
		if spec == nil {
			continue
		}
		specs[kind].find(spec, "spec", func(at string, n *yaml.Node) {
			one := field{kind: kind, path: at, variant: variant(spec), config: c.config, at: n, text: c.text}
			same := func(f field) bool { return f.variant == one.variant }
			if have := found[kind+" "+at]; !slices.ContainsFunc(have, same) {
				found[kind+" "+at] = append(have, one)
			}
		})
	}
}

// variant names what of a function a spec puts to work.
func variant(spec *yaml.Node) string {
	var all []string
	for i := 0; i < len(spec.Content); i += 2 {
		if slices.Contains([]string{"agent", "preset", "mode", "mesh", "flavor"}, spec.Content[i].Value) && spec.Content[i+1].Kind == yaml.ScalarNode {
			all = append(all, spec.Content[i+1].Value)
		}
	}
	return strings.Join(all, " ")
}

// soil are specs in which fields are of use that are of none in the example.
var soil = []struct{ kind, fields, spec string }{
	{"AddMeshAnnotation", "spec.istio.", "mesh: istio"},
	{"AddMeshAnnotation", "spec.ambient.", "mesh: istio-ambient"},
	{"AddMeshAnnotation", "spec.consul.", "mesh: consul"},
	{"AddMeshAnnotation", "spec.dapr.", "mesh: dapr\ndapr: {appID: web}"},
	{"AddMeshAnnotation", "spec.kuma.", "mesh: kuma"},
	{"AddMeshAnnotation", "spec.linkerd.", "mesh: linkerd"},
	{"AddMeshAnnotation", "spec.opentelemetry.", "mesh: opentelemetry"},
	{"AddLogSidecar", "spec.", "agent: fluent-bit\nlogs: [{paths: [/var/log/app/app.log]}]"},
	{"AddLogSidecar", "spec.destination.cloudwatch.", "agent: vector\nlogs: [{paths: [/var/log/app/app.log]}]\ndestination: {cloudwatch: {group: shop, region: eu-west-1}}"},
	{"AddLogSidecar", "spec.destination.elasticsearch.", "agent: vector\nlogs: [{paths: [/var/log/app/app.log]}]\ndestination: {elasticsearch: {urls: [https://es:9200]}}"},
	{"AddLogSidecar", "spec.destination.opensearch.", "agent: vector\nlogs: [{paths: [/var/log/app/app.log]}]\ndestination: {opensearch: {urls: [https://os:9200]}}"},
	{"AddLogSidecar", "spec.destination.forward.", "agent: fluent-bit\nlogs: [{paths: [/var/log/app/app.log]}]\ndestination: {forward: {address: \"fluentd:24224\"}}"},
	{"AddLogSidecar", "spec.destination.http.", "agent: vector\nlogs: [{paths: [/var/log/app/app.log]}]\ndestination: {http: {url: https://in.example.com}}"},
	{"AddLogSidecar", "spec.destination.kafka.", "agent: vector\nlogs: [{paths: [/var/log/app/app.log]}]\ndestination: {kafka: {brokers: [\"kafka:9092\"], topic: logs}}"},
	{"AddLogSidecar", "spec.destination.loki.", "agent: vector\nlogs: [{paths: [/var/log/app/app.log]}]\ndestination: {loki: {url: https://loki.example.com}}"},
	{"AddLogSidecar", "spec.destination.otlp.", "agent: otel-collector\nlogs: [{paths: [/var/log/app/app.log]}]\ndestination: {otlp: {url: \"https://otel:4318\"}}"},
	{"AddLogSidecar", "spec.destination.s3.", "agent: vector\nlogs: [{paths: [/var/log/app/app.log]}]\ndestination: {s3: {bucket: shop, region: eu-west-1}}"},
	{"AddLogSidecar", "spec.destination.splunk.", "agent: vector\nlogs: [{paths: [/var/log/app/app.log]}]\ndestination: {splunk: {url: \"https://splunk:8088\", auth: {token: {name: splunk, key: token}}}}"},
	{"AddLogSidecar", "spec.destination.syslog.", "agent: fluent-bit\nlogs: [{paths: [/var/log/app/app.log]}]\ndestination: {syslog: {address: \"syslog:514\"}}"},
	{"AddExporter", "spec.custom.", "preset: custom\ncustom: {image: shop/exporter:1.0, port: 9100}"},
	{"AddExporter", "spec.jmx.", "preset: jmx\njmx: {image: shop/jmx:1.0, jar: /jmx.jar}"},
	{"AddExporter", "spec.credentials.", "preset: postgres\ncredentials: {secretName: postgres}"},
	{"AddExporter", "spec.config.", "preset: statsd"},
	{"AddVaultInit", "spec.secrets[].pki.", "address: https://vault:8200\nrole: web\nsecrets: [{name: a, pki: {path: pki/issue/web, commonName: web.example.com}}]"},
	{"AddVaultInit", "spec.env", "address: https://vault:8200\nrole: web\nsecrets: [{path: secret/data/web}]\nenvWrap: {}\nenv: [{name: A, secret: web, key: a}]"},
}

// planted is a field in a config that had none.
func planted(t *testing.T, f krm.Function, path string) field {
	t.Helper()
	config := f.Example
	for _, s := range soil {
		if s.kind == f.Kind && strings.HasPrefix(path, s.fields) {
			config = "apiVersion: krm-sidecars.dev/v1alpha1\nkind: " + f.Kind + "\nmetadata: {name: some}\nspec:\n" + indented(s.spec)
		}
	}
	docs, err := documents(config)
	if err != nil {
		t.Fatal(err)
	}
	steps := strings.Split(strings.ReplaceAll(path, "[]", ".[]"), ".")
	return field{kind: f.Kind, path: path, config: docs, text: testdata(t, "workload.yaml"), at: grow(docs[0].Content[0], steps)}
}

// grow returns the node at a path, which is made if it is not there.
func grow(n *yaml.Node, steps []string) *yaml.Node {
	if len(steps) == 0 {
		*n = yaml.Node{Kind: yaml.ScalarNode, Value: "x"}
		return n
	}
	if steps[0] == "[]" {
		if n.Kind != yaml.SequenceNode || len(n.Content) == 0 {
			*n = yaml.Node{Kind: yaml.SequenceNode, Content: []*yaml.Node{{Kind: yaml.ScalarNode, Value: "x"}}}
		}
		return grow(n.Content[0], steps[1:])
	}
	if n.Kind != yaml.MappingNode {
		*n = yaml.Node{Kind: yaml.MappingNode}
	}
	for i := 0; i < len(n.Content); i += 2 {
		if n.Content[i].Value == steps[0] {
			return grow(n.Content[i+1], steps[1:])
		}
	}
	value := &yaml.Node{Kind: yaml.ScalarNode}
	n.Content = append(n.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: strings.Replace(steps[0], "*", "some", 1)}, value)
	return grow(value, steps[1:])
}
