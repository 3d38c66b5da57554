package kube

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/krm-sidecars/krm-sidecars/tests/box"
)

// WaitLimit turns what never happens into a failure.
const WaitLimit = 2 * time.Minute

// Namespace is where a test keeps its objects.
type Namespace struct {
	Name    string
	T       *testing.T
	cluster *Cluster
	box     *box.Box
}

// Namespace makes a namespace with labels, such as Pod Security's. It goes with
// the test, and all that is in it.
func (c *Cluster) Namespace(t *testing.T, labels map[string]string) *Namespace {
	t.Helper()
	n := &Namespace{T: t, cluster: c, box: box.New(t, "", []string{"HOME=" + c.state, "PATH=/usr/bin:/bin", "KUBECONFIG=" + c.path(kubeconfig)})}
	n.box.Programs = map[string]string{"kubectl": Program("kubectl")}
	var err error
	n.Name, err = c.makeNamespace(t.Context(), metav1.ObjectMeta{GenerateName: "test-", Labels: labels})
	box.Check(t, err)
	t.Cleanup(func() {
		n.box.OK("kubectl", "delete", "namespace", n.Name, "--wait=false")
	})
	return n
}

// MakeNamespace makes a namespace with a name, unless it is there, and its default
// service account, which without controllers nobody else makes. It stays.
func (c *Cluster) MakeNamespace(ctx context.Context, name string, labels map[string]string) error {
	path := "/api/v1/namespaces/" + name
	if c.get(ctx, path, nil) != nil {
		if _, err := c.makeNamespace(ctx, metav1.ObjectMeta{Name: name, Labels: labels}); err != nil {
			return err
		}
	}
	answer, err := c.do(ctx, http.MethodPost, path+"/serviceaccounts", strings.NewReader(`{"metadata": {"name": "default"}}`))
	if err == nil && answer.Code != http.StatusCreated && answer.Code != http.StatusConflict {
		err = fmt.Errorf("making the service account of a namespace: %d %s", answer.Code, answer.Body)
	}
	return err
}

func (c *Cluster) makeNamespace(ctx context.Context, meta metav1.ObjectMeta) (string, error) {
	text, err := json.Marshal(corev1.Namespace{ObjectMeta: meta})
	if err != nil {
		return "", err
	}
	answer, err := c.do(ctx, http.MethodPost, "/api/v1/namespaces", bytes.NewReader(text))
	if err != nil {
		return "", err
	}
	var made corev1.Namespace
	if answer.Code != http.StatusCreated {
		return "", fmt.Errorf("making a namespace: %d %s", answer.Code, answer.Body)
	}
	err = json.Unmarshal(answer.Body, &made)
	return made.Name, err
}

// Kubectl runs kubectl in the namespace and insists that it succeeds.
func (n *Namespace) Kubectl(args ...string) box.Output {
	n.T.Helper()
	return n.box.OK("kubectl", append([]string{"--namespace", n.Name}, args...)...)
}

// TryKubectl runs kubectl in the namespace and returns whatever comes.
func (n *Namespace) TryKubectl(args ...string) box.Output {
	n.T.Helper()
	return n.box.Run("kubectl", append([]string{"--namespace", n.Name}, args...)...)
}

// Apply creates the objects of a YAML stream, once the namespace has its service
// account.
func (n *Namespace) Apply(manifests string) {
	n.T.Helper()
	n.WaitFor("the default service account", func() error { return n.Get("serviceaccounts/default", nil) })
	n.box.OKPipe(manifests, "kubectl", "--namespace", n.Name, "apply", "-f", "-")
}

// WaitFor waits until a check succeeds. Where it never does, the test stops with
// the last error and what the namespace holds.
func (n *Namespace) WaitFor(what string, check func() error) {
	n.T.Helper()
	ctx, cancel := context.WithTimeout(n.T.Context(), WaitLimit)
	defer cancel()
	for {
		err := check()
		if err == nil {
			return
		}
		select {
		case <-ctx.Done():
			n.T.Fatalf("waiting for %s: %v\n%s", what, err, n.state())
		case <-time.After(pause):
		}
	}
}

// state tells what goes on, for messages.
func (n *Namespace) state() string {
	events := n.TryKubectl("get", "events", "--sort-by=.lastTimestamp", "-o", "custom-columns=O:.involvedObject.name,R:.reason,M:.message").Stdout
	return n.TryKubectl("get", "all", "-o", "wide").Stdout + events
}

// Get reads something of the namespace, such as pods/web.
func (n *Namespace) Get(path string, into any) error {
	return n.cluster.get(n.T.Context(), fmt.Sprintf("/api/v1/namespaces/%s/%s", n.Name, path), into)
}
