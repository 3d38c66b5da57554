package istio

import (
	"fmt"

	"istio.io/istio/cni/pkg/util"
	"sigs.k8s.io/yaml"
)

// Ambient returns what Istio's agent on the nodes asks whether a pod is in the
// ambient mesh, with the selectors that its chart gives it.
func Ambient() (*util.CompiledEnablementSelectors, error) {
	chart, err := render(cni, "ambient: {enabled: true}")
	if err != nil {
		return nil, err
	}
	text, err := chart.data("istio-cni-config", "AMBIENT_ENABLEMENT_SELECTOR")
	if err != nil {
		return nil, err
	}
	var selectors []util.EnablementSelector
	if err := yaml.Unmarshal([]byte(text), &selectors); err != nil {
		return nil, fmt.Errorf("reading the selectors of pods: %w", err)
	}
	compiled, err := util.NewCompiledEnablementSelectors(selectors)
	if err != nil {
		return nil, fmt.Errorf("reading the selectors of pods: %w", err)
	}
	return compiled, nil
}
