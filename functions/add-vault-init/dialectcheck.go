package vaultinit

import (
	"strings"

	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// dropUnused takes away what needs an agent beside the app where there is none:
// the webhook, too, does without.
func (d *dialect) dropUnused() {
	a := &d.config.Agent
	if d.config.Mode == modeInit {
		const why = "has no effect without a sidecar; remove it, or agent-pre-populate-only"
		d.unused("agent-cache-enable", why, a.Listener != nil && d.agent.cache != nil)
		d.unused("agent-enable-quit", why, a.Listener != nil && d.agent.quit != nil)
		d.unused("agent-revoke-on-shutdown", why, a.RevokeOnShutdown)
		a.Listener, a.RevokeOnShutdown = nil, false
		a.ExitOnError = false // an init container always does
	}
	if !a.RevokeOnShutdown {
		d.unused("agent-revoke-grace", "has no effect without agent-revoke-on-shutdown; remove it", a.RevokeGraceSeconds != nil)
		a.RevokeGraceSeconds = nil
	}
	for _, name := range []string{"agent-cache-listener-port", "agent-cache-use-auto-auth-token"} {
		d.unused(name, "has no effect without agent-cache-enable; remove it", a.Listener == nil)
	}
}

func (d *dialect) unused(name, why string, unused bool) {
	if g, there := d.given[name]; there && unused {
		d.find(pod.Warning, pod.AnnotationUnused, d.place(g.key), "%s", why)
	}
}

// validate reports what is wrong with the config that came out, at the annotation
// that said it.
func (d *dialect) validate() {
	errs := d.config.wrong()
	if d.agent.configMap == "" {
		errs = append(d.config.missing(), errs...)
	}
	for _, e := range errs {
		if key := d.behind(e.Path); key != "" {
			d.find(pod.Error, pod.AnnotationInvalid, d.place(key), "%s", d.inTheirWords(e.Msg))
			continue
		}
		hint := map[string]string{"spec.address": "service", "spec.role": "role", "spec.secrets": "agent-inject-secret-<name>"}[e.Path]
		if hint != "" {
			hint = "; or add the annotation " + d.prefix + hint
		}
		d.find(pod.Error, pod.InvalidConfig, d.view.Path.String(), "%s%s", e.Error(), hint)
	}
}

// behind is the annotation that a field of the config comes from, or that
// something above it does.
func (d *dialect) behind(field string) string {
	for at := field; at != ""; {
		if key := d.origin[at]; key != "" {
			return key
		}
		at = at[:max(strings.LastIndexAny(at, ".["), 0)]
	}
	return ""
}

// inTheirWords names annotations in a message in the place of the fields that they
// stand behind.
func (d *dialect) inTheirWords(message string) string {
	words := strings.Split(message, " ")
	for i, word := range words {
		if strings.HasPrefix(word, "secrets[") {
			word = "spec." + word
		}
		if key := d.origin[word]; key != "" {
			words[i] = key
		}
	}
	return strings.Join(words, " ")
}
