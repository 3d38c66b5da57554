package vaultinit

import (
	"fmt"
	"maps"
	"slices"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
)

// amount is a limit or a request that an annotation sets.
type amount struct {
	limit bool
	name  corev1.ResourceName
	value *resource.Quantity // nil: there is to be none
}

// limit and request are annotations that hold an amount. An empty one takes the
// webhook's default away.
func limit(name corev1.ResourceName) setter   { return amountOf(true, name) }
func request(name corev1.ResourceName) setter { return amountOf(false, name) }

func amountOf(limit bool, name corev1.ResourceName) setter {
	return func(d *dialect, g given) string {
		a := amount{limit: limit, name: name}
		if g.value != "" {
			q, err := resource.ParseQuantity(g.value)
			if err != nil || q.Sign() < 0 {
				return fmt.Sprintf("%q is no quantity; write it like 100m, 0.5 or 64Mi", g.value)
			}
			a.value = &q
		}
		d.amounts = append(d.amounts, a)
		return ""
	}
}

// setResources gives the agents the webhook's resources, or those of the
// functionConfig, as the annotations change them. Nothing is set in a pod that
// has resources of its own, unless annotations ask for it.
func (d *dialect) setResources() {
	c := d.container()
	if len(c.Resources.Limits)+len(c.Resources.Requests) == 0 && !d.view.HasResources {
		c.Resources = inject.Resources("250m", "64Mi", "500m", "128Mi")
	}
	limits, requests := copied(c.Resources.Limits), copied(c.Resources.Requests)
	for _, a := range d.amounts {
		if a.limit {
			a.into(limits)
		} else {
			a.into(requests)
		}
	}
	d.lower(requests, limits)
	c.Resources.Limits, c.Resources.Requests = limits, requests
}

func (a amount) into(list corev1.ResourceList) {
	if delete(list, a.name); a.value != nil {
		list[a.name] = *a.value
	}
}

// lower keeps requests that nobody asked for from being above the limits: the API
// server takes no such container.
func (d *dialect) lower(requests, limits corev1.ResourceList) {
	for name, most := range limits {
		asked := slices.ContainsFunc(d.amounts, func(a amount) bool { return !a.limit && a.name == name && a.value != nil })
		if least, there := requests[name]; there && !asked && least.Cmp(most) > 0 {
			requests[name] = most
		}
	}
}

func copied(list corev1.ResourceList) corev1.ResourceList {
	if list == nil {
		return corev1.ResourceList{}
	}
	return maps.Clone(list)
}
