package kube_test

import (
	"os"
	"strings"
	"testing"

	"github.com/krm-sidecars/krm-sidecars/tests/box"
	"github.com/krm-sidecars/krm-sidecars/tests/cluster/kube"
)

var cluster kube.Cluster

func TestMain(m *testing.M) { os.Exit(kube.Main(m, kube.Full, &cluster)) }

const talker = `apiVersion: apps/v1
kind: Deployment
metadata: {name: talker}
spec:
  selector: {matchLabels: {app: talker}}
  template:
    metadata: {labels: {app: talker}}
    spec:
      containers:
      - name: app
        image: busybox:1.37.0
        command: [sh, -c, 'trap "echo bye; exit 0" TERM; echo hello; sleep 1000 & wait']
`

// TestCluster: what other tests rely on.
func TestCluster(t *testing.T) {
	cluster.Image(t, kube.Busybox("busybox:1.37.0"))
	n := cluster.Namespace(t, map[string]string{"purpose": "test"})
	n.Apply(talker)
	pod := n.Ready("app=talker")
	log := n.Follow(pod, "app")
	n.WaitForLog(log, "hello\n")
	box.Equal(t, "exec", "10.88", n.Exec(pod.Name, "app", "hostname", "-i").Stdout[:5])
	n.Delete("deployment/talker")
	n.WaitForLog(log, "bye\n")
}

// TestDryRun: unknown and repeated fields, and what Pod Security forbids, are
// refused.
func TestDryRun(t *testing.T) {
	const pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  containers:\n  - {name: app, image: app}\n"
	open := cluster.Namespace(t, nil)
	enforcing := cluster.Namespace(t, map[string]string{"pod-security.kubernetes.io/enforce": "restricted"})
	for _, n := range []*kube.Namespace{open, enforcing} {
		n.WaitFor("the default service account", func() error { return n.Get("serviceaccounts/default", nil) })
	}
	if refused := open.DryRun(pod).Refused; refused != nil {
		t.Errorf("refused: %s", refused.Message)
	}
	for what, c := range map[string]struct {
		in   *kube.Namespace
		text string
	}{
		`unknown field "spec.hostname2"`: {open, pod + "  hostname2: x\n"},
		`key "hostname" already set`:     {open, pod + "  hostname: x\n  hostname: x\n"},
		"violates PodSecurity":           {enforcing, pod},
	} {
		refused := c.in.DryRun(c.text).Refused
		if refused == nil || !strings.Contains(refused.Message, what) {
			t.Errorf("not refused with %q: %v", what, refused)
		}
	}
}
