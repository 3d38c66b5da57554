package agents

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// matrix says what add-log-sidecar has to be asked for.
type matrix struct {
	Agents   map[string]struct{ To, Reads []string }
	To       map[string][]map[string]any
	Reads    map[string][]any
	Fields   map[string]any
	OwnImage map[string][]string `yaml:"ownImage"`
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

// TestMatrix runs the product for every agent with every destination, and with
// every way to read lines, and checks what it generates.
func TestMatrix(t *testing.T) {
	var m matrix
	text, err := os.ReadFile("testdata/matrix.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(text, &m); err != nil {
		t.Fatal(err)
	}
	product := build(t)
	for name, has := range m.Agents {
		for _, to := range has.To {
			if len(m.To[to]) == 0 {
				t.Errorf("nothing to ask for to send to %s", to)
			}
			for i, destination := range m.To[to] {
				spec := map[string]any{"destination": map[string]any{to: destination}, "logs": m.Reads["plain"]}
				if slices.Contains(m.OwnImage[name], to) {
					spec["container"] = map[string]any{"image": "registry.example.com/agent:1"}
				}
				mayRefuse := i < len(m.To[to])-1
				t.Run(fmt.Sprintf("%s/%s/%d", name, to, i), func(t *testing.T) { checkMade(t, product, name, spec, mayRefuse) })
			}
		}
		for _, reads := range has.Reads {
			if len(m.Reads[reads]) == 0 {
				t.Errorf("nothing to ask for to read %s", reads)
			}
			spec := map[string]any{"logs": m.Reads[reads], "fields": m.Fields}
			t.Run(name+"/"+reads, func(t *testing.T) { checkMade(t, product, name, spec, false) })
		}
	}
}

// checkMade checks what the product makes of a spec. It may refuse one for a
// reason that it names the agent in.
func checkMade(t *testing.T, product, name string, spec map[string]any, mayRefuse bool) {
	t.Helper()
	spec["agent"] = name
	config, err := yaml.Marshal(map[string]any{
		"apiVersion": "krm-sidecars.dev/v1alpha1", "kind": "AddLogSidecar", "metadata": map[string]any{"name": "logs"}, "spec": spec,
	})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "config.yaml")
	if err := os.WriteFile(file, config, 0o600); err != nil {
		t.Fatal(err)
	}
	command := exec.Command(product, "inject", "-c", file)
	var messages strings.Builder
	command.Stdin, command.Stderr = strings.NewReader(web), &messages
	out, err := command.Output()
	if err != nil && mayRefuse && strings.Contains(messages.String(), ": "+name+" ") {
		t.Skip(messages.String())
	}
	if err != nil {
		t.Fatalf("%s%s", config, messages.String())
	}
	files := generated(t, name, out)
	if len(files) != 1 {
		t.Fatalf("%d configurations in\n%s", len(files), out)
	}
	a := agentOf(t, files[0])
	if a.name != name {
		t.Fatalf("taken for one of %s", a.name)
	}
	wrong := append(a.check(t, files[0]), a.around(files[0])...)
	for _, w := range wrong {
		t.Error(w)
	}
	if wrong != nil {
		t.Logf("%s", files[0].text)
	}
}

// build builds the product.
func build(t *testing.T) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "krm-sidecars")
	command := exec.Command("go", "build", "-C", "../..", "-o", binary, ".")
	if out, err := command.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return binary
}
