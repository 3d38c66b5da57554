//go:build docker

package docker

import (
	"strings"
	"testing"

	"github.com/krm-sidecars/krm-sidecars/tests/box"
)

// TestI1_RunsWithoutRights: whoever the user is, and with nothing that can be
// written to, every image answers as the program does outside.
func TestI1_RunsWithoutRights(t *testing.T) {
	users := []string{"nobody", "65534:65534", "1234567:89", "0"}
	for _, f := range list {
		t.Run(f.name, func(t *testing.T) {
			input := example(t, f)
			want := onHost(t, f, input)
			if f.name != "lint-sidecars" && (want.Code != 0 || want.Stdout == input) {
				t.Fatalf("the function does nothing: exit %d\n%s", want.Code, want.Stderr)
			}
			for _, user := range users {
				box.Equal(t, "as "+user, want, docker(t, f.name, input, "--user="+user, "--read-only", "--cap-drop=ALL"))
			}
		})
	}
}

// TestI1_OwnUser: without --user it is not root that runs.
func TestI1_OwnUser(t *testing.T) {
	s := newSandbox(t, "")
	id := strings.TrimSpace(s.OK("docker", "create", refs[allInOne]).Stdout)
	defer s.OK("docker", "rm", id)
	box.Equal(t, "user", "65534:65534", strings.TrimSpace(s.OK("docker", "inspect", "--format={{.Config.User}}", id).Stdout))
}

// TestI2_KindPicksTheFunction: the image of all functions gives what that of the
// single function gives.
func TestI2_KindPicksTheFunction(t *testing.T) {
	for _, f := range list {
		t.Run(f.name, func(t *testing.T) {
			input := example(t, f)
			box.Equal(t, "answer", docker(t, f.name, input), docker(t, allInOne, input))
		})
	}
}

// configMaps hold configs as `kpt fn eval -- key=value` passes them.
var configMaps = map[string]string{
	"add-log-sidecar":     "logs[0].paths: /var/log/app/app.log",
	"add-mesh-annotation": "mesh: istio",
	"add-vault-init":      "address: https://vault:8200\n  role: web\n  secrets[0].path: secret/data/web\n  secrets[0].name: db",
	"add-exporter":        "preset: nginx",
	"add-sidecar":         "container.name: agent\n  container.image: agent:1.4.2",
	"add-proxy-sidecar":   "cloudSQL.instances[0].name: a:b:c",
	"add-sync-sidecar":    "git.repo: https://a/b.git\n  git.mount.path: /srv/pages",
	"add-init-container":  "waitFor[0].tcp: db:5432",
}

// TestI2_ConfigMap: the image of a function takes a ConfigMap, which says nothing
// about the function; that of all functions cannot.
func TestI2_ConfigMap(t *testing.T) {
	for _, f := range list {
		data, ok := configMaps[f.name]
		if !ok {
			continue
		}
		t.Run(f.name, func(t *testing.T) {
			input := resourceList("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: function-input\ndata:\n  " + data)
			got := docker(t, f.name, input)
			box.Equal(t, "exit code", 0, got.Code)
			box.Contains(t, "answer", got.Stdout, "krm-sidecars.dev/"+f.name+".default: ")

			all := docker(t, allInOne, input)
			box.Equal(t, "exit code of the image of all functions", 1, all.Code)
			box.Contains(t, "message", all.Stderr, "ConfigMap")
		})
	}
}

// TestI2_WrongKind: a config for another function is refused, and the message
// says which kind this one has.
func TestI2_WrongKind(t *testing.T) {
	for i, f := range list {
		other := list[(i+1)%len(list)]
		t.Run(f.name, func(t *testing.T) {
			input := example(t, other)
			got := docker(t, f.name, input)
			box.Equal(t, "exit code", 1, got.Code)
			box.Contains(t, "message", got.Stderr, `"`+other.kind+`" is not the config of `+f.name+`; use kind `+f.kind)
			box.Equal(t, "sidecars", false, strings.Contains(got.Stdout, "krm-sidecars.dev/"+other.name+"."))
		})
	}
}
