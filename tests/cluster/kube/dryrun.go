package kube

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	utilnet "k8s.io/apimachinery/pkg/util/net"
	"sigs.k8s.io/yaml"

	"github.com/krm-sidecars/krm-sidecars/tests/box"
)

// Verdict is what the API server says about an object that it would create.
type Verdict struct {
	Refused  *metav1.Status // why it would not, or nil
	Warnings []string       // what it warns of
}

// DryRun has the API server judge the YAML or JSON text of one object as if it
// were created, in a namespace unless it has one of its own. It refuses fields that
// it does not know, and fields that are there twice.
func (c *Cluster) DryRun(ctx context.Context, namespace, object string) (Verdict, error) {
	var meta metav1.PartialObjectMetadata
	if err := yaml.Unmarshal([]byte(object), &meta); err != nil {
		return Verdict{}, fmt.Errorf("reading the metadata of an object: %w", err)
	}
	path, err := c.collection(ctx, meta.GroupVersionKind(), cmp.Or(meta.Namespace, namespace))
	if err != nil {
		return Verdict{}, err
	}
	answer, err := c.do(ctx, http.MethodPost, path+"?dryRun=All&fieldValidation=Strict", strings.NewReader(object))
	if err != nil {
		return Verdict{}, err
	}
	verdict := Verdict{Warnings: answer.Warnings}
	if answer.Code == http.StatusCreated {
		return verdict, nil
	}
	verdict.Refused = &metav1.Status{}
	return verdict, json.Unmarshal(answer.Body, verdict.Refused)
}

// DryRun has the API server judge an object in the namespace.
func (n *Namespace) DryRun(object string) Verdict {
	n.T.Helper()
	verdict, err := n.cluster.DryRun(n.T.Context(), n.Name, object)
	box.Check(n.T, err)
	return verdict
}

// Serves tells whether the API server has a kind.
func (c *Cluster) Serves(ctx context.Context, kind schema.GroupVersionKind) bool {
	_, err := c.collection(ctx, kind, "")
	return err == nil
}

// collection is the path that objects of a kind are created at.
func (c *Cluster) collection(ctx context.Context, kind schema.GroupVersionKind, namespace string) (string, error) {
	root := "/apis/" + kind.GroupVersion().String()
	if kind.Group == "" {
		root = "/api/" + kind.Version
	}
	var resources metav1.APIResourceList
	if err := c.get(ctx, root, &resources); err != nil {
		return "", err
	}
	for _, r := range resources.APIResources {
		switch {
		case r.Kind != kind.Kind || strings.Contains(r.Name, "/"):
		case r.Namespaced:
			return root + "/namespaces/" + namespace + "/" + r.Name, nil
		default:
			return root + "/" + r.Name, nil
		}
	}
	return "", fmt.Errorf("the API server has no %s", kind)
}

// warnings are the texts of the warnings in an answer.
func warnings(header http.Header) []string {
	parsed, _ := utilnet.ParseWarningHeaders(header["Warning"]) // what does not parse is none
	var texts []string
	for _, w := range parsed {
		texts = append(texts, w.Text)
	}
	return texts
}
