//go:build e2e

package e2e

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"path"
	"strings"
	"sync"
	"testing"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/yaml"
)

// cluster keeps what it is given, by path: as much of an API server as Helm needs
// to install, upgrade and roll back a chart.
type cluster struct {
	mu      sync.Mutex
	pages   map[string]object
	objects map[string]object
}

// startCluster returns the address of a new cluster.
func startCluster(t *testing.T) string {
	t.Helper()
	c := &cluster{pages: discovery(), objects: map[string]object{}}
	server := httptest.NewServer(c)
	t.Cleanup(server.Close)
	return server.URL
}

func (c *cluster) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if page := c.pages[r.URL.Path]; page != nil {
		answer(w, page)
		return
	}
	sent, err := body(r)
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	answer(w, c.does(r, sent))
}

// body reads an object that was sent, or a patch. What Helm keeps of a release is
// a Secret in the wire format of Kubernetes.
func body(r *http.Request) (object, error) {
	if r.Method == http.MethodDelete { // options at most
		return nil, nil
	}
	raw, err := io.ReadAll(r.Body)
	if wire, ok := bytes.CutPrefix(raw, []byte("k8s\x00")); ok {
		var envelope runtime.Unknown
		var secret corev1.Secret
		err = errors.Join(envelope.Unmarshal(wire), secret.Unmarshal(envelope.Raw))
		raw, _ = json.Marshal(secret)
	}
	sent := object{}
	return sent, errors.Join(err, yaml.Unmarshal(raw, &sent))
}

// does what was asked, and returns what there is then; nil: there is no such thing.
func (c *cluster) does(r *http.Request, sent object) object {
	at := r.URL.Path
	switch r.Method {
	case http.MethodPost:
		metadata, _ := sent["metadata"].(object)
		name, _ := metadata["name"].(string)
		c.objects[path.Join(at, name)] = sent
		return sent
	case http.MethodPut:
		c.objects[at] = sent
	case http.MethodPatch: // an apply has the whole object; of other patches nothing is kept
		if strings.Contains(r.Header.Get("Content-Type"), "apply-patch") {
			c.objects[at] = sent
		}
	case http.MethodDelete:
		defer delete(c.objects, at)
	}
	if r.URL.Query().Has("labelSelector") {
		return c.list(at, r.URL.Query().Get("labelSelector"))
	}
	return c.objects[at]
}

func (c *cluster) list(at, selector string) object {
	wanted, err := labels.Parse(selector)
	if err != nil {
		return nil
	}
	items := []object{}
	for name, o := range c.objects {
		if path.Dir(name) == at && wanted.Matches(labels.Set(labelsOf(o))) {
			items = append(items, o)
		}
	}
	return object{"apiVersion": "v1", "kind": "SecretList", "items": items}
}

func labelsOf(o object) map[string]string {
	var has struct {
		Metadata struct{ Labels map[string]string }
	}
	if raw, err := json.Marshal(o); err == nil {
		_ = json.Unmarshal(raw, &has)
	}
	return has.Metadata.Labels
}
