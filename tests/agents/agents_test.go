package agents

import (
	"fmt"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
	"golang.org/x/tools/txtar"
)

// agent is a program whose configurations are checked.
type agent struct {
	name string
	// mark is in every configuration of this agent, and in none of another's.
	mark *regexp.Regexp
	// variable is how a configuration names a variable of the environment.
	variable *regexp.Regexp
	// usual is where the image looks when it is told nothing.
	usual *regexp.Regexp
	// check returns all that the agent would not take.
	check func(*testing.T, file) []string
}

func agents() []agent {
	pattern := regexp.MustCompile
	braces := pattern(`\$\{(?:env:)?([A-Za-z_]\w*)\}`)
	none := pattern(`$.^`)
	return []agent{
		{"fluent-bit", pattern(`(?m)^pipeline:`), braces, none, checkFluentBit},
		{"fluentd", pattern(`(?m)^<(source|match)`), pattern(`ENV(?:\[|\.fetch\()['"](\w+)['"]`), pattern(`^/fluentd/etc/fluent\.conf$`), checkFluentd},
		{"filebeat", pattern(`(?m)^filebeat(\.inputs)?:`), braces, none, checkFilebeat},
		{"vector", pattern(`(?m)^sinks:`), pattern(`(?:\$\{|get_env_var\(")([A-Za-z_]\w*)`), none, checkVector},
		{"otel-collector", pattern(`(?m)^receivers:`), braces, none, checkCollector},
		{"alloy", pattern(`(?m)^(loki|otelcol)\.\S+ "`), pattern(`sys\.env\("(\w+)"\)`), none, checkAlloy},
		{"vault", pattern(`"auto_auth"`), pattern(`\benv \\"(\w+)\\"`), none, checkVault},

		{"blackbox-exporter", pattern(`(?m)^ +prober:`), none, none, checkBlackbox},
		{"json-exporter", pattern(`(?m)^modules:\n  \w+:\n    (metrics|headers|body):`), none, none, checkJSON},
		{"process-exporter", pattern(`(?m)^process_names:`), none, none, checkProcess},
		{"statsd-exporter", pattern(`(?m)^mappings:`), none, none, checkStatsd},
		{"nginxlog-exporter", pattern(`(?m)^namespace "`), none, none, checkNginxLog},
		{"jmx-exporter", pattern(`(?m)^(rules|jmxUrl|hostPort|lowercaseOutputName):`), none, none, checkJMX},
		{"nginx", pattern(`(?m)^server \{`), none, pattern(`^/etc/nginx/`), checkLines(`[a-z_]+( [^;{}]+)?;|[a-z_]+[^;{}]* \{|\}`)},
		{"apache", pattern(`(?m)^<Location `), none, pattern(`/(conf|sites)`), checkLines(`</?[A-Z]\w*( [^<>]+)?>|[A-Z]\w* .+`)},
		{"php-fpm", pattern(`(?m)^\[www\]`), none, pattern(`/php-fpm\.d/`), checkLines(`\[\w+\]|[a-z._]+ = \S+`)},
	}
}

// TestGoldens checks the configurations in all golden cases.
func TestGoldens(t *testing.T) {
	seen := map[string]int{}
	for _, f := range goldens(t) {
		t.Run(f.from, func(t *testing.T) {
			a := agentOf(t, f)
			seen[a.name]++
			for _, wrong := range slices.Concat(a.check(t, f), a.around(f)) {
				t.Error(wrong)
			}
		})
	}
	for _, a := range agents() {
		if seen[a.name] == 0 {
			t.Errorf("no golden case has a configuration of %s", a.name)
		}
	}
	t.Logf("checked: %v", seen)
}

func agentOf(t *testing.T, f file) agent {
	t.Helper()
	var found []agent
	for _, a := range agents() {
		if a.mark.MatchString(f.text) {
			found = append(found, a)
		}
	}
	if len(found) != 1 {
		t.Fatalf("%d agents take this for theirs", len(found))
	}
	return found[0]
}

