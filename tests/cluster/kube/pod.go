package kube

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/tests/box"
)

// Pod returns a pod as it is now.
func (n *Namespace) Pod(name string) (*corev1.Pod, error) {
	var pod corev1.Pod
	return &pod, n.Get("pods/"+name, &pod)
}

// Pods returns the pods that a label selector finds.
func (n *Namespace) Pods(selector string) ([]corev1.Pod, error) {
	var list corev1.PodList
	err := n.Get("pods?labelSelector="+url.QueryEscape(selector), &list)
	return list.Items, err
}

// Ready waits until the one pod that a label selector finds is ready, and returns
// it. A pod that has failed stops the test.
func (n *Namespace) Ready(selector string) *corev1.Pod {
	n.T.Helper()
	return n.Reach(selector, "ready", func(pod *corev1.Pod) bool {
		return slices.ContainsFunc(pod.Status.Conditions, func(c corev1.PodCondition) bool {
			return c.Type == corev1.PodReady && c.Status == corev1.ConditionTrue
		})
	})
}

// Reach waits until the one pod that a label selector finds is as it should be.
func (n *Namespace) Reach(selector, what string, is func(*corev1.Pod) bool) *corev1.Pod {
	n.T.Helper()
	var found *corev1.Pod
	n.WaitFor(fmt.Sprintf("pod %s to be %s", selector, what), func() error {
		pods, err := n.Pods(selector)
		if err != nil {
			return err
		}
		if len(pods) != 1 {
			return fmt.Errorf("there are %d pods", len(pods))
		}
		if found = &pods[0]; !is(found) {
			return fmt.Errorf("it is not, but %s: %s", found.Status.Phase, summary(found))
		}
		return nil
	})
	return found
}

// summary tells the states of the containers.
func summary(pod *corev1.Pod) string {
	var states []string
	for _, s := range slices.Concat(pod.Status.InitContainerStatuses, pod.Status.ContainerStatuses) {
		states = append(states, fmt.Sprintf("%s: %s", s.Name, s.State.String()))
	}
	return strings.Join(states, "; ")
}

// Exec runs a command in a container and returns whatever comes.
func (n *Namespace) Exec(pod, container string, command ...string) box.Output {
	n.T.Helper()
	return n.TryKubectl(append([]string{"exec", pod, "--container", container, "--"}, command...)...)
}

// Delete deletes an object, such as pod/web, waits until it is gone, and returns
// how long that took.
func (n *Namespace) Delete(object string) time.Duration {
	n.T.Helper()
	began := time.Now()
	n.Kubectl("delete", object, "--wait=true", "--timeout="+WaitLimit.String())
	return time.Since(began)
}
