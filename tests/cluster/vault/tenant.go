package vault

import (
	"fmt"
	"testing"

	"github.com/krm-sidecars/krm-sidecars/pkg/images"
	"github.com/krm-sidecars/krm-sidecars/tests/box"
	"github.com/krm-sidecars/krm-sidecars/tests/cluster/apps"
	"github.com/krm-sidecars/krm-sidecars/tests/cluster/kube"
)

// Image is a Vault under the name that we write into manifests. It has a shell and
// pkill, as the official one has.
func Image() kube.Image {
	agent := kube.Busybox(images.Get("vault").String())
	agent.Files["/bin/vault"], agent.Files["/usr/bin/pkill"] = kube.Program("vault"), "/usr/bin/pkill"
	agent.Entrypoint, agent.User = []string{"vault"}, "100"
	return agent
}

// Tenant is a namespace whose service account web may log in, and read its secret.
// Pod Security lets in nothing there that it would refuse.
type Tenant struct {
	*kube.Namespace
	server *Server
}

const accounts = `apiVersion: v1
kind: ServiceAccount
metadata: {name: web}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: other}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: vault-ca}
data:
  ca.crt: %q
`

// NewTenant makes one. The role on the server, the policy and the folder of its
// secrets have the name of the namespace.
func NewTenant(t *testing.T, cluster *kube.Cluster, s *Server) Tenant {
	t.Helper()
	apps.Load(t, cluster, Image())
	n := Tenant{cluster.Namespace(t, map[string]string{"pod-security.kubernetes.io/enforce": "restricted"}), s}
	n.Apply(fmt.Sprintf(accounts, s.Authority))
	n.Write("sys/policies/acl/"+n.Name, map[string]any{
		"policy": fmt.Sprintf("path \"secret/data/%s/*\" { capabilities = [\"read\"] }\npath \"pki/issue/web\" { capabilities = [\"update\"] }\n", n.Name),
	})
	n.Write("auth/jwt/role/"+n.Name, n.Role())
	n.Keep(map[string]any{"password": "first"})
	return n
}

// Role is what the server says of those who log in.
func (n Tenant) Role() map[string]any {
	return map[string]any{
		"role_type": "jwt", "user_claim": "sub", "bound_audiences": "vault",
		"bound_subject": "system:serviceaccount:" + n.Name + ":web", "token_policies": n.Name,
	}
}

// Write writes something on the server.
func (n Tenant) Write(path string, body map[string]any) {
	n.T.Helper()
	box.Check(n.T, n.server.Write(path, body))
}

// Keep makes this the secret.
func (n Tenant) Keep(secret map[string]any) {
	n.T.Helper()
	n.Write("secret/data/"+n.Name+"/web", map[string]any{"data": secret})
}
