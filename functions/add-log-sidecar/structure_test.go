package logsidecar_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"
)

// TestKeys checks every key of every configuration against the documented ones
// in testdata/keys, which are written by hand: the way to a component, with its
// kind in brackets, and its keys. A * stands for names that users or we give.
func TestKeys(t *testing.T) {
	for agent, pairs := range agents() {
		documented, err := os.ReadFile("testdata/keys/" + agent)
		if err != nil {
			t.Fatal(err)
		}
		known := listed(string(documented))
		used := map[string]bool{}
		check := func(spec string) {
			t.Helper()
			for _, path := range paths(t, agent, run(t, spec).text()) {
				i := slices.IndexFunc(known, func(pattern string) bool { return fits(path, pattern) })
				if i < 0 {
					t.Errorf("%s: %s is not documented", agent, path)
					continue
				}
				used[known[i]] = true
			}
		}
		for _, destination := range cases(pairs) {
			check(pairSpec(agent, destination))
			check(strings.Replace(pairSpec(agent, destination), ca, "tls: {insecureSkipVerify: true, allowInsecure: true}", 1))
		}
		if agent == "otel-collector" || agent == "alloy" {
			check(to(agent, `{otlp: {url: "http://otel:4317", protocol: grpc}}`))
			check(to(agent, `{otlp: {url: "https://otel:4317", protocol: grpc, tls: {serverName: otel.example.com}}}`))
		}
		for _, p := range parsers() {
			if hasWord(p.agents, agent) {
				check(fmt.Sprintf("{agent: %s, logs: [{paths: [/var/log/app/*.log], %s}], fields: {team: shop}}", agent, p.config))
			}
		}
		for _, pattern := range known {
			if !used[pattern] {
				t.Errorf("%s: nothing uses %s", agent, pattern)
			}
		}
	}
}

// listed are the patterns in a file of keys.
func listed(text string) []string {
	var all []string
	for line := range strings.Lines(text) {
		where, keys, _ := strings.Cut(strings.TrimSpace(line), ": ")
		for key := range strings.FieldsSeq(keys) {
			all = append(all, strings.TrimPrefix(where+"/"+key, "./"))
		}
	}
	return all
}

// fits reports whether a path is that of a pattern.
func fits(path, pattern string) bool {
	if prefix, ok := strings.CutSuffix(pattern, "/*"); ok {
		return strings.HasPrefix(path, prefix+"/")
	}
	return path == pattern
}

// paths are those of all values in a configuration.
func paths(t *testing.T, agent, text string) []string {
	t.Helper()
	switch agent {
	case "fluentd":
		return sections(t, text)
	case "alloy":
		return blocks(t, text)
	}
	var doc map[string]any
	if err := yaml.UnmarshalStrict([]byte(text), &doc); err != nil {
		t.Fatalf("%s: %v\n%s", agent, err, text)
	}
	return values("", doc)
}

// values walks what was read from YAML.
func values(at string, x any) []string {
	var all []string
	switch v := x.(type) {
	case map[string]any:
		for _, discriminator := range []string{"name", "type"} {
			if kind, ok := v[discriminator].(string); ok && at != "" && !strings.HasPrefix(at, "parsers") && !strings.HasPrefix(at, "multiline_parsers") {
				at += "[" + kind + "]"
			}
		}
		for key, value := range v {
			key, _, _ = strings.Cut(key, "/log") // file_log/log0
			all = append(all, values(strings.TrimPrefix(at+"/"+named(key), "/"), value)...)
		}
	case []any:
		for _, e := range v {
			all = append(all, values(at, e)...)
		}
	default:
		all = append(all, at)
	}
	if len(all) == 0 {
		all = append(all, at)
	}
	return all
}

// named is a name that we give, without its number.
func named(key string) string {
	if strings.HasPrefix(key, "log0") {
		return "LOG"
	}
	return key
}

// sections walks fluentd's language.
func sections(t *testing.T, text string) []string {
	t.Helper()
	var all, stack []string
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		name, value, _ := strings.Cut(strings.Trim(line, "<>"), " ")
		switch {
		case strings.HasPrefix(line, "</"):
			open, _, _ := strings.Cut(stack[len(stack)-1], "[")
			if "/"+open != name {
				t.Fatalf("%s closes %s", line, open)
			}
			stack = stack[:len(stack)-1]
		case strings.HasPrefix(line, "<"):
			stack = append(stack, name)
		case name == "@type":
			stack[len(stack)-1] += "[" + value + "]"
		default:
			if value == "" || strings.HasPrefix(value, "'") != strings.HasSuffix(value, "'") {
				t.Errorf("no value: %s", line)
			}
			all = append(all, strings.Join(stack, "/")+"/"+name)
		}
	}
	if len(stack) > 0 {
		t.Errorf("left open: %v", stack)
	}
	return all
}

