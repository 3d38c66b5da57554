package logsidecar

import (
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/pkg/images"
	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// plan works out how the agent gets to see the files.
type plan struct {
	config    *Config
	view      *pod.View
	injection inject.Injection
	findings  []pod.Finding

	writing []pod.Container
	files   []string
	mounts  []corev1.VolumeMount // of the agent
	env     []corev1.EnvVar      // of the agent, for subPathExpr
	volumes map[string]string    // directories of new volumes, by name
}

// file makes sure that the agent sees a file where the app writes it.
func (p *plan) file(i int, l Log, file string) {
	dir := l.dirOf(file)
	for _, c := range p.writers(i, l, dir) {
		p.writing = append(p.writing, c)
		if m, ok := p.mounted(c, dir); ok {
			p.share(c, m)
			continue
		}
		p.create(c, dir)
	}
	if !slices.Contains(p.files, file) {
		p.files = append(p.files, file)
	}
}

// writers returns the containers that write a log.
func (p *plan) writers(i int, l Log, dir string) []pod.Container {
	own := p.view.Own()
	if l.Container != "" {
		return p.pick(indexed("spec.logs", i)+".container", own, []string{l.Container})
	}
	if names := p.config.Target.Containers; len(names) > 0 {
		return p.pick("spec.target.containers", own, names)
	}
	var having []pod.Container
	for _, c := range own {
		if _, ok := p.mounted(c, dir); ok {
			having = append(having, c)
		}
	}
	if len(having) == 0 && len(own) > 0 {
		return own[:1]
	}
	return having
}

// pick picks containers by name. A name that is not there is a mistake.
func (p *plan) pick(field string, own []pod.Container, want []string) []pod.Container {
	found, bad := p.view.Pick(field, own, want)
	for _, f := range bad {
		p.tell(f)
	}
	return found
}

func (p *plan) find(s pod.Severity, code pod.Code, message string) {
	p.tell(pod.Finding{Severity: s, Code: code, Field: p.view.Path.String(), Message: message})
}

// tell notes a finding once: several files may have the same.
func (p *plan) tell(f pod.Finding) {
	if !slices.Contains(p.findings, f) {
		p.findings = append(p.findings, f)
	}
}

// mounted finds the volume that a container writes a directory to, among its
// own and those that this plan adds.
func (p *plan) mounted(c pod.Container, dir string) (corev1.VolumeMount, bool) {
	m, ok := c.MountAt(dir)
	if ok && !m.ReadOnly && p.writable(m.Name) {
		return m, true
	}
	for _, added := range p.injection.Mounts {
		if added.Container == c.Name && pod.Within(dir, added.MountPath) {
			return added.VolumeMount, true
		}
	}
	return corev1.VolumeMount{}, false
}

// writable reports whether an app can write to a volume: not to those that show
// objects of the cluster.
func (p *plan) writable(name string) bool {
	v, ok := p.view.Volume(name)
	if !ok {
		return p.view.VolumeTaken(name) || p.volumes[name] != ""
	}
	for _, source := range []string{"configMap", "secret", "projected", "downwardAPI", "image"} {
		if _, ok := v.Source.Get(source); ok {
			return false
		}
	}
	return true
}

// share mounts in the agent what the app has mounted, in the same place.
func (p *plan) share(c pod.Container, m corev1.VolumeMount) {
	m = corev1.VolumeMount{Name: m.Name, MountPath: m.MountPath, SubPath: m.SubPath, SubPathExpr: m.SubPathExpr, ReadOnly: true}
	for _, have := range p.mounts {
		if pod.Clean(have.MountPath) != pod.Clean(m.MountPath) {
			continue
		}
		if have.Name != m.Name || have.SubPath != m.SubPath || have.SubPathExpr != m.SubPathExpr {
			p.find(pod.Error, pod.VolumeNotShared, fmt.Sprintf("several containers have %s, in volumes of their own; name one in spec.logs[].container and give the others a config of their own", m.MountPath))
		}
		return
	}
	p.mounts = append(p.mounts, m)
	p.keepEvictable(m.Name)
	p.copyEnv(c, m.SubPathExpr)
}

// keepEvictable notes that a volume which another function added does not keep a
// node alive: it stays when that function goes.
func (p *plan) keepEvictable(volume string) {
	v, _ := p.view.Volume(volume)
	if _, local := v.Source.Get("emptyDir"); v.Owner == "" || !local {
		return
	}
	if p.injection.Elements == nil {
		p.injection.Elements = map[string][]string{}
	}
	p.injection.Elements[inject.SafeToEvict] = append(p.injection.Elements[inject.SafeToEvict], volume)
}

// copyEnv gives the agent the variables that a subPathExpr of the app uses.
func (p *plan) copyEnv(c pod.Container, expr string) {
	for _, env := range p.view.EnvFor(c, pod.References(expr)...) {
		if !slices.ContainsFunc(p.env, func(e corev1.EnvVar) bool { return e.Name == env.Name }) {
			p.env = append(p.env, env)
		}
	}
}

// create adds a volume for a directory that the app has none for.
func (p *plan) create(c pod.Container, dir string) {
	name := p.volumeName(dir)
	if p.volumes[name] == "" {
		p.volumes[name] = dir
		p.addVolume(name)
	}
	m := corev1.VolumeMount{Name: name, MountPath: dir}
	p.injection.Mounts = append(p.injection.Mounts, inject.Mount{Container: c.Name, VolumeMount: m})
	p.warnMasked(c, dir)
	p.share(c, m)
}

func (p *plan) addVolume(name string) {
	v := p.config.Volume
	if v.ClaimName == "" {
		p.injection.EmptyDir(name, v.SizeLimit, corev1.StorageMedium(v.Medium))
		return
	}
	claim := &corev1.PersistentVolumeClaimVolumeSource{ClaimName: v.ClaimName}
	p.injection.Volumes = append(p.injection.Volumes, corev1.Volume{Name: name, VolumeSource: corev1.VolumeSource{PersistentVolumeClaim: claim}})
}

// volumeName is "logs" for the first directory; for others, and where the pod
// has a volume of that name, the directory is part of it.
func (p *plan) volumeName(dir string) string {
	const first = "logs"
	for _, name := range []string{first, inject.Label(first, dir), inject.HashedLabel(first, dir)} {
		if p.volumes[name] == dir || p.volumes[name] == "" && !p.view.VolumeTaken(name) {
			return name
		}
	}
	return inject.HashedLabel(first, dir)
}

// warnMasked tells when the volume hides links to standard output.
func (p *plan) warnMasked(c pod.Container, dir string) {
	repository := c.Image[strings.LastIndexByte(c.Image, '/')+1:]
	if i := strings.IndexAny(repository, ":@"); i >= 0 {
		repository = repository[:i]
	}
	links, ok := images.StdoutLinks()[repository]
	if ok && pod.Within(links, dir) {
		p.find(pod.Warning, pod.MasksImageContent, fmt.Sprintf("image %s links its log files in %s to standard output; the volume hides the links, so that these lines now come from the sidecar and no longer from container %q", c.Image, links, c.Name))
	}
}
