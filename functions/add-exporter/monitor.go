package exporter

import (
	"cmp"
	"maps"
	"slices"

	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// monitorSpec is the spec of an object that tells an operator what to scrape.
type monitorSpec struct {
	Selector  selector   `json:"selector"`
	Pods      []endpoint `json:"podMetricsEndpoints,omitempty"`
	Endpoints []endpoint `json:"endpoints,omitempty"`
}

type selector struct {
	MatchLabels map[string]string `json:"matchLabels"`
}

// endpoint is what to scrape. Operators have different names for the same.
type endpoint struct {
	Port                 string              `json:"port"`
	Path                 string              `json:"path,omitempty"`
	Params               map[string][]string `json:"params,omitempty"`
	Interval             string              `json:"interval,omitempty"`
	ScrapeTimeout        string              `json:"scrapeTimeout,omitempty"`
	Timeout              string              `json:"timeout,omitempty"`
	HonorLabels          bool                `json:"honorLabels,omitempty"`
	Relabelings          []map[string]any    `json:"relabelings,omitempty"`
	MetricRelabelings    []map[string]any    `json:"metricRelabelings,omitempty"`
	MetricRelabeling     []map[string]any    `json:"metricRelabeling,omitempty"`
	RelabelConfigs       []map[string]any    `json:"relabelConfigs,omitempty"`
	MetricRelabelConfigs []map[string]any    `json:"metricRelabelConfigs,omitempty"`
}

// monitorKind is a kind of such objects.
type monitorKind struct {
	apiVersion, kind string
	spec             func(selector, endpoint) monitorSpec
}

const prometheusOperator = "monitoring.coreos.com/v1"

func podMonitor() monitorKind {
	return monitorKind{prometheusOperator, "PodMonitor", func(s selector, e endpoint) monitorSpec {
		return monitorSpec{Selector: s, Pods: []endpoint{e}}
	}}
}

func serviceMonitor() monitorKind {
	return monitorKind{prometheusOperator, "ServiceMonitor", func(s selector, e endpoint) monitorSpec {
		return monitorSpec{Selector: s, Endpoints: []endpoint{e}}
	}}
}

// podMonitoring is the kind of Google Cloud Managed Service for Prometheus.
func podMonitoring() monitorKind {
	return monitorKind{"monitoring.googleapis.com/v1", "PodMonitoring", func(s selector, e endpoint) monitorSpec {
		e.Timeout, e.ScrapeTimeout = e.ScrapeTimeout, ""
		e.MetricRelabeling, e.MetricRelabelings = e.MetricRelabelings, nil
		return monitorSpec{Selector: s, Endpoints: []endpoint{e}}
	}}
}

func vmPodScrape() monitorKind {
	return monitorKind{"operator.victoriametrics.com/v1beta1", "VMPodScrape", func(s selector, e endpoint) monitorSpec {
		e.RelabelConfigs, e.Relabelings = e.Relabelings, nil
		e.MetricRelabelConfigs, e.MetricRelabelings = e.MetricRelabelings, nil
		return monitorSpec{Selector: s, Pods: []endpoint{e}}
	}}
}

// monitorPods generates an object that selects the pods. An empty selector would
// select every pod of the namespace.
func (p *plan) monitorPods(m *Monitor, of monitorKind) {
	labels := p.view.Selector()
	if len(labels) == 0 {
		labels = p.view.OwnLabels()
	}
	if len(labels) == 0 {
		p.findf(pod.Error, pod.EmptySelector, "the pods have no labels, and a %s without any would select all pods of the namespace; give the pod template a label", of.kind)
		return
	}
	p.addMonitor(m, of, labels, p.portName)
}

func (p *plan) addMonitor(m *Monitor, of monitorKind, labels map[string]string, port string) {
	e := endpoint{Port: port, Path: cmp.Or(p.config.Path, p.preset.metricsPath()), Params: p.params(m), Interval: m.Interval, ScrapeTimeout: m.ScrapeTimeout,
		HonorLabels: m.HonorLabels, Relabelings: m.Relabelings, MetricRelabelings: m.MetricRelabelings}
	p.injection.Objects = append(p.injection.Objects, inject.Object{APIVersion: of.apiVersion, Kind: of.kind, Name: p.object(), Labels: m.Labels,
		Content: struct {
			Spec monitorSpec `json:"spec"`
		}{of.spec(selector{labels}, e)}})
}

// params are the parameters of a request: those of the preset, where the user has
// not set them.
func (p *plan) params(m *Monitor) map[string][]string {
	all := map[string][]string{}
	for _, name := range slices.Sorted(maps.Keys(p.preset.params)) {
		all[name] = []string{p.fill(p.preset.params[name])}
	}
	maps.Copy(all, m.Params)
	return all
}
