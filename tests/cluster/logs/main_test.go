package logs_test

import (
	"os"
	"testing"

	"github.com/krm-sidecars/krm-sidecars/tests/cluster/figures"
	"github.com/krm-sidecars/krm-sidecars/tests/cluster/kube"
)

var cluster kube.Cluster

var found = figures.Figures{Name: "logs"}

func TestMain(m *testing.M) { os.Exit(kube.Main(m, kube.Full, &cluster)) }

// appImage is an app whose manifest does not tell its user.
const appImage = "registry.example.com/app:1"

// restricted is a namespace with our images that lets in nothing that Pod
// Security would refuse.
func restricted(t *testing.T) *kube.Namespace {
	t.Helper()
	app := kube.Busybox(appImage)
	app.User = "1000"
	cluster.Image(t, app)
	cluster.Image(t, kube.Busybox("busybox:1.37.0"))
	return cluster.Namespace(t, map[string]string{"pod-security.kubernetes.io/enforce": "restricted"})
}
