package vault_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
)

// giveUp bounds how long an agent may try before it tells what is wrong. A login
// is tried once, a read six times within eight seconds.
const giveUp = 30 * time.Second

// refusals are configs and pods that the server turns away, with what tells why.
func refusals() map[string]struct{ from, to, why string } {
	return map[string]struct{ from, to, why string }{
		"role":      {"role: NAMESPACE", "role: nobody", `role "nobody" could not be found`},
		"audience":  {"audience: vault", "audience: others", "invalid audience (aud) claim"},
		"account":   {"serviceAccountName: web", "serviceAccountName: other", "invalid subject (sub) claim"},
		"method":    {"jwt: {audience: vault}", "jwt: {audience: vault, path: auth/none}", "permission denied"},
		"secret":    {"NAMESPACE/web", "others/web", "permission denied"},
		"key":       {"[password]", "[pasword]", "has no key pasword"},
		"authority": {"  tls:\n    ca: {configMap: vault-ca}\n", "", "certificate signed by unknown authority"},
		"server":    {":8200", ":8299", "connection refused"},
	}
}

// TestRefused: who cannot have the secret learns why within a bounded time, from
// the log of the init container and from the status of the pod. The app does not
// start.
func TestRefused(t *testing.T) {
	for name, c := range refusals() {
		t.Run(name, func(t *testing.T) {
			n := newTenant(t)
			change := strings.NewReplacer(c.from, c.to)
			n.start(change.Replace(base+password), change.Replace(web))
			var agent corev1.ContainerStatus
			pod := n.Reach("app=web", "refused", func(p *corev1.Pod) bool {
				if len(p.Status.InitContainerStatuses) == 1 {
					agent = p.Status.InitContainerStatuses[0]
				}
				return ended(agent) != nil
			})
			end := ended(agent)
			if took := end.FinishedAt.Sub(end.StartedAt.Time); end.ExitCode == 0 || took > giveUp {
				t.Errorf("exit code %d after %s:\n%s", end.ExitCode, took, n.Logs(pod, "vault-agent-init"))
			}
			if log := n.Logs(pod, "vault-agent-init"); !strings.Contains(log, c.why) || !strings.Contains(end.Message, c.why) {
				t.Errorf("no %q in one of them\nthe log:\n%s\nthe status:\n%s", c.why, log, end.Message)
			}
			n.waiting(pod.Name)
			found.Found(t, "refused: a wrong "+name, fmt.Sprintf("%q in the log and in the status of the pod; the app does not start", c.why))
		})
	}
}

// ended is how the first run of a container ended, or nil.
func ended(c corev1.ContainerStatus) *corev1.ContainerStateTerminated {
	if c.State.Terminated != nil {
		return c.State.Terminated
	}
	return c.LastTerminationState.Terminated
}

// waiting insists that the app was not started.
func (n tenant) waiting(name string) {
	n.T.Helper()
	pod, err := n.Pod(name)
	if err == nil {
		for _, c := range pod.Status.ContainerStatuses {
			if c.State.Waiting == nil || c.RestartCount != 0 {
				err = errors.Join(err, fmt.Errorf("%s was started: %s", c.Name, c.State.String()))
			}
		}
	}
	if err != nil {
		n.T.Error(err)
	}
}

// TestRefusedNative: a native sidecar goes on trying, says why, and the app does
// not start before it has succeeded.
func TestRefusedNative(t *testing.T) {
	n := newTenant(t)
	role := n.Role()
	role["bound_subject"] = "system:serviceaccount:" + n.Name + ":nobody"
	n.Write("auth/jwt/role/"+n.Name, role)
	n.start(base+"  mode: native\n"+password, web)
	pod := n.Reach("app=web", "tried", func(p *corev1.Pod) bool {
		return len(p.Status.InitContainerStatuses) == 1 && p.Status.InitContainerStatuses[0].State.Running != nil
	})
	n.WaitForLog(n.Follow(pod, "vault-agent"), "invalid subject (sub) claim")
	n.waiting(pod.Name)
	n.Write("auth/jwt/role/"+n.Name, n.Role())
	n.shows(n.Ready("app=web"), "begins with first")
	found.Found(t, "refused, mode native", "the agent says why and goes on trying; the app starts when the role is put right")
}
