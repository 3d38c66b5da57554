package exporters_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/krm-sidecars/krm-sidecars/tests/box"
	"github.com/krm-sidecars/krm-sidecars/tests/cluster/kube"
)

// kind is a kind of monitor.
type kind struct {
	kind, resource, version string
	targets                 func(*kube.Namespace, monitor) (string, error)
}

func monitors() []kind {
	return []kind{
		{"PodMonitor", "podmonitors.monitoring.coreos.com", "v1", byPod},
		{"ServiceMonitor", "servicemonitors.monitoring.coreos.com", "v1", byService},
		{"PodMonitoring", "podmonitorings.monitoring.googleapis.com", "v1", byPod},
		{"VMPodScrape", "vmpodscrapes.operator.victoriametrics.com", "v1beta1", byPod},
	}
}

// monitor is what operators read of a monitor of any kind.
type monitor struct {
	Spec struct {
		Selector            metav1.LabelSelector
		Endpoints           []endpoint
		PodMetricsEndpoints []endpoint
	}
}

type endpoint struct {
	Port, Path string
	Params     url.Values
}

// at is what Prometheus asks.
func (e endpoint) at(host, port string) string {
	u := url.URL{Scheme: "http", Host: net.JoinHostPort(host, port), Path: e.Path, RawQuery: e.Params.Encode()}
	return u.String()
}

func (m monitor) selector() string { return metav1.FormatLabelSelector(&m.Spec.Selector) }

// endpoint is the one that there is, whatever the list is called.
func (m monitor) endpoint() endpoint {
	return append(append(m.Spec.Endpoints, m.Spec.PodMetricsEndpoints...), endpoint{})[0]
}

// byAnnotations is where the scrape configuration of the Prometheus chart looks.
func byAnnotations(pod *corev1.Pod) string {
	a := pod.Annotations
	if a["prometheus.io/scrape"] != "true" {
		return ""
	}
	e := endpoint{Path: a["prometheus.io/path"], Params: url.Values{}}
	for key, value := range a {
		if name, ok := strings.CutPrefix(key, "prometheus.io/param_"); ok {
			e.Params.Set(name, value)
		}
	}
	return e.at(pod.Status.PodIP, a["prometheus.io/port"])
}

// byPod looks for a port by name among the containers of the pods that a monitor
// selects.
func byPod(n *kube.Namespace, m monitor) (string, error) {
	pods, err := n.Pods(m.selector())
	if err != nil || len(pods) != 1 {
		return "", fmt.Errorf("%s selects %d pods: %w", m.selector(), len(pods), err)
	}
	for _, c := range slices.Concat(pods[0].Spec.InitContainers, pods[0].Spec.Containers) {
		for _, p := range c.Ports {
			if p.Name == m.endpoint().Port {
				return m.endpoint().at(pods[0].Status.PodIP, fmt.Sprint(p.ContainerPort)), nil
			}
		}
	}
	return "", fmt.Errorf("no container has the port %q", m.endpoint().Port)
}

// byService looks for a port by name among the endpoints that Kubernetes makes of
// the Services that a monitor selects.
func byService(n *kube.Namespace, m monitor) (string, error) {
	services := list[corev1.Service](n, "services", m.selector())
	if len(services) != 1 {
		return "", fmt.Errorf("%s selects %d services", m.selector(), len(services))
	}
	for _, s := range list[discoveryv1.EndpointSlice](n, "endpointslices", discoveryv1.LabelServiceName+"="+services[0].Name) {
		for _, p := range s.Ports {
			if *p.Name == m.endpoint().Port && len(s.Endpoints) == 1 {
				return m.endpoint().at(s.Endpoints[0].Addresses[0], fmt.Sprint(*p.Port)), nil
			}
		}
	}
	return "", errors.New("no endpoint has the port " + m.endpoint().Port)
}

// list returns the objects of a kind.
func list[T any](n *kube.Namespace, kind, selector string) []T {
	n.T.Helper()
	var all struct{ Items []T }
	text := n.Kubectl("get", kind, "--selector", selector, "-o", "json").Stdout
	box.Check(n.T, json.Unmarshal([]byte(text), &all))
	return all.Items
}
