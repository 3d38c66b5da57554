package adversarial

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"
)

// wrong are the values that take the place of every node in turn.
var wrong = []string{"x", "7", "true", "null", "[]", "{}", "[x]", "{x: x}", "[{x: [x]}]"}

// wrongJSON are the same as JSON, which YAML is too.
var wrongJSON = []string{`"x"`, `7`, `true`, `null`, `[]`, `{}`, `["x"]`, `{"x": "x"}`}

// mutants returns a text with each of its nodes replaced by each of some values. They
// are named by the place of the node and the value.
func mutants(t *testing.T, src string, values []string) []input {
	t.Helper()
	var all []input
	docs, err := documents(src)
	if err != nil {
		t.Fatal(err)
	}
	for i, doc := range docs {
		each(doc.Content[0], fmt.Sprint(i), func(at string, n *yaml.Node) {
			was := *n
			for _, value := range values {
				var other yaml.Node
				if err := yaml.Unmarshal([]byte(value), &other); err != nil {
					t.Fatal(err)
				}
				if *n = *other.Content[0]; n.Kind == was.Kind && n.Value == was.Value && len(was.Content) == len(n.Content) {
					continue
				}
				all = append(all, input{name: at + " = " + value, text: stream(t, docs)})
			}
			*n = was
		})
	}
	return all
}

// each calls use with every node below n that stands for a value.
func each(n *yaml.Node, at string, use func(at string, n *yaml.Node)) {
	use(at, n)
	for i, c := range n.Content {
		switch {
		case n.Kind == yaml.SequenceNode:
			each(c, fmt.Sprintf("%s[%d]", at, i), use)
		case n.Kind == yaml.MappingNode && i%2 == 1:
			each(c, at+"."+n.Content[i-1].Value, use)
		}
	}
}

func stream(t *testing.T, docs []*yaml.Node) string {
	t.Helper()
	var b bytes.Buffer
	enc := yaml.NewEncoder(&b)
	enc.SetIndent(2)
	for _, doc := range docs {
		if err := enc.Encode(doc); err != nil {
			t.Fatal(err)
		}
	}
	return b.String()
}

func testdata(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestWorkloads: every node of a Deployment and its Service is of the wrong kind
// once, with all functions at work on them.
func TestWorkloads(t *testing.T) {
	inputs := mutants(t, testdata(t, "workload.yaml"), wrong)
	for i := range inputs {
		inputs[i].config = testdata(t, "functions.yaml")
	}
	checkAnswers(t, "workloads", inputs)
}

// TestConfigs: every node of the configs of all functions is of the wrong kind once.
func TestConfigs(t *testing.T) {
	inputs := mutants(t, testdata(t, "functions.yaml"), wrong)
	for i, in := range inputs {
		inputs[i].config, inputs[i].text = in.text, testdata(t, "workload.yaml")
	}
	checkAnswers(t, "configs", inputs)
}

// TestRecords: every node of what a run left behind is of the wrong kind once. What
// is then removed, or put right, is for the answers to say; nothing may crash.
func TestRecords(t *testing.T) {
	d := newDesk(t, map[string]string{"config.yaml": logs, "in.yaml": web("v", "")})
	if a := d.run(nil, "inject", "-c", "config.yaml", "--write", "in.yaml"); a.code != 0 {
		t.Fatal(a.stderr)
	}
	const record = "krm-sidecars.dev/add-log-sidecar.logs: '"
	before, rest, ok := strings.Cut(d.read("in.yaml"), record)
	text, after, _ := strings.Cut(rest, "'\n")
	if !ok {
		t.Fatal("there is no record")
	}
	var answers []string
	for _, in := range append(mutants(t, text, wrongJSON), input{name: "cut", text: text[:len(text)/2]}, input{name: "empty", text: ""}) {
		broken := before + record + strings.ReplaceAll(strings.TrimSpace(in.text), "'", "''") + "'\n" + after
		answers = append(answers, fmt.Sprintf("%q: %s", in.name, d.undo(broken)))
	}
	compare(t, "records", strings.Join(answers, "\n")+"\n")
}

// undo gives a text with a broken record to remove and to inject.
func (d *desk) undo(broken string) string {
	d.t.Helper()
	var all []string
	for _, args := range [][]string{{"inject", "-c", "config.yaml"}, {"remove", "--all"}} {
		d.write("in.yaml", broken)
		a := d.run(nil, append(args, "--write", "in.yaml")...)
		text := d.read("in.yaml")
		got := verdictOf(a, broken, text)
		if got == refused && text != broken {
			d.t.Errorf("refused, and the file was changed:\n%.600s", text)
		}
		if got == injected {
			got = steady
			if d.run(nil, append(args, "--write", "in.yaml")...); d.read("in.yaml") != text || !isYAML(text) {
				d.t.Errorf("a second run changes, or it is no YAML (-once +twice):\n%.600s", cmp.Diff(text, d.read("in.yaml")))
			}
		}
		counted.add(got)
		all = append(all, args[0]+" "+string(got)+reason(a.stderr))
	}
	return strings.Join(all, "; ")
}
