package syncsidecar

import (
	"cmp"

	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
)

// Mount is the directory that is kept in step, as the app sees it.
type Mount struct {
	// Path of the directory. Where a container has a writable volume there, that is
	// used; else a new one is mounted. Required.
	// +required
	// +krm-sidecars:text=absolute
	Path string `json:"path,omitempty"`
	// Containers that see it. Default: those of spec.target.containers; else all.
	// +krm-sidecars:text=dns-label
	Containers []string `json:"containers,omitempty"`
	// SizeLimit of a new volume. Default 256Mi.
	// +krm-sidecars:text=quantity
	// +kubebuilder:default="256Mi"
	SizeLimit string `json:"sizeLimit,omitempty"`
	// Medium is Memory for a new volume in memory. Default: the node's disk.
	// +kubebuilder:validation:Enum=Memory
	Medium string `json:"medium,omitempty"`
}

func (m *Mount) setDefaults() { m.SizeLimit = cmp.Or(m.SizeLimit, "256Mi") }

func (m *Mount) validate(at string) config.Errors {
	errs := config.Required(at+".path", m.Path, "the directory as the app sees it, such as /data", config.MountPath)
	errs = append(errs, config.All(at+".containers", m.Containers, config.DNSLabel)...)
	errs = append(errs, config.Each(at+".sizeLimit", m.SizeLimit, config.Quantity)...)
	return append(errs, config.OneOf(at+".medium", m.Medium, string(corev1.StorageMediumMemory))...)
}

// share has a container of ours and the app see the directory. readOnly is for a
// new volume that the app has no business to write to.
func (p *plan) share(c *corev1.Container, field string, m *Mount, readOnly bool) {
	c.VolumeMounts = append(c.VolumeMounts, p.Injection.Share(p.View, inject.Shared{Path: m.Path,
		Containers: p.pick(field+".containers", m.Containers), Volume: inject.Label(c.Name, "data"),
		SizeLimit: m.SizeLimit, Medium: corev1.StorageMedium(m.Medium), ReadOnly: readOnly}))
}

// lasting reports whether the directory lies in a volume of the app that outlives
// the pod, and returns its name.
func (p *plan) lasting(field string, m *Mount) (volume string, ok bool) {
	return inject.Lasting(p.View, inject.Shared{Path: m.Path, Containers: p.pick(field+".containers", m.Containers)})
}

// Notify is an address that is called when files have changed.
type Notify struct {
	// URL to call, such as http://127.0.0.1:8080/-/reload. Required.
	// +required
	// +krm-sidecars:text=url
	URL string `json:"url,omitempty"`
	// Method of the request. Default POST.
	// +kubebuilder:validation:Enum=GET;POST;PUT
	// +kubebuilder:default=POST
	Method string `json:"method,omitempty"`
}

func (n *Notify) setDefaults() {
	if n != nil {
		n.Method = cmp.Or(n.Method, "POST")
	}
}

// validate checks an address that may be left out.
func (n *Notify) validate(path string) config.Errors {
	if n == nil {
		return nil
	}
	errs := config.Required(path+".url", n.URL, "the address to call, such as http://127.0.0.1:8080/-/reload", config.URL("http", "https"))
	return append(errs, config.OneOf(path+".method", n.Method, "GET", "POST", "PUT")...)
}
