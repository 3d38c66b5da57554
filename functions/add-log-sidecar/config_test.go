package logsidecar_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	logsidecar "github.com/krm-sidecars/krm-sidecars/functions/add-log-sidecar"
	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
)

// errorsOf are the errors of a config, one a line.
func errorsOf(t *testing.T, spec string) string {
	t.Helper()
	_, err := krm.ReadConfigs([]krm.Function{logsidecar.Function()}, "config.yaml", configFor(spec))
	var bad *krm.ConfigError
	if !errors.As(err, &bad) {
		return ""
	}
	var lines []string
	for _, e := range bad.Errors {
		lines = append(lines, e.Error())
	}
	return strings.Join(lines, "\n")
}

const (
	oneLog  = `logs: [{paths: [/var/log/app/app.log]}]`
	others  = `fluent-bit, fluentd, filebeat, vector, otel-collector, alloy`
	useless = `tail copies lines as they are and has no configuration; leave it out, or choose another agent: ` + others
)

// TestValidate goes through every field of a config.
func TestValidate(t *testing.T) {
	for name, c := range map[string]struct{ spec, want string }{
		"agent unknown":   {`{agent: fluentbit, ` + oneLog + `}`, `spec.agent: "fluentbit" is none of tail, fluent-bit, fluentd, filebeat, vector, otel-collector, alloy; did you mean fluent-bit?`},
		"promtail":        {`{agent: promtail, ` + oneLog + `}`, `spec.agent: promtail has reached its end of life; use alloy, which reads the same files and sends to loki`},
		"logstash":        {`{agent: logstash, ` + oneLog + `}`, `spec.agent: logstash is too heavy for a sidecar; use vector or fluent-bit, or send to a logstash of your own`},
		"no logs":         {`{agent: vector}`, `spec.logs: missing; give at least one log, such as logs: [{paths: [/var/log/app/app.log]}]`},
		"no paths":        {`{logs: [{container: app}]}`, `spec.logs[0].paths: missing; name the files to follow, such as [/var/log/app/app.log]`},
		"tail pattern":    {`{logs: [{paths: [/var/log/app/*.log]}]}`, `spec.logs[0].paths[0]: "/var/log/app/*.log" is a pattern, which tail does not follow; name each file, or give the app one file to write (patterns need an agent that watches directories, such as fluent-bit)`},
		"tail elsewhere":  {`{` + oneLog + `, destination: {forward: {address: "a:1"}}}`, `spec.destination.forward: tail prints to standard output only; agents that send to forward are fluent-bit, fluentd`},
		"tail nowhere":    {`{` + oneLog + `, destination: {}}`, `spec.destination: empty; choose one of stdout, elasticsearch, opensearch, loki, kafka, splunk, otlp, s3, cloudwatch, http, forward, syslog`},
		"tail two starts": {`{logs: [{paths: [/a/a.log]}, {paths: [/a/b.log], readFrom: end}]}`, `spec.logs[1].readFrom: tail begins all files alike; use start here too, or a config of its own for this log`},
		"tail reading": {
			`{logs: [{paths: [/a/a.log], exclude: [/a/b.log]}, {paths: [/a/a.log], parser: json}, {paths: [/a/a.log], multiline: {startPattern: a}}]}`,
			`spec.logs[0]: tail copies lines of named files; exclude, parser and multiline need another agent: ` + others + `
spec.logs[1]: tail copies lines of named files; exclude, parser and multiline need another agent: ` + others + `
spec.logs[2]: tail copies lines of named files; exclude, parser and multiline need another agent: ` + others,
		},
		"tail settings": {
			`{` + oneLog + `, fields: {a: b}, serviceName: web, config: {append: x}, state: {sizeLimit: 1Gi}, healthPort: 1, readiness: true, flushSeconds: 1}`,
			"spec.fields: " + useless + "\nspec.serviceName: " + useless + "\nspec.config: " + useless + "\nspec.state: " + useless +
				"\nspec.healthPort: " + useless + "\nspec.readiness: " + useless + "\nspec.flushSeconds: " + useless,
		},
		"paths": {
			`{agent: vector, logs: [{paths: [app.log, /etc/app.log, /var/log//a.log, /dev/stdout, "/a/{b,c}.log", "/a/$X.log", "/a/%d.log", "/a/it's.log", "/*/a.log"]}]}`,
			`spec.logs[0].paths[0]: "app.log" is not absolute; write it as the app's container sees it
spec.logs[0].paths[1]: "/etc/app.log" would hide the image's own /etc; let the app log to a directory of its own
spec.logs[0].paths[2]: "/var/log//a.log" is not clean; write /var/log/a.log
spec.logs[0].paths[3]: "/dev/stdout" is no log file: what goes there can be read without a sidecar
spec.logs[0].paths[4]: "/a/{b,c}.log" holds {, which agents do not take as part of a name
spec.logs[0].paths[5]: "/a/$X.log" holds $, which agents do not take as part of a name
spec.logs[0].paths[6]: "/a/%d.log" holds %, which agents do not take as part of a name
spec.logs[0].paths[7]: "/a/it's.log" holds ', which agents do not take as part of a name
spec.logs[0].paths[8]: "/*/a.log" would hide the image's own /; let the app log to a directory of its own`,
		},
		"paths control":    {`{agent: vector, logs: [{paths: ["/a/b\nc.log"]}]}`, `spec.logs[0].paths[0]: "/a/b\nc.log" holds control characters`},
		"dir":              {`{agent: vector, logs: [{paths: [/a/b/*.log], dir: /c}, {paths: [/usr/b.log], dir: /usr}]}`, "spec.logs[0].paths[0]: \"/a/b/*.log\" is not below dir /c\nspec.logs[1].dir: \"/usr\" would hide the image's own /usr; let the app log to a directory of its own"},
		"any depth":        {`{agent: fluent-bit, logs: [{paths: ["/a/**/b.log"]}]}`, `spec.logs[0].paths[0]: "/a/**/b.log" holds **, which fluent-bit does not know; name each depth, as in /var/log/app/*/*.log`},
		"exclude":          {`{agent: vector, logs: [{paths: [/a/*.log], exclude: [debug.log]}]}`, `spec.logs[0].exclude[0]: "debug.log" is not absolute; write it as the app's container sees it`},
		"readFrom":         {`{agent: vector, logs: [{paths: [/a/b.log], readFrom: top}]}`, `spec.logs[0].readFrom: "top" is none of start, end`},
		"parser":           {`{agent: vector, logs: [{paths: [/a/b.log], parser: jsn}]}`, `spec.logs[0].parser: "jsn" is none of none, json, nginx, apache, cri, logfmt; did you mean json?`},
		"parser twice":     {`{agent: vector, logs: [{paths: [/a/b.log], parser: {name: json, regex: "(?P<a>b)"}}]}`, `spec.logs[0].parser: holds name and regex; keep one of them`},
		"parser unknown":   {`{agent: filebeat, logs: [{paths: [/a/b.log], parser: logfmt}]}`, `spec.logs[0].parser: filebeat has no parser for logfmt; leave it out, or use an agent that has: fluent-bit, vector, otel-collector`},
		"regex":            {`{agent: vector, logs: [{paths: [/a/b.log], parser: {regex: "(?P<a>b"}}]}`, "spec.logs[0].parser.regex: \"(?P<a>b\" is no expression in RE2 syntax: missing closing ): `(?P<a>b`"},
		"regex no groups":  {`{agent: vector, logs: [{paths: [/a/b.log], parser: {regex: "(a)"}}]}`, `spec.logs[0].parser.regex: "(a)" names no fields; write groups such as (?P<level>[A-Z]+)`},
		"regex flags":      {`{agent: vector, logs: [{paths: [/a/b.log], parser: {regex: "(?s)(?P<a>b)"}}]}`, `spec.logs[0].parser.regex: "(?s)(?P<a>b)" holds \Q, \C, or a flag other than (?i), which agents read in different ways`},
		"multiline":        {`{agent: vector, logs: [{paths: [/a/b.log], multiline: {}}]}`, `spec.logs[0].multiline.startPattern: missing; give an expression that the first line of a record matches, such as '^\d{4}-'`},
		"multiline of cri": {`{agent: vector, logs: [{paths: [/a/b.log], parser: cri, multiline: {startPattern: "^a"}}]}`, `spec.logs[0].multiline: lines of cri are parts of what a container prints, with a time of their own; leave multiline out`},
		"multiline regex":  {`{agent: vector, logs: [{paths: [/a/b.log], multiline: {startPattern: "["}}]}`, "spec.logs[0].multiline.startPattern: \"[\" is no expression in RE2 syntax: missing closing ]: `[`"},
		"volume":           {`{` + oneLog + `, volume: {sizeLimit: big, medium: Disk, claimName: c}}`, "spec.volume.medium: \"Disk\" is none of , Memory\nspec.volume.sizeLimit: \"big\" is no size; write it like 256Mi\nspec.volume.claimName: a claim has its own size and medium; drop sizeLimit and medium, or claimName"},
		"fsGroup":          {`{` + oneLog + `, fsGroup: 0}`, `spec.fsGroup: must be above 0, and must not be set on openshift, which chooses it`},
		"numbers": {
			`{agent: vector, ` + oneLog + `, state: {sizeLimit: 0}, healthPort: 70000, flushSeconds: -1, serviceName: "a b"}`,
			`spec.state.sizeLimit: a number where text is expected; quote it
spec.healthPort: is no port; write a number from 1 to 65535
spec.flushSeconds: must be from 1 to 3600 seconds
spec.serviceName: "a b" is no value of a label; use up to 63 letters, digits, -, _ and ., with a letter or digit at both ends`,
		},
		"state": {`{agent: vector, ` + oneLog + `, state: {sizeLimit: "0"}}`, `spec.state.sizeLimit: "0" is no quantity; write it like 100m, 0.5 or 64Mi`},
		"fields": {
			`{agent: fluent-bit, ` + oneLog + `, fields: {a.b: c, d: " e", f: "g\nh", i: "", j: "${HOME}", password: hunter2}}`,
			`spec.fields.a.b: "a.b" is no name of a field; use letters, digits and _
spec.fields.d: " e" begins or ends with blanks; leave them out
spec.fields.f: "g\nh" holds control characters
spec.fields.i: missing; give it a value
spec.fields.j: "${HOME}" holds ${, which fluent-bit would take for a variable; write it without
spec.fields.password: a secret in plain text, which would be in every record; leave it out`,
		},
		"field of fluent-bit": {`{agent: fluent-bit, ` + oneLog + `, fields: {a: 'C:\a b\'}}`, `spec.fields.a: "C:\\a b\\" ends with a backslash, which fluent-bit cannot read behind a text with blanks; leave it out`},
		"extra for text":      {`{agent: alloy, ` + oneLog + `, config: {extra: {a: b}}}`, `spec.config.extra: alloy is not configured in YAML; write append: with text in its language`},
		"append for yaml":     {`{agent: vector, ` + oneLog + `, config: {append: a}}`, `spec.config.append: vector is configured in YAML; write extra: with a map`},
		"extra secret":        {`{agent: vector, ` + oneLog + `, config: {extra: {sinks: {x: [{auth: {password: hunter2}}, {auth: {password: "${PW}"}}]}}}}`, `spec.config.extra.sinks.x[0].auth.password: a secret in plain text; write ${NAME}, and in container.env a variable NAME with valueFrom.secretKeyRef`},
		"existing":            {`{agent: vector, ` + oneLog + `, config: {existing: {key: "a b"}}}`, "spec.config.existing.configMap: missing; name the ConfigMap that holds the configuration\nspec.config.existing.key: \"a b\" is no key of a ConfigMap or Secret; use letters, digits, -, _ and ."},
		"beside existing": {
			`{agent: vector, logs: [{paths: [/a/b.log], parser: json, multiline: {startPattern: a}, exclude: [/a/c.log]}], destination: {stdout: {}}, fields: {a: b}, serviceName: c, readiness: true, config: {existing: {configMap: c}, extra: {a: b}}}`,
			strings.ReplaceAll(`spec.destination: X
spec.fields: X
spec.serviceName: X
spec.config.extra: X
spec.logs[0].parser: X
spec.logs[0].multiline: X
spec.logs[0].exclude: X
spec.readiness: needs healthPort, the port at which the configuration in config.existing serves health`, "X", "has no effect on the configuration in config.existing; write it there and leave it out here"),
		},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, errorsOf(t, c.spec)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}
