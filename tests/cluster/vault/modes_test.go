package vault_test

import (
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/tests/box"
	"github.com/krm-sidecars/krm-sidecars/tests/cluster/apps"
)

// often has a sidecar look for new values.
const often = "  agent: {staticSecretRenderInterval: 1s}\n"

// TestModes: where a mode says that the app waits, its first command finds the
// secret, and where it says that changes arrive, the app reads the new value.
func TestModes(t *testing.T) {
	for _, c := range []struct {
		mode          string
		waits, renews bool
		agents, told  string
	}{
		{mode: "init", waits: true, agents: "vault-agent-init", told: "the app's first command reads the secret"},
		{mode: "sidecar", renews: true, agents: "vault-agent", told: "the secret arrives, and a new value of it"},
		{mode: "sidecar, injectAs: container", renews: true, told: "the secret arrives, and a new value of it"},
		{mode: "init+sidecar", waits: true, renews: true, agents: "vault-agent-init vault-agent", told: "the app's first command reads the secret; a new value arrives"},
		{mode: "native", waits: true, renews: true, agents: "vault-agent", told: "the app's first command reads the secret; a new value arrives"},
	} {
		t.Run(c.mode, func(t *testing.T) {
			n := newTenant(t)
			n.start(base+"  mode: "+strings.ReplaceAll(c.mode, ", ", "\n  ")+"\n"+password+often, web)
			pod := n.Ready("app=web")
			box.Equal(t, "init containers", c.agents, strings.Join(names(pod.Spec.InitContainers), " "))
			n.shows(pod, "reads first")
			if text := n.Logs(pod, "app"); c.waits && !strings.HasPrefix(text, "begins with first\n") {
				t.Errorf("the app did not wait:\n%s", text)
			}
			if c.renews {
				n.Keep(map[string]any{"password": "second"})
				n.shows(pod, "reads second")
			}
			found.Found(t, "mode "+c.mode, c.told)
		})
	}
}

func names(containers []corev1.Container) []string {
	var all []string
	for _, c := range containers {
		all = append(all, c.Name)
	}
	return all
}

// TestJobs: a Job ends, although an agent would run for ever.
func TestJobs(t *testing.T) {
	for _, mode := range []string{"init", "sidecar", "init+sidecar", "native"} {
		t.Run(mode, func(t *testing.T) {
			n := newTenant(t)
			n.start(base+"  mode: "+mode+"\n"+password, apps.Job(does(`until test -s /vault/secrets/web; do sleep 1; done
echo "done with $(cat /vault/secrets/web)"`)))
			n.Kubectl("wait", "--for=condition=complete", "--timeout=2m", "job/web")
			pod := n.Reach("app=web", "at its end", func(p *corev1.Pod) bool { return p.Status.Phase == corev1.PodSucceeded })
			box.Equal(t, "the app's log", "done with first\n", n.Logs(pod, "app"))
			found.Found(t, "a Job, mode "+mode, "reads the secret and completes")
		})
	}
}