// blocks walks Alloy's language.
func blocks(t *testing.T, text string) []string {
	t.Helper()
	var all, stack []string
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(strings.TrimSpace(line), ",")
		key, value, assigned := strings.Cut(line, " = ")
		name, _, _ := strings.Cut(key, " ")
		switch {
		case line == "":
		case strings.HasPrefix(line, "}"):
			stack = stack[:len(stack)-1]
		case strings.HasSuffix(line, "{ }"):
			all = append(all, strings.Join(append(stack, name), "/"))
		case strings.HasSuffix(line, "{"):
			stack = append(stack, name)
		case assigned && value != "":
			all = append(all, strings.Join(append(stack, name), "/"))
		default:
			t.Errorf("neither block nor attribute: %s", line)
		}
	}
	if len(stack) > 0 {
		t.Errorf("left open: %v", stack)
	}
	return all
}

// TestNastyValues puts texts that mean something in every language into a
// configuration, and looks for them as they were.
func TestNastyValues(t *testing.T) {
	nasty := []string{
		`"`, `'`, `'"`, `\`, `a\`, `a\'`, `#{exit}`, `$HOME`, `$$`, `a: b`, `- a`, `# a`, `a #b`, `{{ .a }}`, `%{a}`, `$(a)`, `@a`, `*a`, `&a`, `!a`,
		`|`, `>`, `[a]`, `{a: b}`, `yes`, `null`, `1`, `1e3`, `0x1f`, `12:30:45`, `~`, `<a>`, `</record>`, `é`, "\u2028", `a,b`, "`", `%d`, `sys.env("A")`, `" + x + "`, `a "b" c`, `"a\"b`, `a\ b`,
	}
	for _, text := range nasty {
		quoted := "'" + strings.ReplaceAll(text, "'", "''") + "'"
		if strings.Contains(text, "\u2028") {
			quoted, text = `"x\u2028x"`, "x\u2028x"
		}
		for agent := range agents() {
			spec := fmt.Sprintf("{agent: %s, logs: [{paths: [/var/log/app/*.log]}], fields: {nasty: %s}}", agent, quoted)
			if got := field(t, agent, run(t, spec).text()); got != text {
				t.Errorf("%s: %q became %q", agent, text, got)
			}
		}
	}
}

// field reads the field nasty as the agent does.
func field(t *testing.T, agent, text string) string {
	t.Helper()
	if agent == "fluentd" || agent == "alloy" {
		for line := range strings.Lines(text) {
			if rest, ok := strings.CutPrefix(strings.TrimSpace(line), "nasty "); ok {
				return unquote(t, agent, strings.TrimSuffix(strings.TrimPrefix(rest, "= "), ","))
			}
		}
		t.Fatalf("no field:\n%s", text)
	}
	var doc map[string]any
	if err := yaml.UnmarshalStrict([]byte(text), &doc); err != nil {
		t.Fatalf("%s: %v\n%s", agent, err, text)
	}
	switch agent {
	case "fluent-bit":
		records := dig(doc, "pipeline", "filters", "0", "record").([]any)
		value := strings.TrimPrefix(records[len(records)-1].(string), "nasty ")
		if strings.HasPrefix(value, `"`) {
			return unquote(t, agent, value)
		}
		if strings.Contains(value, " ") {
			t.Errorf("fluent-bit: %s is more than one word", value)
		}
		return value
	case "filebeat":
		return dig(doc, "processors", "2", "add_fields", "fields", "nasty").(string)
	case "otel-collector":
		return strings.ReplaceAll(dig(doc, "receivers", "file_log/log0", "attributes", "nasty").(string), "$$", "$")
	}
	program := strings.ReplaceAll(dig(doc, "transforms", "record", "source").(string), "$$", "$")
	return unquote(t, agent, program[strings.Index(program, ".nasty = ")+len(".nasty = "):])
}

func dig(x any, keys ...string) any {
	for _, key := range keys {
		switch v := x.(type) {
		case map[string]any:
			x = v[key]
		case []any:
			x = v[key[0]-'0']
		}
	}
	return x
}

// unquote reads a string of an agent's own language.
func unquote(t *testing.T, agent, s string) string {
	t.Helper()
	escapes := map[string]*strings.Replacer{
		"fluent-bit": strings.NewReplacer(`\"`, `"`),
		"fluentd":    strings.NewReplacer(`\\`, `\`, `\'`, `'`),
		"alloy":      strings.NewReplacer(`\\`, `\`, `\"`, `"`, `\u00e9`, "é", `\u2028`, "\u2028"),
		"vector":     strings.NewReplacer(`\\`, `\`, `\"`, `"`, `\{`, `{`, `\}`, `}`, `\u{e9}`, "é", `\u{2028}`, "\u2028"),
	}[agent]
	for _, quote := range []string{`"`, `'`} {
		if inner, ok := strings.CutPrefix(s, quote); ok && strings.HasSuffix(inner, quote) {
			inner = strings.TrimSuffix(inner, quote)
			skip := []string{`\\`, "", `\` + quote, ""}
			if agent == "fluent-bit" { // it sees a quote behind any backslash as escaped
				skip = skip[2:]
			}
			if rest := strings.NewReplacer(skip...).Replace(inner); strings.Contains(rest, quote) || strings.HasSuffix(rest, `\`) {
				t.Errorf("%s: %s ends too early", agent, s)
			}
			return escapes.Replace(inner)
		}
	}
	return s
}
