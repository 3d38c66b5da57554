package sidecar

import (
	"cmp"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// sizeResources gives the container requests and limits: its own, a share of the
// app's, or else small ones. In a pod that has resources as a whole it needs none.
func (p *plan) sizeResources() {
	r := &p.container.Resources
	switch {
	case p.config.ResourcesShare != nil && !p.view.HasResources:
		p.takeShare(p.config.ResourcesShare)
	case p.config.ResourcesShare == nil && r.Requests == nil && r.Limits == nil && !p.view.HasResources:
		given := inject.Resources("10m", "32Mi", "200m", "128Mi")
		r.Requests, r.Limits = given.Requests, given.Limits
		p.tell(pod.Info, pod.DefaultedField, "container %q has no resources and gets requests of 10m CPU and 32Mi, and limits of 200m and 128Mi; set spec.container.resources or spec.resourcesShare", p.container.Name)
	}
}

// part is the share of one resource.
type part struct {
	resource         corev1.ResourceName
	percent          string
	least, most      string
	unit             int64 // amounts are rounded up to whole ones
	field, minField  string
	requests, limits resource.Quantity // of the app; zero for none
}

// Units of amounts, in thousandths: of CPU a millicore, of memory a mebibyte.
const (
	milli = 1
	mebi  = 1 << 20 * 1000
)

func (p *plan) takeShare(share *Resources) {
	sources := p.sources("spec.resourcesShare.containers", share.Containers)
	if len(sources) == 0 {
		return
	}
	var names []string
	for _, c := range sources {
		names = append(names, c.Name)
	}
	requests, limits := corev1.ResourceList{}, corev1.ResourceList{}
	for _, a := range []part{
		{resource: corev1.ResourceCPU, percent: share.CPU, least: share.Min.CPU, most: share.Max.CPU, unit: milli, field: "spec.resourcesShare.cpu", minField: "spec.resourcesShare.min.cpu"},
		{resource: corev1.ResourceMemory, percent: share.Memory, least: share.Min.Memory, most: share.Max.Memory, unit: mebi, field: "spec.resourcesShare.memory", minField: "spec.resourcesShare.min.memory"},
	} {
		if a.percent == "" {
			continue
		}
		a.requests, a.limits = p.sum(names, a.resource)
		a.set(requests, a.requests, a.least)
		a.set(limits, a.limits, a.most)
		if _, requested := requests[a.resource]; !requested {
			p.tell(pod.Error, pod.ResourcesUnknown, "%s is a share of what container %q requests, which is nothing; give it requests, or set %s", a.field, strings.Join(names, ", "), a.minField)
		}
	}
	p.container.Resources.Requests, p.container.Resources.Limits = requests, limits
}

// sum adds up what containers have of a resource. Together they have no limit when
// one of them has none.
func (p *plan) sum(containers []string, name corev1.ResourceName) (requests, limits resource.Quantity) {
	unlimited := false
	for _, c := range containers {
		have := p.view.ResourcesOf(c)
		request, limit := have.Requests[name], have.Limits[name]
		if request.IsZero() {
			request = limit // as Kubernetes does it
		}
		requests.Add(request)
		limits.Add(limit)
		unlimited = unlimited || limit.IsZero()
	}
	if unlimited {
		limits = resource.Quantity{}
	}
	return requests, limits
}

// set sets a request or limit to the share of what the app has, or to what stands
// in for it.
func (a part) set(list corev1.ResourceList, of resource.Quantity, instead string) {
	switch {
	case !of.IsZero():
		list[a.resource] = a.between(a.shareOf(of))
	case instead != "":
		list[a.resource] = resource.MustParse(instead)
	}
}

func (a part) shareOf(q resource.Quantity) resource.Quantity {
	percent, _ := percentage(a.percent) // validated
	return a.whole(q.MilliValue() / 100 * int64(percent))
}

// whole rounds an amount in thousandths up to whole units.
func (a part) whole(thousandths int64) resource.Quantity {
	n := max(1, (thousandths+a.unit-1)/a.unit)
	if a.unit == milli {
		return *resource.NewMilliQuantity(n, resource.DecimalSI)
	}
	return *resource.NewQuantity(n*mebi/1000, resource.BinarySI)
}

func (a part) between(q resource.Quantity) resource.Quantity {
	if least := resource.MustParse(cmp.Or(a.least, "0")); q.Cmp(least) < 0 {
		return least
	}
	if a.most != "" {
		if most := resource.MustParse(a.most); q.Cmp(most) > 0 {
			return most
		}
	}
	return q
}

// percentage reads a text such as 10%.
func percentage(text string) (int, bool) {
	digits, ok := strings.CutSuffix(text, "%")
	n, err := strconv.ParseUint(digits, 10, 16)
	return int(n), ok && err == nil && n > 0 && n <= 1000
}
