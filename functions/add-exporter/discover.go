package exporter

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// discover tells Prometheus where the metrics are.
func (p *plan) discover() {
	d := p.config.Discovery
	if d.Annotations != nil {
		p.annotate(d.Annotations)
	}
	if d.ServiceMonitor != nil {
		p.monitorService(d.ServiceMonitor)
	}
	for _, m := range []struct {
		monitor *Monitor
		kind    monitorKind
	}{{d.PodMonitor, podMonitor()}, {d.GMP, podMonitoring()}, {d.VMPodScrape, vmPodScrape()}} {
		if m.monitor != nil {
			p.monitorPods(m.monitor, m.kind)
		}
	}
}

// scrape is what the annotations begin with that a Prometheus heeds by
// convention.
const scrape = "prometheus.io/"

// annotate puts prometheus.io annotations on the pods. They have room for one
// port: what another one has set stays, and is a conflict.
func (p *plan) annotate(a *Annotations) {
	want := map[string]string{scrape + "scrape": "true", scrape + "port": strconv.Itoa(int(p.port)), scrape + "path": p.preset.metricsPath()}
	if p.config.Path != "" {
		want[scrape+"path"] = p.config.Path
	}
	for name, value := range p.preset.params {
		want[scrape+"param_"+name] = p.fill(value)
	}
	for name, value := range a.Params {
		want[scrape+"param_"+name] = value
	}
	if others := p.otherScrapes(want); len(others) > 0 {
		also := ""
		if p.config.Discovery.byDefault {
			also = ", which is the default of spec.discovery"
		}
		p.findf(pod.Error, pod.AnnotationConflict, "the pods are scraped elsewhere already (%s), and these annotations have room for one port; write spec.discovery: {podMonitor: {}} instead of annotations%s, or take theirs out", strings.Join(others, ", "), also)
		return
	}
	if p.injection.Annotations == nil {
		p.injection.Annotations = map[string]string{}
	}
	maps.Copy(p.injection.Annotations, want)
}

// otherScrapes lists the annotations that say something else than wanted. Without
// a port Prometheus asks all ports of the pod, and would no longer.
func (p *plan) otherScrapes(want map[string]string) []string {
	agrees := maps.Clone(want)
	agrees[scrape+"scheme"] = "http"
	have := maps.Clone(p.view.Annotations)
	for _, path := range p.view.NotText {
		have[path.Last().Name] = "no text"
	}
	maps.DeleteFunc(have, func(key, _ string) bool { return agrees[key] == "" })
	var other []string
	for _, key := range slices.Sorted(maps.Keys(have)) {
		if have[key] != agrees[key] {
			other = append(other, key+": "+have[key])
		}
	}
	if len(have) > 0 && len(other) == 0 && have[scrape+"port"] == "" {
		other = append(other, scrape+"scrape without a port")
	}
	return other
}
