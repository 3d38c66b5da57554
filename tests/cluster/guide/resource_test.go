package guide_test

import (
	"strings"
	"testing"

	"github.com/krm-sidecars/krm-sidecars/pkg/images"
	"github.com/krm-sidecars/krm-sidecars/tests/cluster/kube"
	"github.com/krm-sidecars/krm-sidecars/tests/cluster/sidecars"
)

// apiServer leads to the API server where no proxy makes its Service work.
const apiServer = `
container:
  env:
  - {name: KUBERNETES_SERVICE_HOST, value: ` + kube.NodeIP + `}
  - {name: KUBERNETES_SERVICE_PORT, value: "6443"}
`

const migration = `apiVersion: batch/v1
kind: Job
metadata: {name: migrate}
spec:
  template:
    spec:
      restartPolicy: Never
      securityContext: {runAsNonRoot: true, runAsUser: 1000, seccompProfile: {type: RuntimeDefault}}
      containers:
      - name: migrate
        image: registry.example.com/app:1
        command: [sh, -c, "exit 0"]
        securityContext:
          allowPrivilegeEscalation: false
          capabilities: {drop: [ALL]}
`

// TestWaitForResource: the app starts once a Job is complete, which the pod may
// read by a Role of its own.
func TestWaitForResource(t *testing.T) {
	kubectl := kube.Image{Name: images.Get("kubectl").String(), Entrypoint: []string{"/kubectl"},
		Files: map[string]string{"/kubectl": kube.Program("kubectl")}}
	n := restricted(t, kubectl)
	manifests := strings.Replace(app(idle), "{name: web}", "{name: web, namespace: "+n.Name+"}", 1)
	n.Apply(sidecars.Inject(t, config("AddInitContainer", "waitFor: [{resource: {kind: Job, name: migrate}}]"+apiServer), manifests))
	waiting(n)
	n.Apply(migration)
	pod := n.Ready("app=web")
	n.WaitForLog(n.Follow(pod, "wait-for-complete"), "job.batch/migrate condition met\n")
	found.Found(t, "wait-for: a Job that somebody applies later", "the app starts when it is complete; the generated Role is enough to see that")
}