// around returns what is wrong with the pods around a configuration: none that
// is started with it, or one that lacks a variable.
func (a agent) around(f file) []string {
	var wrong []string
	started := 0
	for _, r := range f.reader {
		if !r.startedWith(a.usual) {
			continue
		}
		started++
		for _, match := range a.variable.FindAllStringSubmatch(f.text, -1) {
			if _, ok := r.env[match[1]]; !ok {
				wrong = append(wrong, fmt.Sprintf("container %s has no variable %s", r.name, match[1]))
			}
		}
	}
	if started == 0 {
		wrong = append(wrong, fmt.Sprintf("no container is started with this: %+v", f.reader))
	}
	return wrong
}

func (r reader) startedWith(usual *regexp.Regexp) bool {
	words := slices.AppendSeq(slices.Clone(r.words), maps.Values(r.env))
	return usual.MatchString(r.path) || strings.Contains(strings.Join(words, "\n"), r.path)
}

// TestSamples checks the checks: testdata/samples has an archive for each agent.
// A configuration in it is taken, unless another file, "NAME: error", says what
// is wrong with it.
func TestSamples(t *testing.T) {
	for _, a := range agents() {
		archive, err := txtar.ParseFile(filepath.Join("testdata", "samples", a.name+".txtar"))
		if err != nil {
			t.Fatal(err)
		}
		errors := map[string]string{}
		for _, part := range archive.Files {
			if name, ok := strings.CutSuffix(part.Name, ": error"); ok {
				errors[name] = strings.TrimSpace(string(part.Data))
			}
		}
		if len(errors) == 0 || len(archive.Files) <= 2*len(errors) {
			t.Errorf("%s: needs a sample that is taken and one that is not", a.name)
		}
		for _, part := range archive.Files {
			if !strings.HasSuffix(part.Name, ": error") {
				t.Run(a.name+"/"+part.Name, func(t *testing.T) { sample(t, a, string(part.Data), errors[part.Name]) })
			}
		}
	}
}

func sample(t *testing.T, a agent, text, want string) {
	t.Helper()
	f := file{from: t.Name(), text: text, reader: []reader{{name: "agent", env: map[string]string{}}}}
	for _, match := range a.variable.FindAllStringSubmatch(text, -1) {
		f.reader[0].env[match[1]] = ""
	}
	if mine := agentOf(t, f); mine.name != a.name {
		t.Errorf("taken for one of %s", mine.name)
	}
	if got := strings.Join(a.check(t, f), "\n"); got != want && (want == "" || !strings.Contains(got, want)) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestAround checks that a pod that does not fit its configuration is found.
func TestAround(t *testing.T) {
	a := agents()[0]
	f := file{text: "pipeline: {outputs: [{name: '${NAME}'}]}"}
	fits := reader{name: "agent", path: "/etc/a.yaml", words: []string{"-c", "/etc/a.yaml"}, env: map[string]string{"NAME": ""}}
	f.reader = []reader{fits}
	if wrong := a.around(f); wrong != nil {
		t.Errorf("a pod that fits: %q", wrong)
	}
	f.reader = []reader{{name: "agent", path: "/etc/a.yaml", words: fits.words}}
	if wrong := a.around(f); len(wrong) != 1 || wrong[0] != "container agent has no variable NAME" {
		t.Errorf("a variable is missing: %q", wrong)
	}
	f.reader = []reader{{name: "agent", path: "/etc/b.yaml", words: fits.words, env: fits.env}}
	if wrong := a.around(f); len(wrong) != 1 {
		t.Errorf("another file: %q", wrong)
	}
}

// decode reads YAML into maps and lists.
func decode(text string) (map[string]any, []string) {
	var config map[string]any
	if err := yaml.Unmarshal([]byte(text), &config); err != nil {
		return nil, []string{err.Error()}
	}
	return config, nil
}

// checkDocumented decodes YAML and holds it against the manual.
func checkDocumented(t *testing.T, agent string, f file) (map[string]any, []string) {
	t.Helper()
	config, wrong := decode(f.text)
	if wrong != nil {
		return nil, wrong
	}
	return config, readDocumented(t, agent).check(config)
}
