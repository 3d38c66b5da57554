package istio

import (
	"fmt"
	"slices"

	admissionv1 "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
)

// Cluster stands for an API server that knows the webhooks of control planes.
type Cluster struct{ injectors []*injector }

// Install returns a cluster whose nodes have a version, such as v1.34.0, with a
// control plane for each of the texts with values of Istio's chart. They run until
// stop is closed.
func Install(stop chan struct{}, node string, values ...string) (*Cluster, error) {
	var c Cluster
	for _, v := range values {
		i, err := newInjector(v, node, stop)
		if err != nil {
			return nil, err
		}
		c.injectors = append(c.injectors, i)
	}
	return &c, nil
}

// Admit returns the pod as the webhooks leave it, and the names of those that were
// called: the ones whose selectors match the pod and the labels of its namespace.
func (c *Cluster) Admit(pod corev1.Pod, namespace map[string]string) (corev1.Pod, []string, error) {
	var called []string
	for _, i := range c.injectors {
		for _, hook := range i.hooks {
			ok, err := selects(hook, pod, namespace)
			if err == nil && ok {
				called = append(called, hook.Name)
				pod, err = i.review(hook, pod)
			}
			if err != nil {
				return pod, called, fmt.Errorf("asking webhook %s about pod %s%s: %w", hook.Name, pod.GenerateName, pod.Name, err)
			}
		}
	}
	return pod, called, nil
}

// selects reports whether an API server calls a webhook when a pod is made in a
// namespace with labels.
func selects(hook admissionv1.MutatingWebhook, pod corev1.Pod, namespace map[string]string) (bool, error) {
	ofNamespace := labels.Merge(namespace, labels.Set{corev1.LabelMetadataName: pod.Namespace})
	inNamespace, err := matches(hook.NamespaceSelector, ofNamespace)
	if err != nil || !inNamespace || !slices.ContainsFunc(hook.Rules, makesPods) {
		return false, err
	}
	return matches(hook.ObjectSelector, pod.Labels)
}

func makesPods(r admissionv1.RuleWithOperations) bool {
	return slices.Contains(r.Operations, admissionv1.Create) && slices.Contains(r.Resources, "pods")
}

func matches(selector *metav1.LabelSelector, of map[string]string) (bool, error) {
	s, err := metav1.LabelSelectorAsSelector(selector)
	if err != nil {
		return false, fmt.Errorf("reading selector %v: %w", selector, err)
	}
	return s.Matches(labels.Set(of)), nil
}
