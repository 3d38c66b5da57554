package guide_test

import (
	"strings"
	"testing"

	"github.com/krm-sidecars/krm-sidecars/tests/cluster/kube"
	"github.com/krm-sidecars/krm-sidecars/tests/cluster/sidecars"
)

// gomplateImage is as the official one on Alpine: the tool, and a shell.
func gomplateImage() kube.Image {
	return withShell("gomplate", map[string]string{"/bin/gomplate": kube.Program("gomplate")})
}

// TestRenderGomplate: a template with a loop is a file when the app starts, with
// the value of a Secret in it, that only the app can read.
func TestRenderGomplate(t *testing.T) {
	n := restricted(t, gomplateImage())
	n.Kubectl("create", "secret", "generic", "db", "--from-literal=password=p$(HOME)@ss")
	n.Apply(sidecars.Inject(t, config("AddInitContainer", `
render:
  engine: gomplate
  templates:
    app.yaml: |
      password: {{ .Env.DB_PASSWORD }}
      price: $5 $(PEERS)
      peers:
      {{- range (.Env.PEERS | strings.Split ",") }}
      - {{ . }}
      {{- end }}
  into: {path: /etc/app}
  env:
  - {name: PEERS, value: "a,b"}
  - {name: DB_PASSWORD, valueFrom: {secretKeyRef: {name: db, key: password}}}
`), app(`cat /etc/app/app.yaml; stat -c %a:%u /etc/app/app.yaml; `+idle)))
	pod := n.Ready("app=web")
	n.WaitForLog(n.Follow(pod, "app"), "password: p$(HOME)@ss\nprice: $5 $(PEERS)\npeers:\n- a\n- b\n640:1000\n")
	if told := n.Logs(pod, "render"); strings.Contains(told, "@ss") {
		t.Errorf("the log holds the secret:\n%s", told)
	}
	found.Found(t, "render: a template with a loop and a secret value, by gomplate", "the file is there when the app starts, in memory, for the app alone")
}

// TestRenderGomplateFails: a template that cannot be made into a file keeps the app
// from starting.
func TestRenderGomplateFails(t *testing.T) {
	n := restricted(t, gomplateImage())
	n.Apply(sidecars.Inject(t, config("AddInitContainer", `
render:
  engine: gomplate
  templates:
    app.yaml: 'host: {{ .Env.DB_HOST }} {{ .Env.NOWHERE }}'
  into: {path: /etc/app}
  env:
  - {name: DB_HOST, value: db}
`), app(idle)))
	message := failure(n, "render")
	for _, what := range []string{"NOWHERE", "cannot make /etc/app/app.yaml"} {
		if !strings.Contains(message, what) {
			t.Errorf("nothing is told about %s:\n%s", what, message)
		}
	}
	found.Found(t, "render: a template with a variable that is not set, by gomplate", "the app does not start; the pod's status names it")
}
