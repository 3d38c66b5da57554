package exporter

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
)

// Discovery says how Prometheus finds the metrics: every member that is set.
// +krm-sidecars:words=none
// +kubebuilder:validation:MinProperties=1
type Discovery struct {
	// None leaves it to you; it is written as the word none.
	None bool `json:"-"`
	// Annotations puts prometheus.io/scrape, port and path on the pods.
	Annotations *Annotations `json:"annotations,omitempty"`
	// PodMonitor generates a PodMonitor of the Prometheus operator.
	PodMonitor *Monitor `json:"podMonitor,omitempty"`
	// ServiceMonitor generates a ServiceMonitor of the Prometheus operator, and
	// adds the port to the Service in the input that selects the pods.
	ServiceMonitor *ServiceMonitor `json:"serviceMonitor,omitempty"`
	// GMP generates a PodMonitoring of Google Cloud Managed Service for
	// Prometheus.
	GMP *Monitor `json:"gmp,omitempty"`
	// VMPodScrape generates a VMPodScrape of the VictoriaMetrics operator.
	VMPodScrape *Monitor `json:"vmPodScrape,omitempty"`

	byDefault bool
}

// Annotations are the prometheus.io annotations of the pod template.
type Annotations struct {
	// Params are parameters of the request, as prometheus.io/param_NAME. Default:
	// those of the preset.
	Params map[string]string `json:"params,omitempty"`
}

// Monitor describes an object that tells an operator what to scrape.
type Monitor struct {
	// Interval between two scrapes, such as 30s. Default: that of Prometheus; 30s
	// for gmp.
	// +krm-sidecars:text=duration
	Interval string `json:"interval,omitempty"`
	// ScrapeTimeout is how long a scrape may take; at most the interval. Default:
	// that of Prometheus.
	// +krm-sidecars:text=duration
	ScrapeTimeout string `json:"scrapeTimeout,omitempty"`
	// Labels of the object, which operators select it by, such as release:
	// prometheus.
	// +krm-sidecars:text=label-value
	Labels map[string]string `json:"labels,omitempty"`
	// HonorLabels keeps labels of the metrics that Prometheus would set itself.
	// Not for gmp. Default false.
	HonorLabels bool `json:"honorLabels,omitempty"`
	// Params are parameters of the request. Default: those of the preset.
	Params map[string][]string `json:"params,omitempty"`
	// Relabelings are changes of the labels of targets, in the operator's own form.
	// Not for gmp.
	Relabelings []map[string]any `json:"relabelings,omitempty"`
	// MetricRelabelings are changes of the labels of metrics, in the operator's own
	// form.
	MetricRelabelings []map[string]any `json:"metricRelabelings,omitempty"`
}

// ServiceMonitor is a Monitor that finds pods through a Service.
type ServiceMonitor struct {
	Monitor `json:",inline"`

	// Service names the Service where several select the pods. Default: the one
	// that does.
	// +krm-sidecars:text=dns-label
	Service string `json:"service,omitempty"`
}

const defaultInterval = "30s"

// DecodeWord reads the short form.
func (d *Discovery) DecodeWord(word string) error {
	if word != "none" {
		return fmt.Errorf("%q is unknown here; write none, or any of annotations: {}, podMonitor: {}, serviceMonitor: {}, gmp: {}, vmPodScrape: {}", word)
	}
	d.None = true
	return nil
}

func (d *Discovery) validate() config.Errors {
	var errs config.Errors
	if set, all := config.Members(d); len(set) == 0 && !d.None {
		errs.Addf("", "empty; write none, or any of %s", strings.Join(all, ", "))
	}
	if d.Annotations != nil {
		for _, name := range slices.Sorted(maps.Keys(d.Annotations.Params)) {
			errs = append(errs, config.Each("annotations.params."+name, "prometheus.io/param_"+name, config.LabelKey)...)
			errs = append(errs, config.Each("annotations.params."+name, d.Annotations.Params[name], config.SingleLine)...)
		}
	}
	errs = append(errs, d.PodMonitor.validate().Under("podMonitor")...)
	if d.ServiceMonitor != nil {
		errs = append(errs, d.ServiceMonitor.Monitor.validate().Under("serviceMonitor")...)
		errs = append(errs, config.Each("serviceMonitor.service", d.ServiceMonitor.Service, config.DNSLabel)...)
	}
	errs = append(errs, d.GMP.validate().Under("gmp")...)
	if d.GMP != nil && (d.GMP.HonorLabels || len(d.GMP.Relabelings) > 0) {
		errs.Addf("gmp", "PodMonitoring has no honorLabels and no relabelings; drop them, or use metricRelabelings")
	}
	return append(errs, d.VMPodScrape.validate().Under("vmPodScrape")...)
}

func (m *Monitor) validate() config.Errors {
	if m == nil {
		return nil
	}
	errs := config.Each("interval", m.Interval, wholeDuration)
	errs = append(errs, config.Each("scrapeTimeout", m.ScrapeTimeout, wholeDuration)...)
	if every, took := span(m.Interval), span(m.ScrapeTimeout); every > 0 && took > every {
		errs.Addf("scrapeTimeout", "%s is more than the interval of %s; make it shorter", m.ScrapeTimeout, m.Interval)
	}
	for _, key := range slices.Sorted(maps.Keys(m.Labels)) {
		errs = append(errs, config.Each("labels."+key, key, config.LabelKey)...)
		errs = append(errs, config.Each("labels."+key, m.Labels[key], config.LabelValue)...)
	}
	for _, name := range slices.Sorted(maps.Keys(m.Params)) {
		if len(m.Params[name]) == 0 {
			errs.Addf("params."+name, "empty; give it a list of values")
		}
	}
	return errs
}

// wholeDuration is a duration as Prometheus reads it: without fractions, and of
// milliseconds at least.
func wholeDuration(text string) string {
	if wrong := config.Duration(text); wrong != "" {
		return wrong
	}
	if strings.ContainsAny(text, ".nuµ+") {
		return "is no duration for Prometheus; write whole numbers, such as 30s or 1m30s"
	}
	return ""
}

func span(text string) time.Duration {
	d, err := time.ParseDuration(text)
	if err != nil {
		return 0
	}
	return d
}
