package together_test

import (
	"os"
	"sync"
	"testing"

	"github.com/krm-sidecars/krm-sidecars/pkg/images"
	"github.com/krm-sidecars/krm-sidecars/tests/box"
	"github.com/krm-sidecars/krm-sidecars/tests/cluster/apps"
	"github.com/krm-sidecars/krm-sidecars/tests/cluster/figures"
	"github.com/krm-sidecars/krm-sidecars/tests/cluster/kube"
	"github.com/krm-sidecars/krm-sidecars/tests/cluster/vault"
)

var cluster kube.Cluster

var found = figures.Figures{Name: "together"}

func TestMain(m *testing.M) { os.Exit(kube.Main(m, kube.Full, &cluster)) }

// server starts the server, once.
var server = sync.OnceValues(func() (*vault.Server, error) { return vault.Start(cluster.AccountKey()) })

// newTenant makes a namespace of which Vault knows, with all images.
func newTenant(t *testing.T) vault.Tenant {
	t.Helper()
	apps.Load(t, &cluster, apps.Nginx(), apps.Built("nginx-exporter", "nginx-prometheus-exporter"), kube.Busybox(images.Busybox().String()))
	s, err := server()
	box.Check(t, err)
	return vault.NewTenant(t, &cluster, s)
}
