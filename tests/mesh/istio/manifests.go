package istio

import (
	"fmt"
	"strings"

	"istio.io/istio/pkg/kube"
	"istio.io/istio/pkg/kube/inject"
	corev1 "k8s.io/api/core/v1"
)

// Manifests returns manifests as istioctl kube-inject writes them, with the
// templates and values of the first control plane.
func (c *Cluster) Manifests(text string) (string, error) {
	i := c.injectors[0]
	values, err := inject.NewValuesConfig(i.settings.values)
	if err != nil {
		return "", fmt.Errorf("reading the values of the injector: %w", err)
	}
	var out strings.Builder
	err = inject.IntoResourceFile(local{i.client}, i.settings.config.Templates, values, "", i.mesh, strings.NewReader(text), &out, func(string) {})
	if err != nil {
		return "", fmt.Errorf("injecting into manifests: %w", err)
	}
	return out.String(), nil
}

// local injects without asking a webhook. From the cluster it wants the versions
// of the nodes.
type local struct{ client kube.Client }

// Inject leaves it to the caller.
func (local) Inject(*corev1.Pod, string) ([]byte, error) { return nil, nil }

// GetKubeClient returns the client of the cluster.
func (l local) GetKubeClient() kube.Client { return l.client }
