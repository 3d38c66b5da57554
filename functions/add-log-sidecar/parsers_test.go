package logsidecar_test

import (
	"fmt"
	"testing"

	"golang.org/x/tools/txtar"
)

// parsers are configs of parsers by name, and the agents that have them.
func parsers() []struct{ name, config, agents string } {
	return []struct{ name, config, agents string }{
		{"json", "parser: json", "fluent-bit fluentd filebeat vector otel-collector"},
		{"nginx", "parser: nginx", "fluent-bit fluentd filebeat vector otel-collector alloy"},
		{"apache", "parser: {name: apache}", "fluent-bit fluentd filebeat vector otel-collector alloy"},
		{"cri", "parser: cri", "fluent-bit fluentd filebeat vector otel-collector alloy"},
		{"logfmt", "parser: logfmt", "fluent-bit vector otel-collector"},
		{"regex", `parser: {regex: '/(?P<path>[^ ]+)/ (?<q>''[^'']*'') #(?P<id>\d+)$'}`, "fluent-bit fluentd vector otel-collector alloy"},
		{"multiline", `multiline: {startPattern: '^\[\d{4}/\d\d'}`, "fluent-bit fluentd filebeat vector otel-collector alloy"},
		{"end", "readFrom: end, exclude: [/var/log/app/debug.log, /var/log/app/old-*]", "fluent-bit fluentd filebeat vector otel-collector alloy"},
	}
}

// TestParsers writes down the configuration of each agent for each way to read
// lines.
func TestParsers(t *testing.T) {
	for agent := range agents() {
		t.Run(agent, func(t *testing.T) {
			archive := &txtar.Archive{Comment: []byte("The configuration of " + agent + " for each way to read lines.\n")}
			for _, p := range parsers() {
				spec := fmt.Sprintf("{agent: %s, logs: [{paths: [/var/log/app/*.log], %s}], fields: {team: shop}}", agent, p.config)
				if hasWord(p.agents, agent) {
					archive.Files = append(archive.Files, txtar.File{Name: p.name, Data: []byte(run(t, spec).text())})
				} else if msg := refusal(t, spec); !containsAll(msg, p.agents) {
					t.Errorf("%s: %q does not name %s", p.name, msg, p.agents)
				}
			}
			golden(t, "testdata/parsers/"+agent+".txtar", txtar.Format(archive))
		})
	}
}
