package guide_test

import (
	"strings"
	"testing"

	"github.com/krm-sidecars/krm-sidecars/tests/cluster/sidecars"
)

// withData is an app with a volume at /data.
func withData() string {
	return strings.Replace(app(idle), "        securityContext:\n          allow", `        volumeMounts:
        - {name: data, mountPath: /data}
        securityContext:
          allow`, 1) + "      volumes:\n      - {name: data, emptyDir: {}}\n"
}

// TestPermissionsOfGroup: a group needs no container, and no root.
func TestPermissionsOfGroup(t *testing.T) {
	n := restricted(t)
	n.Apply(sidecars.Inject(t, config("AddInitContainer", "permissions: {paths: [/data], gid: 2000}"), withData()))
	pod := n.Ready("app=web")
	if err := wrote(n.Exec(pod.Name, "app", "stat", "-c", "%g %A", "/data"), "2000 drwxrwsrwx\n"); err != nil {
		t.Error(err)
	}
	if len(pod.Spec.InitContainers) != 0 {
		t.Errorf("there is an init container: %s", pod.Spec.InitContainers[0].Name)
	}
	found.Found(t, "permissions: a group", "Kubernetes gives it the volume by fsGroup; no container is added")
}

// TestPermissionsAsRoot: a user and a mode take root, which has the rights for just
// that, where the namespace lets it in.
func TestPermissionsAsRoot(t *testing.T) {
	restricted(t) // for the images
	n := cluster.Namespace(t, map[string]string{"pod-security.kubernetes.io/enforce": "baseline"})
	n.Apply(sidecars.Inject(t, config("AddInitContainer", "permissions: {paths: [/data], uid: 1000, mode: '0750', allowRoot: true}"), withData()))
	pod := n.Ready("app=web")
	if err := wrote(n.Exec(pod.Name, "app", "stat", "-c", "%u %a", "/data"), "1000 750\n"); err != nil {
		t.Error(err)
	}
	found.Found(t, "permissions: a user and a mode, with allowRoot", "the app owns its volume; Pod Security baseline lets the pod in")
}
