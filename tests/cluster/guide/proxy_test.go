package guide_test

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/krm-sidecars/krm-sidecars/tests/box"
	"github.com/krm-sidecars/krm-sidecars/tests/cluster/apps"
	"github.com/krm-sidecars/krm-sidecars/tests/cluster/kube"
	"github.com/krm-sidecars/krm-sidecars/tests/cluster/sidecars"
)

// site is an app that says hello to its own pod alone, and its Service.
func site() string {
	deployment := app(`mkdir -p /tmp/www; echo hello >/tmp/www/index.html; exec httpd -f -p 127.0.0.1:8080 -h /tmp/www`)
	return strings.Replace(deployment, "        command:", "        ports: [{containerPort: 8080}]\n        command:", 1) + `---
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  selector: {app: web}
  ports:
  - port: 80
    targetPort: 8080
`
}

// TestRBACProxy: a request needs a token, and the token the right.
func TestRBACProxy(t *testing.T) {
	n := restricted(t, apps.Built("kube-rbac-proxy", "kube-rbac-proxy"))
	n.Apply(strings.ReplaceAll(reviewers, "NAMESPACE", n.Name))
	n.Apply(sidecars.Inject(t, config("AddProxySidecar", "rbac: {}"+apiServer), site()))
	url := "https://" + n.Ready("app=web").Status.PodIP + ":8443/"
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}} // it makes its certificate itself
	for _, c := range []struct {
		who, account string
		want         string
	}{
		{"nobody", "", "401 Unauthorized"},
		{"an account without the right", "default", "403 Forbidden"},
		{"an account with the right", "reader", "200 OK: hello"},
	} {
		token := ""
		if c.account != "" {
			token = strings.TrimSpace(n.Kubectl("create", "token", c.account).Stdout)
		}
		n.WaitFor(c.who+" to get "+c.want, func() error { return answers(client, url, token, c.want) })
		found.Found(t, "rbac: "+c.who, c.want)
	}
	leads(n, "8443")
}

// reviewers lets the proxy ask about others, and one account read the page.
const reviewers = `apiVersion: v1
kind: ServiceAccount
metadata: {name: reader}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: reviewers-of-NAMESPACE}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: system:auth-delegator}
subjects: [{kind: ServiceAccount, name: default, namespace: NAMESPACE}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: readers-of-NAMESPACE}
rules: [{nonResourceURLs: [/], verbs: [get]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: readers-of-NAMESPACE}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: readers-of-NAMESPACE}
subjects: [{kind: ServiceAccount, name: reader, namespace: NAMESPACE}]
`

// TestTLSProxy: TLS goes in, with a certificate of the right client, and plain text
// reaches the app.
func TestTLSProxy(t *testing.T) {
	n := restricted(t, apps.Built("ghostunnel", "ghostunnel"))
	authority := newAuthority(t)
	certificate, key := authority.issue(t, "web")
	n.Kubectl("create", "secret", "generic", "web-tls", "--from-literal=tls.crt="+certificate, "--from-literal=tls.key="+key, "--from-literal=ca.crt="+authority.certificate)
	n.Apply(sidecars.Inject(t, config("AddProxySidecar", "tls: {secretName: web-tls, allowCN: [friend]}"), site()))
	url := "https://" + n.Ready("app=web").Status.PodIP + ":8443/"
	for _, c := range []struct{ who, name, want, result string }{
		{"a client without a certificate", "", "tls: ", "refused"},
		{"a client of another name", "stranger", "tls: ", "refused"},
		{"the client that is let in", "friend", "200 OK: hello", "200 OK, from the app behind it"},
	} {
		client := authority.client(t, c.name)
		n.WaitFor(c.who+" to get "+c.want, func() error { return answers(client, url, "", c.want) })
		found.Found(t, "tls: "+c.who, c.result)
	}
	leads(n, "8443")
}

// answers asks with a token, and checks what comes: the status and the text, or the
// error.
func answers(client *http.Client, url, token, want string) error {
	request, err := http.NewRequestWithContext(context.Background(), http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	got := ""
	response, err := client.Do(request)
	if err != nil {
		got = err.Error()
	} else {
		defer response.Body.Close()
		text, err := io.ReadAll(response.Body)
		if err != nil {
			return err
		}
		got = response.Status + ": " + string(text)
	}
	if !strings.Contains(got, want) {
		return fmt.Errorf("it answers %s", got)
	}
	return nil
}

// leads checks that the Service leads to a port of the pod.
func leads(n *kube.Namespace, port string) {
	n.T.Helper()
	got := n.Kubectl("get", "service", "web", "-o", "jsonpath={.spec.ports[0].targetPort}").Stdout
	box.Equal(n.T, "targetPort of the Service", port, got)
}
