package vault_test

import (
	"strings"
	"sync"
	"testing"

	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/tests/box"
	"github.com/krm-sidecars/krm-sidecars/tests/cluster/apps"
	"github.com/krm-sidecars/krm-sidecars/tests/cluster/kube"
	"github.com/krm-sidecars/krm-sidecars/tests/cluster/sidecars"
	"github.com/krm-sidecars/krm-sidecars/tests/cluster/vault"
)

// server starts the server, once.
var server = sync.OnceValues(func() (*vault.Server, error) { return vault.Start(cluster.AccountKey()) })

// tenant is a tenant of the server that starts apps.
type tenant struct{ vault.Tenant }

func newTenant(t *testing.T) tenant {
	t.Helper()
	apps.Load(t, &cluster, vault.Image(), kube.Busybox("registry.example.com/web:1"))
	s, err := server()
	box.Check(t, err)
	return tenant{vault.NewTenant(t, &cluster, s)}
}

// base is the config that all tests begin with.
const base = `apiVersion: krm-sidecars.dev/v1alpha1
kind: AddVaultInit
metadata: {name: web}
spec:
  address: ` + vault.Address + `
  role: NAMESPACE
  auth:
    jwt: {audience: vault}
  tls:
    ca: {configMap: vault-ca}
`

// password has the one value in the file /vault/secrets/web.
const password = "  secrets: [{path: secret/data/NAMESPACE/web, keys: [password]}]\n"

// start starts what the config makes of the manifests. NAMESPACE is the tenant's
// name in both.
func (n tenant) start(config, manifests string) {
	n.T.Helper()
	named := strings.NewReplacer("NAMESPACE", n.Name)
	n.Apply(sidecars.Inject(n.T, named.Replace(config), named.Replace(manifests)))
}

// shows waits until the app of a pod has printed a line.
func (n tenant) shows(pod *corev1.Pod, line string) {
	n.T.Helper()
	n.WaitForLog(n.Follow(pod, "app"), line+"\n")
}
