package logs_test

import (
	"testing"

	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/tests/box"
	"github.com/krm-sidecars/krm-sidecars/tests/cluster/kube"
	"github.com/krm-sidecars/krm-sidecars/tests/cluster/sidecars"
)

// web writes a line when it starts and one when it is told to end, and between
// them what the test has it write.
const web = `apiVersion: v1
kind: Pod
metadata:
  name: web
  labels: {app: web}
spec:
  securityContext:
    runAsNonRoot: true
    seccompProfile: {type: RuntimeDefault}
  containers:
  - name: app
    image: registry.example.com/app:1
    command:
    - sh
    - -c
    - |
      trap 'echo last >> /var/log/app/app.log; exit 0' TERM
      echo first >> /var/log/app/app.log
      while :; do sleep 1 & wait $!; done
    securityContext:
      allowPrivilegeEscalation: false
      readOnlyRootFilesystem: true
      capabilities: {drop: [ALL]}
`

const follow = `apiVersion: krm-sidecars.dev/v1alpha1
kind: AddLogSidecar
metadata: {name: logs}
spec:
  logs:
  - paths: [/var/log/app/app.log]
`

// app is a running pod with an app, and the log of the sidecar beside it.
type app struct {
	n   *kube.Namespace
	pod *corev1.Pod
	log *kube.Log
}

// run starts what the config makes of the manifests.
func run(t *testing.T, config, manifests string) app {
	t.Helper()
	n := restricted(t)
	n.Apply(sidecars.Inject(t, config, manifests))
	pod := n.Ready("app=web")
	return app{n, pod, n.Follow(pod, "log-sidecar")}
}

// does runs a command in the app.
func (a app) does(command string) {
	a.n.T.Helper()
	if out := a.n.Exec(a.pod.Name, "app", "sh", "-c", command); out.Code != 0 {
		a.n.T.Fatalf("%s: %s", command, out.Stderr)
	}
}

// seen waits until a line has arrived.
func (a app) seen(line string) {
	a.n.T.Helper()
	a.n.WaitForLog(a.log, line+"\n")
}

// printed insists that the sidecar has printed just this.
func (a app) printed(want string) {
	a.n.T.Helper()
	text, err := a.log.Stdout()
	box.Check(a.n.T, err)
	box.Equal(a.n.T, "what the sidecar prints", want, text)
}
