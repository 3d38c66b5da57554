package guide_test

import (
	"os"
	"strings"
	"testing"

	"github.com/krm-sidecars/krm-sidecars/tests/cluster/apps"
	"github.com/krm-sidecars/krm-sidecars/tests/cluster/figures"
	"github.com/krm-sidecars/krm-sidecars/tests/cluster/kube"
)

var cluster kube.Cluster

// found goes into docs/proof.md.
var found = figures.Figures{Name: "guide"}

func TestMain(m *testing.M) { os.Exit(kube.Main(m, kube.Full, &cluster)) }

// appImage is an app whose manifest does not tell its user.
const appImage = "registry.example.com/app:1"

// restricted is a namespace with images that lets in nothing that Pod Security
// would refuse.
func restricted(t *testing.T, images ...kube.Image) *kube.Namespace {
	t.Helper()
	app := kube.Busybox(appImage)
	app.User = "1000"
	apps.Load(t, &cluster, append(images, app, kube.Busybox("busybox:1.37.0"))...)
	return cluster.Namespace(t, map[string]string{"pod-security.kubernetes.io/enforce": "restricted"})
}

// app is a Deployment of an app that runs a command of the shell.
func app(command string) string {
	return strings.Replace(`apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata:
      labels: {app: web}
    spec:
      terminationGracePeriodSeconds: 5
      securityContext:
        runAsNonRoot: true
        runAsUser: 1000
        seccompProfile: {type: RuntimeDefault}
      containers:
      - name: app
        image: registry.example.com/app:1
        command: [sh, -c, COMMAND]
        securityContext:
          allowPrivilegeEscalation: false
          capabilities: {drop: [ALL]}
`, "COMMAND", "'"+command+"'", 1)
}

// idle is an app that does nothing, and ends at once when it is told to.
const idle = `trap "exit 0" TERM; while :; do sleep 1 & wait $!; done`

// config is one of ours, of which spec is the spec.
func config(kind, spec string) string {
	return "apiVersion: krm-sidecars.dev/v1alpha1\nkind: " + kind + "\nmetadata: {name: guide}\nspec:\n  " +
		strings.ReplaceAll(strings.TrimSpace(spec), "\n", "\n  ") + "\n"
}
