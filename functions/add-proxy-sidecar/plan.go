package proxysidecar

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/pkg/images"
	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// plan works out what one pod template needs.
type plan struct {
	inject.Draft
	config *Config
	taken  []int32 // ports that the proxy, or the app behind it, has
	ends   bool    // the app ends the proxy
}

func newPlan(c *Config, v *pod.View, owner inject.Owner) *plan {
	return &plan{config: c, Draft: inject.Draft{View: v, Owner: owner}}
}

// container is one with all that is safe, of a row of the table of images.
func (p *plan) container(name, image string) corev1.Container {
	row := images.Get(image)
	c := p.bare(name, row.UID)
	c.Image = row.String()
	return c
}

// bare is a container without an image.
func (p *plan) bare(name string, uid int64) corev1.Container {
	c := corev1.Container{Name: inject.FreeName(p.View, p.Owner, name),
		SecurityContext:          inject.Restricted(p.config.User(uid)),
		Resources:                inject.ResourcesIn(p.View, "10m", "32Mi", "500m", "128Mi"),
		TerminationMessagePolicy: corev1.TerminationMessageFallbackToLogsOnError,
	}
	if by := p.config.Container; by != nil && by.Name != "" {
		c.Name = by.Name // other names follow it
	}
	return c
}

// run adds the proxy. A plain container goes behind the app's: it holds nothing back,
// and kubectl takes the first one for the app.
func (p *plan) run(c corev1.Container, rank inject.Rank) {
	if !p.native() {
		rank = inject.RankBeside
	}
	p.Injection.Containers = append(p.Injection.Containers, inject.Container{Container: inject.Override(c, p.config.Container), Rank: rank, Ends: p.ends})
}

// native reports whether the proxy is a native sidecar.
func (p *plan) native() bool { return p.config.Native() && !p.View.PlainOnly }

// files has the proxy see files of a generated ConfigMap in a directory.
func (p *plan) files(c *corev1.Container, dir string, files map[string]string) {
	name := inject.ObjectName(p.View, p.Owner, c.Name)
	p.Injection.AddConfigMap(p.Owner, name, files)
	p.configMap(c, name, dir)
}

// configMap has the proxy see a ConfigMap in a directory.
func (p *plan) configMap(c *corev1.Container, name, dir string, items ...corev1.KeyToPath) {
	p.Injection.MountConfigMap(c, inject.Label(c.Name, "config"), name, dir, items...)
}
