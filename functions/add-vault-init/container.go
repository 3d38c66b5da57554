package vaultinit

import (
	"slices"
	"strconv"

	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/pkg/images"
	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
)

// agents are the containers of a mode.
type agents struct {
	first  bool // one that renders all and ends
	beside bool // one that goes on
	gate   bool // the app waits for the one that goes on
}

func agentsOf(mode string) agents {
	return map[string]agents{
		modeInit:    {first: true},
		modeSidecar: {beside: true},
		modeBoth:    {first: true, beside: true},
		modeNative:  {beside: true, gate: true},
	}[mode]
}

// addAgents adds the containers and their config.
func (p *plan) addAgents(mounts []corev1.VolumeMount) {
	wanted, data := agentsOf(p.Mode), map[string]string{}
	if wanted.first {
		data[initFile] = p.configText(true)
		p.add(p.container(initName, initFile, mounts), inject.RankVault, true)
	}
	if wanted.beside {
		data[sidecarFile] = p.configText(false)
		c := p.container(sidecarName, sidecarFile, mounts)
		if wanted.gate {
			c.StartupProbe = p.rendered()
		}
		if p.Agent.RevokeOnShutdown {
			p.revoke(&c)
		}
		p.add(c, p.besideRank(wanted), false)
	}
	p.inj.AddConfigMap(p.owner, p.configMapName(), data)
}

// besideRank is the place of the agent that goes on: behind the one that ends, whose
// work it takes over. A plain container stands behind the app.
func (p *plan) besideRank(wanted agents) inject.Rank {
	switch {
	case !p.Native() || p.view.PlainOnly:
		return inject.RankBeside
	case wanted.first:
		return inject.RankPrepare
	default:
		return inject.RankVault
	}
}

func (p *plan) add(c corev1.Container, rank inject.Rank, first bool) {
	override := p.Container
	if override != nil && override.Name != "" && first && p.Mode == modeBoth {
		renamed := *override
		renamed.Name = inject.Label(override.Name, "init")
		override = &renamed
	}
	c = inject.Override(c, override)
	p.inj.Containers = append(p.inj.Containers, inject.Container{Container: c, Rank: rank, Init: first, Ends: p.Agent.Listener != nil && p.Agent.Listener.Quit})
}

// container is an agent. Its image's entrypoint is left out: that wants to be
// root, to change owners and capabilities.
func (p *plan) container(name, file string, mounts []corev1.VolumeMount) corev1.Container {
	f := p.flavor()
	c := corev1.Container{
		Name:                     p.names.of(name),
		Image:                    images.Get(f.image).String(),
		Command:                  []string{f.binary, "agent"},
		Args:                     []string{"-config=" + configDir + "/" + file},
		Env:                      p.agentEnv(f),
		VolumeMounts:             mounts,
		SecurityContext:          p.access.security,
		TerminationMessagePolicy: corev1.TerminationMessageFallbackToLogsOnError,
		Resources:                inject.ResourcesIn(p.view, "25m", "64Mi", "500m", "128Mi"),
	}
	return c
}

// agentEnv are the settings that the agent takes as variables alone.
func (p *plan) agentEnv(f flavor) []corev1.EnvVar {
	return variables("", "HOME", f.home, f.prefix+"NAMESPACE", p.Namespace, f.prefix+"CLIENT_TIMEOUT", p.Agent.ClientTimeout)
}

// clientEnv is what the program needs to speak to the server as the agent does.
func (p *plan) clientEnv(f flavor) []corev1.EnvVar {
	s := p.serverBlock()
	skip := ""
	if s.TLSSkipVerify {
		skip = "true"
	}
	return variables(f.prefix, "ADDR", s.Address, "CACERT", s.CACert, "CLIENT_CERT", s.ClientCert, "CLIENT_KEY", s.ClientKey,
		"TLS_SERVER_NAME", s.TLSServerName, "SKIP_VERIFY", skip)
}

// variables makes variables of names and values, without those that are empty.
func variables(prefix string, pairs ...string) []corev1.EnvVar {
	var env []corev1.EnvVar
	for pair := range slices.Chunk(pairs, 2) {
		if pair[1] != "" {
			env = append(env, corev1.EnvVar{Name: prefix + pair[0], Value: inject.Literal(pair[1])})
		}
	}
	return env
}

// rendered is the probe that all files are there. It ends five minutes after the
// agent's start, which then starts again.
func (p *plan) rendered() *corev1.Probe {
	var files []string
	for _, t := range p.templates() {
		files = append(files, t.Destination)
	}
	if p.Agent.TokenFile != "" {
		files = append(files, p.agentDir("")+"/"+p.Agent.TokenFile)
	}
	test := []string{"test", "-s"}
	if len(files) != 1 {
		test = []string{"sh", "-c", `for f in "$@"; do test -s "$f" || exit 1; done`, "rendered"}
	}
	return &corev1.Probe{
		ProbeHandler:  corev1.ProbeHandler{Exec: &corev1.ExecAction{Command: append(test, files...)}},
		PeriodSeconds: 2, TimeoutSeconds: 5, FailureThreshold: 150,
	}
}

// revoke gives the token back when the pod ends, and with it all that was leased.
func (p *plan) revoke(c *corev1.Container) {
	f := p.flavor()
	c.Env = append(c.Env, p.clientEnv(f)...)
	c.Lifecycle = &corev1.Lifecycle{PreStop: &corev1.LifecycleHandler{Exec: &corev1.ExecAction{Command: []string{
		"sh", "-c", `sleep "$1"; exec "$2" token revoke -self`, "revoke", strconv.FormatInt(*p.Agent.RevokeGraceSeconds, 10), f.binary}}}}
}
