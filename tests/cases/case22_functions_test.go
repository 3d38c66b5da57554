package cases

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"

	"github.com/krm-sidecars/krm-sidecars/pkg/manifest"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// template is a part of the agent's config: how one file is rendered.
type template struct {
	Destination, Contents string
}

// rendered returns the templates of the agent, as JSON holds them.
func rendered(t *testing.T, out string) []template {
	t.Helper()
	s, err := manifest.Read("out.yaml", out)
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range s.Objects {
		if o.Kind != "ConfigMap" {
			continue
		}
		var object struct{ Data map[string]string }
		if err := yaml.Unmarshal([]byte(o.Alone()), &object); err != nil {
			t.Fatal(err)
		}
		for _, text := range object.Data {
			var config struct{ Template []template }
			if err := json.Unmarshal([]byte(text), &config); err != nil {
				t.Fatalf("the agent's config is no JSON: %v\n%s", err, text)
			}
			return config.Template
		}
	}
	t.Fatalf("there is no config of the agent:\n%s", out)
	return nil
}

// secrets is a spec with entries of secrets, one on each line.
func secrets(entries ...string) string {
	return strings.Replace(webSecret, "secrets: [{path: secret/data/web}]", "secrets:\n- "+strings.Join(entries, "\n- "), 1)
}

// Files stand in the order of the config; names that differ in case are
// different files.
func TestCase22_SecretsInTheirOrder(t *testing.T) {
	out, _ := does(t, addVault, secrets("{path: secret/data/DB-Creds}", "{path: secret/data/db-creds}", "{path: secret/data/a}")).keeps(serving(runner + app))
	var files []string
	for _, tmpl := range rendered(t, out) {
		files = append(files, strings.TrimPrefix(tmpl.Destination, "/vault/secrets/"))
	}
	if got := strings.Join(files, " "); got != "DB-Creds db-creds a" {
		t.Errorf("the files are %s", got)
	}
	misconfigured(t, addVault, secrets("{path: secret/data/web}", "{path: other/data/web}"), "secrets[1]", "web")
}

// Names are no parts of annotation keys: they may be long.
func TestCase22_LongSecretNames(t *testing.T) {
	long := strings.Repeat("very-long-", 12)
	out, _ := does(t, addVault, secrets("{path: secret/data/"+long+"1}", "{path: secret/data/"+long+"2}")).keeps(serving(runner + app))
	if got := rendered(t, out); len(got) != 2 || got[0].Destination == got[1].Destination {
		t.Errorf("the files are %+v", got)
	}
}

// The two versions of the key/value engine nest their data differently.
func TestCase22_VersionsOfTheEngine(t *testing.T) {
	for entry, want := range map[string][2]string{
		"{path: secret/data/web}":                          {`"secret/data/web"`, ".Data.data"},
		"{path: secret/web, version: 2}":                   {`"secret/data/web"`, ".Data.data"},
		"{path: secret/web, version: 1, keys: [password]}": {`"secret/web"`, ".Data"},
		"{path: database/creds/web, keys: [password]}":     {`"database/creds/web"`, ".Data"},
	} {
		out, _ := does(t, addVault, secrets(entry)).keeps(serving(runner + app))
		contents := rendered(t, out)[0].Contents
		holds(t, contents, want[0], want[1])
		if strings.Contains(entry, "version: 1") && strings.Contains(contents, ".Data.data") {
			t.Errorf("%s reads as version 2: %s", entry, contents)
		}
	}
}

// Nothing between the config and the agent reads what is in a template.
func TestCase22_TemplatesAreLiteral(t *testing.T) {
	text := "{{ with secret \"a/b\" }}$(HOME) ${X} %{y} `id` \\n 'q' \"p\" \u00e9 {{ .Data.x }}{{ end }}\n\n  # no comment\ttab\n"
	quoted, err := json.Marshal(text)
	if err != nil {
		t.Fatal(err)
	}
	spec := secrets("{name: a, template: " + string(quoted) + "}")
	for _, src := range []string{serving(runner + app), crlf(serving(runner + app)), strings.TrimSuffix(serving(runner+app), "\n")} {
		out, _ := does(t, addVault, spec).keeps(src)
		if got := rendered(t, out)[0].Contents; got != text {
			t.Errorf("the template is %q, want %q", got, text)
		}
	}
}

// A config in a ConfigMap has room for hundreds of secrets, and rolls the pods
// when it changes.
func TestCase22_ManySecrets(t *testing.T) {
	entries := func(n, length int) []string {
		var all []string
		for i := range n {
			all = append(all, fmt.Sprintf("{path: secret/data/%s%d}", strings.Repeat("x", length), i))
		}
		return all
	}
	src := serving(runner + app)
	out, _ := does(t, addVault, secrets(entries(300, 400)...)).keeps(src)
	if got := len(rendered(t, out)); got != 300 {
		t.Errorf("%d of 300 secrets are rendered", got)
	}
	less, _ := does(t, addVault, secrets(entries(299, 400)...)).keeps(src)
	if hashOf(out) == hashOf(less) || hashOf(out) == "" {
		t.Errorf("the pods do not roll when the config changes: %q", hashOf(out))
	}
	big := "{name: big, template: \"" + strings.Repeat("x", 1<<20) + "\"}"
	does(t, addVault, secrets(big)).says(src, pod.Error, pod.ObjectConflict, "1048576")
}

func hashOf(out string) string {
	_, rest, _ := strings.Cut(out, "config-hash.krm-sidecars.dev/")
	line, _, _ := strings.Cut(rest, "\n")
	return line
}

// What a person writes becomes no code of a shell, and is not expanded by the
// kubelet.
func TestCase22_CommandsAreNoCode(t *testing.T) {
	out, _ := does(t, addVault, secrets(`{path: secret/data/web, command: [reload, "$(HOME)", "; rm -rf $PWD"]}`)+"namespace: admin/team\nmode: native").keeps(serving(runner + app))
	holds(t, out, "\"reload\",\n", "\"$(HOME)\",\n", "\"; rm -rf $PWD\"\n")
	holds(t, out, "value: admin/team\n")
	exported, _ := does(t, addExporter, "preset: custom\ncustom: {image: x, port: 9999, args: [\"--name=$HOME\", \"`id`\"]}").keeps(serving(app))
	holds(t, exported, "- --name=$HOME\n", "`id`")
}
