package logsidecar

import (
	"cmp"
	_ "embed"
	"fmt"

	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
	"github.com/krm-sidecars/krm-sidecars/pkg/images"
	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

var (
	//go:embed README.md
	readme string
	//go:embed example.yaml
	example string
	//go:embed schema.json
	schema string
	//go:embed metadata.yaml
	metadata string
)

// Function returns add-log-sidecar.
func Function() krm.Function {
	return krm.Function{
		Name: "add-log-sidecar", Kind: "AddLogSidecar",
		Short:  "Adds a sidecar that reads an app's log files.",
		Readme: readme, Example: example, Schema: schema, Metadata: metadata,
		New: func() krm.Spec { return &Config{} },
	}
}

// containerName is the sidecar's name, unless another one of ours has it.
const containerName = "log-sidecar"

// Injection returns the sidecar, and the volumes that it needs to see what the
// app writes.
func (c *Config) Injection(v *pod.View, owner inject.Owner) (*inject.Injection, []pod.Finding) {
	p := &plan{config: c, view: v, volumes: map[string]string{}}
	for i, l := range c.Logs {
		for _, file := range l.Paths {
			p.file(i, l, file)
		}
	}
	inj := &p.injection
	name := inject.FreeName(v, owner, containerName)
	if c.Container != nil {
		name = cmp.Or(c.Container.Name, name)
	}
	sidecar := inject.Override(c.agent(p, name, owner), c.Container)
	sidecar.Name = name
	inj.Containers = []inject.Container{{Container: sidecar, Rank: inject.RankBeside}}
	if c.FSGroup != nil {
		inj.Fields = []inject.Field{{Path: []string{"securityContext", "fsGroup"}, Value: *c.FSGroup}}
	}
	return inj, p.findings
}

// agent is the container of the agent, with all that it needs in the plan.
func (c *Config) agent(p *plan, name string, owner inject.Owner) corev1.Container {
	if c.Agent == agentTail {
		return c.tail(p)
	}
	return c.newSidecar(p, name, owner).container()
}

// drain follows files by name, through rotation and truncation. The shell stays
// process 1 and handles TERM, which tail as process 1 would ignore; it waits a
// second for the last lines. Paths are positional parameters, never shell text.
const drain = `trap 'sleep 1; kill $!; exit 0' TERM INT; tail -q -n%s -F "$@" & wait $!`

func (c *Config) tail(p *plan) corev1.Container {
	image := images.Busybox()
	from := "+1"
	if c.Logs[0].ReadFrom == readFromEnd {
		from = "0"
	}
	sidecar := corev1.Container{
		Image:           image.String(),
		Command:         append([]string{"sh", "-c", fmt.Sprintf(drain, from), agentTail}, inject.Literals(p.files)...),
		Env:             p.env,
		VolumeMounts:    p.mounts,
		SecurityContext: p.security(image.UID),
		Resources:       inject.ResourcesIn(p.view, "5m", "16Mi", "100m", "32Mi"),
	}
	if c.Platform == config.PlatformOpenShift {
		sidecar.SecurityContext = inject.Restricted(0)
	}
	return sidecar
}

// security is the agent's security context. It runs as the user of the app,
// where that is known and is not root: then it can read what the app writes.
func (p *plan) security(uid int64) *corev1.SecurityContext {
	user, group := p.view.RunAsUser, p.view.RunAsGroup
	if len(p.writing) > 0 {
		user, group = cmp.Or(p.writing[0].RunAsUser, user), cmp.Or(p.writing[0].RunAsGroup, group)
	}
	if user == nil || *user == 0 {
		return inject.Restricted(uid)
	}
	sc := inject.Restricted(*user)
	if group != nil && *group != 0 {
		sc.RunAsGroup = group
	}
	return sc
}
