package adversarial

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"text/template/parse"

	"go.yaml.in/yaml/v3"
)

// hostile are texts that stand behind what each string field has in turn. A part of
// them is the word canary, which must stay a word.
var hostile = []struct{ name, text string }{
	{"shell", "'\"; touch canary; $(touch canary) `touch canary` | touch canary & \\"},
	{"line", "\ntouch canary\n"},
	{"template", `{{ canary }}<% canary %>%{canary}${canary}"}}{{ canary }}{{"`},
	{"variable", "$(CANARY)$$(CANARY)"},
}

// meant are the fields that are commands, templates or configuration by their
// purpose, and those whose manual says that $(NAME) is replaced, as Kubernetes does
// in lists of variables.
var meant = regexp.MustCompile(`\.(command|args|append|template|config\.text|rawText)(\[\])?$|\.container\.(env|lifecycle|.*Probe)|^spec\.(uri|custom\.|render\.templates\.)|\.env\[\]\.value$|\.raw\.`)

// TestFields: no text in any string field of any function becomes a part of what a
// shell, a template engine, a parser or the kubelet makes sense of.
func TestFields(t *testing.T) {
	all := fields(t)
	answers := make([]string, 0, len(all)*len(hostile))
	for _, f := range all {
		was := *f.at
		for _, h := range hostile {
			*f.at = yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Style: yaml.DoubleQuotedStyle, Value: was.Value + h.text}
			answers = append(answers, fmt.Sprintf("%s %s (%s), %s: ", f.kind, f.path, f.variant, h.name))
			stay(t, f, stream(t, f.config), &answers[len(answers)-1])
		}
		*f.at = was
	}
	t.Cleanup(func() { compare(t, "fields", strings.Join(answers, "\n")+"\n") })
}

// stay runs a config with a hostile field, and notes the answer.
func stay(t *testing.T, f field, config string, answer *string) {
	t.Helper()
	t.Run(*answer, func(t *testing.T) {
		t.Parallel()
		d := newDesk(t, map[string]string{"config.yaml": config})
		a := d.run(strings.NewReader(f.text), "post-render", "-c", "config.yaml")
		got := verdictOf(a, f.text, a.stdout)
		if got == injected {
			got = literal
		}
		counted.add(got)
		*answer += string(got) + reason(a.stderr)
		if got == refused && a.stdout != "" {
			t.Errorf("refused, and prints:\n%.600s", a.stdout)
		}
		docs, err := values(a.stdout)
		if err != nil {
			t.Fatalf("what was printed is no YAML: %v\n%.600s", err, a.stdout)
		}
		if meant.MatchString(f.path) {
			return
		}
		for _, doc := range docs {
			asleep(t, doc)
		}
	})
}

// asleep checks that the canary in a value is nothing but a word.
func asleep(t *testing.T, value any) {
	t.Helper()
	switch value := value.(type) {
	case map[string]any:
		argv := append(texts(value["command"]), texts(value["args"])...)
		if script := scriptOf(argv); strings.Contains(script, "canary") {
			t.Errorf("a shell is to run:\n%s", script)
		}
		for _, text := range append(argv, variable(value)...) {
			if strings.Contains(expand(text), "WOKEN") {
				t.Errorf("the kubelet replaces a part of %q", text)
			}
		}
		for _, v := range value {
			asleep(t, v)
		}
	case []any:
		for _, v := range value {
			asleep(t, v)
		}
	case string:
		inText(t, value)
	}
}

func texts(list any) []string {
	var all []string
	items, _ := list.([]any)
	for _, item := range items {
		if text, ok := item.(string); ok {
			all = append(all, text)
		}
	}
	return all
}

// variable is the value of an environment variable.
func variable(value map[string]any) []string {
	if text, ok := value["value"].(string); ok && value["name"] != nil {
		return []string{text}
	}
	return nil
}

// scriptOf is what a command has a shell run.
func scriptOf(argv []string) string {
	for i, word := range argv {
		if slices.Contains([]string{"sh", "bash", "ash"}, path.Base(word)) && i+2 < len(argv) && strings.HasPrefix(argv[i+1], "-") && strings.HasSuffix(argv[i+1], "c") {
			return argv[i+2]
		}
	}
	return ""
}

var reference = regexp.MustCompile(`\$\$|\$\(CANARY\)`)

// expand does what the kubelet does to commands, arguments and variables, where the
// variable CANARY is set.
func expand(text string) string {
	return reference.ReplaceAllStringFunc(text, func(found string) string {
		if found == "$$" {
			return "$"
		}
		return "WOKEN"
	})
}

// inText checks a text that may be a file: what it holds is checked if it is YAML or
// JSON; else no line of it may be the canary's, and no template may call it.
func inText(t *testing.T, text string) {
	t.Helper()
	if !strings.Contains(text, "canary") {
		return
	}
	var inner any
	if err := yaml.Unmarshal([]byte(text), &inner); err == nil {
		if _, same := inner.(string); !same {
			asleep(t, inner)
			return
		}
	}
	if strings.Contains(text, "{{") {
		noCall(t, text)
	}
	if lines := strings.Split(text, "\n"); len(lines) > 4 && slices.Contains(lines, "touch canary") {
		t.Errorf("a line of a file is the canary's:\n%s", text)
	}
}

// noCall checks that a Go template does not call the canary.
func noCall(t *testing.T, text string) {
	t.Helper()
	tree := parse.New("text")
	tree.Mode = parse.SkipFuncCheck
	made, err := tree.Parse(text, "", "", map[string]*parse.Tree{})
	if err != nil {
		return // the engine refuses it too
	}
	if strings.Contains(made.Root.String(), "{{canary}}") { // a text would have kept its blanks
		t.Errorf("a template calls the canary:\n%s", text)
	}
}
