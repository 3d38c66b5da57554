package vaultinit

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// dialect reads the annotations by which the injectors of Vault and OpenBao are
// told what to do. What they say becomes a config; the little that a config has
// no words for is done to the injection.
type dialect struct {
	view   *pod.View
	prefix string            // of the annotation that asks for an agent
	config *Config           // what the annotations make of the functionConfig
	given  map[string]given  // by what stands behind the prefix
	origin map[string]string // the annotation behind a field of the config

	agent   agentDraft
	auth    authDraft
	secrets map[string]*secretDraft
	amounts []amount
	volumes []corev1.Volume // for the agents alone

	findings []pod.Finding
}

// prefixes of the annotations. OpenBao's injector reads those of Vault's, and had
// a longer one of its own in its first versions.
func prefixes() []string {
	return []string{vaultPrefix, "openbao.org/", "openbao.openbao.org/"}
}

const (
	vaultPrefix = "vault.hashicorp.com/"
	asksKey     = "agent-inject"
	statusKey   = "agent-inject-status"
	injected    = "injected" // the status that keeps a webhook away
)

// setWebhookDefaults fills in what the webhook does where nobody says anything,
// and a config's own defaults differ.
func (c *Config) setWebhookDefaults() {
	setDefault(&c.Mode, modeBoth)
	if c.Agent.Retries == nil {
		retries := int64(12)
		c.Agent.Retries = &retries
	}
	if c.Mount.ReadOnly == nil {
		no := false
		c.Mount.ReadOnly = &no
	}
}

// injectionFromAnnotations does what the webhook would do with the pod.
func (c *Config) injectionFromAnnotations(v *pod.View, owner inject.Owner) (*inject.Injection, []pod.Finding) {
	d := &dialect{view: v, config: c.forPod(), given: map[string]given{}, origin: map[string]string{}, secrets: map[string]*secretDraft{}}
	if !d.asked() {
		return nil, d.findings
	}
	d.read()
	d.complete()
	d.validate()
	if slices.ContainsFunc(d.findings, func(f pod.Finding) bool { return f.Severity == pod.Error }) {
		return nil, d.findings
	}
	inj, findings := d.config.injection(v, owner)
	d.finish(inj)
	for _, f := range findings {
		f.Message = d.inTheirWords(f.Message)
		d.findings = append(d.findings, f)
	}
	return inj, d.findings
}

// forPod is a copy of the config in which the annotations of one pod may write.
func (c *Config) forPod() *Config {
	own := *c
	own.FromAnnotations, own.sameDirs = false, true
	own.Container = c.Container.DeepCopy()
	own.Secrets = slices.Clone(c.Secrets)
	own.Agent.Telemetry = maps.Clone(c.Agent.Telemetry)
	if l := c.Agent.Listener; l != nil {
		listener := *l
		own.Agent.Listener = &listener
	}
	return &own
}

// place is where an annotation stands, in words.
func (d *dialect) place(key string) string {
	at := "metadata"
	if len(d.view.Path) > 0 {
		at = d.view.Path.String() + ".metadata"
	}
	return fmt.Sprintf("%s.annotations[%q]", at, key)
}

func (d *dialect) find(s pod.Severity, code pod.Code, at, format string, args ...any) {
	d.findings = append(d.findings, pod.Finding{Severity: s, Code: code, Field: at, Message: fmt.Sprintf(format, args...)})
}

// asked reports whether the pod asks for an agent, and says so where it does not.
func (d *dialect) asked() bool {
	off := ""
	for _, prefix := range prefixes() {
		key := prefix + asksKey
		value, there := d.view.Annotations[key]
		if !there {
			continue
		}
		on, wrong := truth(value)
		if wrong != "" {
			d.find(pod.Error, pod.AnnotationInvalid, d.place(key), "%s", wrong)
			return false
		}
		switch {
		case !on:
			off = key
		case d.prefix == "":
			d.prefix = prefix
		}
	}
	switch {
	case d.prefix != "":
		return !d.done()
	case off != "":
		d.find(pod.Info, pod.OptedOut, d.place(off), "says false; the pod is left alone")
	default:
		d.notAsked()
	}
	return false
}

// done reports whether somebody else did what the pod asks for.
func (d *dialect) done() bool {
	for _, prefix := range prefixes() {
		if d.view.Annotations[prefix+statusKey] == injected {
			d.find(pod.Info, pod.AlreadyInjected, d.place(prefix+statusKey), "says that the agent is there already, so that a webhook leaves the pod alone, and so do we; remove it to have the agent written here")
			return true
		}
	}
	return false
}

// notAsked tells why nothing happens, and of annotations that somebody meant to
// have an effect.
func (d *dialect) notAsked() {
	for _, meta := range append(d.view.Between(), d.view.Meta()) {
		for _, prefix := range prefixes() {
			if _, there := meta.Annotations[prefix+asksKey]; there && len(d.view.Path) > 0 {
				d.find(pod.Warning, pod.AnnotationMisplaced, fmt.Sprintf("%s.annotations[%q]", meta.Path, prefix+asksKey),
					"has no effect here; the annotations of the injector belong to the pods: move them to %s.metadata.annotations", d.view.Path)
			}
		}
	}
	message := `has no annotation ` + vaultPrefix + asksKey + `: "true"`
	if slices.ContainsFunc(slices.Collect(maps.Keys(d.view.Annotations)), hasPrefix) {
		message += ", without which the other annotations of the injector do nothing"
	}
	d.find(pod.Info, pod.NotAnnotated, d.view.Path.String(), "%s", message)
}

func hasPrefix(key string) bool {
	return slices.ContainsFunc(prefixes(), func(prefix string) bool { return strings.HasPrefix(key, prefix) })
}
