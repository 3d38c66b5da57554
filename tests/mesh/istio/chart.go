package istio

import (
	"encoding/json"
	"fmt"

	"istio.io/istio/operator/pkg/helm"
	"istio.io/istio/operator/pkg/manifest"
	"istio.io/istio/operator/pkg/values"
	admissionv1 "k8s.io/api/admissionregistration/v1"
)

// Namespace is where the control planes are.
const Namespace = "istio-system"

const (
	discovery = "istio-control/istio-discovery"
	cni       = "istio-cni"
)

// objects is what a chart of Istio gives.
type objects []manifest.Manifest

// render has Helm render a chart of Istio with values, written in YAML.
func render(chart, text string) (objects, error) {
	given, err := values.MapFromYaml([]byte(text))
	if err != nil {
		return nil, fmt.Errorf("reading the values of chart %s: %w", chart, err)
	}
	all, _, err := helm.Render("istio", Namespace, chart, values.MakeMap(given, "spec", "values"), nil)
	if err != nil {
		return nil, fmt.Errorf("rendering chart %s: %w", chart, err)
	}
	return all, nil
}

// data returns a key of the ConfigMap with a name.
func (all objects) data(name, key string) (string, error) {
	for _, o := range all {
		if o.GetKind() != "ConfigMap" || o.GetName() != name {
			continue
		}
		if text, ok := values.TryGetPathAs[map[string]any](o.Object, "data")[key].(string); ok {
			return text, nil
		}
	}
	return "", fmt.Errorf("the chart has no ConfigMap %s with a key %s", name, key)
}

// webhooks returns the webhooks that the API server is told of.
func (all objects) webhooks() ([]admissionv1.MutatingWebhook, error) {
	var found []admissionv1.MutatingWebhook
	for _, o := range all {
		if o.GetKind() != "MutatingWebhookConfiguration" {
			continue
		}
		var c admissionv1.MutatingWebhookConfiguration
		text, err := json.Marshal(o.Object)
		if err == nil {
			err = json.Unmarshal(text, &c)
		}
		if err != nil {
			return nil, fmt.Errorf("reading MutatingWebhookConfiguration %s: %w", o.GetName(), err)
		}
		found = append(found, c.Webhooks...)
	}
	return found, nil
}
