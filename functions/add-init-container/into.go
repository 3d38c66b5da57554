package initcontainer

import (
	"cmp"
	"slices"

	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// Into is a directory that the init container fills for the app.
type Into struct {
	// Path of the directory, as the app sees it. Where a container has a writable
	// volume there, that is used; else a new one is mounted. Required.
	// +required
	// +krm-sidecars:text=absolute
	Path string `json:"path,omitempty"`
	// Containers that see it. Default: those of spec.target.containers; else those
	// that have a volume there already; else all of the app's.
	// +krm-sidecars:text=dns-label
	Containers []string `json:"containers,omitempty"`
	// ReadOnly keeps the app from writing to a new volume. Default false.
	ReadOnly bool `json:"readOnly,omitempty"`
	// SizeLimit of a new volume. Default 256Mi.
	// +krm-sidecars:text=quantity
	// +kubebuilder:default="256Mi"
	SizeLimit string `json:"sizeLimit,omitempty"`
	// Medium is Memory for a new volume in memory. Default: the node's disk.
	// +kubebuilder:validation:Enum=Memory
	Medium string `json:"medium,omitempty"`
}

const defaultSizeLimit = "256Mi"

// setDefaults fills in what the user left open; nothing where there is no Into.
func (i *Into) setDefaults() {
	if i != nil && i.SizeLimit == "" {
		i.SizeLimit = defaultSizeLimit
	}
}

// validate checks a directory that a pattern cannot do without, as its field into.
func (i *Into) validate() config.Errors {
	var errs config.Errors
	if i == nil || i.Path == "" {
		errs.Addf("into.path", "missing; name the directory as the app sees it, such as /data")
	}
	if i == nil {
		return errs
	}
	errs = append(errs, config.Each("into.path", i.Path, config.MountPath)...)
	errs = append(errs, config.All("into.containers", i.Containers, config.DNSLabel)...)
	errs = append(errs, config.Each("into.sizeLimit", i.SizeLimit, config.Quantity)...)
	return append(errs, config.OneOf("into.medium", i.Medium, string(corev1.StorageMediumMemory))...)
}

// share has a container of ours write to a directory of the app: it is mounted at
// the same path in both. field is where the config says so, such as
// spec.fetch.into.
func (p *plan) share(c *corev1.Container, i *Into, field string) {
	c.VolumeMounts = append(c.VolumeMounts, p.Injection.Share(p.View, inject.Shared{
		Path: i.Path, Containers: p.sharers(i, field), Volume: p.name,
		SizeLimit: i.SizeLimit, Medium: corev1.StorageMedium(i.Medium), ReadOnly: i.ReadOnly}))
}

// keepData reports a directory of the app with data that git-sync would delete: it
// empties what is no repository of its own.
func (p *plan) keepData(i *Into, field string) {
	if volume, lasting := inject.Lasting(p.View, inject.Shared{Path: i.Path, Containers: p.sharers(i, field)}); lasting {
		p.Findf(pod.Error, pod.MountPathConflict, "volume %q is mounted at %s and outlives the pod, and git-sync empties the directory that it gets, so what is there would be lost; choose a directory without a volume, or with an emptyDir", volume, i.Path)
	}
}

// sharers are the containers of the app that see a directory.
func (p *plan) sharers(i *Into, field string) []pod.Container {
	own := inject.Apps(p.View)
	if len(i.Containers) > 0 {
		mine := slices.DeleteFunc(slices.Clone(p.View.InitContainers), func(c pod.Container) bool { return c.Owner != "" })
		return p.Pick(field+".containers", slices.Concat(p.View.Own(), mine), i.Containers)
	}
	if names := p.config.Target.Containers; len(names) > 0 {
		return p.Pick("spec.target.containers", p.View.Own(), names)
	}
	having := slices.DeleteFunc(slices.Clone(own), func(c pod.Container) bool {
		m, ok := c.MountAt(i.Path)
		return !ok || !inject.Writable(p.View, m.Name)
	})
	if len(having) > 0 {
		return having
	}
	return own
}

// asApp has a container of ours run as the user of the app, where that is known
// and is not root: then the app can change what it writes. It reports whether it
// does.
func (p *plan) asApp(c *corev1.Container, i *Into, field string) bool {
	sharers := p.sharers(i, field)
	return len(sharers) > 0 && p.runAs(c, sharers[0])
}

// runAs has a container of ours run as the user of a container of the app, where
// that is known and is not root, and reports whether it does. OpenShift gives all
// containers of a pod the same user.
func (p *plan) runAs(c *corev1.Container, app pod.Container) bool {
	user, group := cmp.Or(app.RunAsUser, p.View.RunAsUser), cmp.Or(app.RunAsGroup, p.View.RunAsGroup)
	switch {
	case p.config.Platform == config.PlatformOpenShift:
		return true
	case user == nil || *user == 0:
		return false
	}
	c.SecurityContext.RunAsUser, c.SecurityContext.RunAsGroup = user, user
	if group != nil && *group != 0 {
		c.SecurityContext.RunAsGroup = group
	}
	return true
}
