package vaultinit

import (
	"cmp"
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// plan works out what one pod template gets.
type plan struct {
	*Config
	view           *pod.View
	owner          inject.Owner
	names          names
	containers     []pod.Container // that get files and variables
	initContainers []pod.Container // that get files
	dirs           []string        // of the files, as the app sees them
	access         access
	proxyUser      int64 // of a mesh, that the agent is to run as; else 0

	inj      inject.Injection
	findings []pod.Finding
}

// secretsDir is where the agent writes, whatever the app's path is: a volume over
// the agent's own directories would hide them.
const secretsDir = "/vault/secrets"

func newPlan(c *Config, v *pod.View, owner inject.Owner) *plan {
	p := &plan{Config: c, view: v, owner: owner, names: namesFor(v, owner)}
	p.containers = p.pick("spec.mount.containers", v.Own(), c.Mount.Containers)
	if len(c.Mount.Containers) == 0 {
		p.containers = inject.Apps(v)
	}
	mine := slices.DeleteFunc(slices.Clone(v.InitContainers), func(c pod.Container) bool { return c.Owner != "" })
	p.initContainers = p.pick("spec.mount.initContainers", mine, c.Mount.InitContainers)
	for _, s := range c.Secrets {
		if !c.envOnly(s) && !slices.Contains(p.dirs, s.Dir) {
			p.dirs = append(p.dirs, s.Dir)
		}
	}
	if (c.Agent.TokenFile != "" || c.sameDirs) && !slices.Contains(p.dirs, "") {
		p.dirs = append(p.dirs, "")
	}
	p.passMesh()
	p.access = p.accessTo(slices.Concat(p.containers, p.initContainers))
	return p
}

func (p *plan) find(s pod.Severity, code pod.Code, message string) {
	p.findings = append(p.findings, pod.Finding{Severity: s, Code: code, Field: p.view.Path.String(), Message: message})
}

// pick picks containers by name.
func (p *plan) pick(field string, from []pod.Container, want []string) []pod.Container {
	picked, bad := p.view.Pick(field, from, want)
	p.findings = append(p.findings, bad...)
	return picked
}

// dirVolume is the volume of a directory of files, "" being mount.path.
func (p *plan) dirVolume(dir string) string {
	return p.names.of(numbered(secretsVolume, slices.Index(p.dirs, dir)))
}

// agentDir is where the agent sees the directory.
func (p *plan) agentDir(dir string) string {
	if p.sameDirs {
		return cmp.Or(dir, p.Mount.Path)
	}
	return numbered(secretsDir, slices.Index(p.dirs, dir))
}

func numbered(name string, i int) string {
	if i <= 0 {
		return name
	}
	return fmt.Sprintf("%s-%d", name, i)
}

func (p *plan) medium() corev1.StorageMedium {
	if p.Mount.Medium == mediumDisk {
		return corev1.StorageMediumDefault
	}
	return corev1.StorageMediumMemory
}
