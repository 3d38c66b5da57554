package vault_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"

	"github.com/krm-sidecars/krm-sidecars/tests/box"
)

// TestListener: an app without a token reads through the agent, which has one.
func TestListener(t *testing.T) {
	n := newTenant(t)
	n.start(base+"  mode: native\n  agent: {listener: {}}\n"+password,
		does("wget -qO- http://127.0.0.1:8200/v1/secret/data/NAMESPACE/web; echo; "+idle))
	pod := n.Ready("app=web")
	n.shows(pod, "}")
	var answer struct {
		Data struct{ Data map[string]string }
	}
	box.Check(t, json.Unmarshal([]byte(n.Logs(pod, "app")), &answer))
	box.Equal(t, "the secret", map[string]string{"password": "first"}, answer.Data.Data)
	found.Found(t, "an app that asks the agent's listener, without a token", "gets the secret")
}

// TestReload: the agent signals the app when there is a new value.
func TestReload(t *testing.T) {
	n := newTenant(t)
	n.start(base+`  mode: native
  shareProcessNamespace: true
  secrets:
  - path: secret/data/NAMESPACE/web
    keys: [password]
    command: [sh, -c, "pkill -HUP -f '[m]arker-of-the-app' || true"]
`+often, does("# marker-of-the-app\ntrap 'echo again $(cat /vault/secrets/web)' HUP\n"+idle))
	pod := n.Ready("app=web")
	n.Keep(map[string]any{"password": "second"})
	n.shows(pod, "again second")
	found.Found(t, "a command that signals the app", "is run when there is a new value, and the app reads it")
}

// TestRevoked: when the pod has ended its token is worth nothing.
func TestRevoked(t *testing.T) {
	for _, as := range []string{"native", "container"} {
		t.Run(as, func(t *testing.T) {
			n := newTenant(t)
			n.start(base+"  mode: sidecar\n  injectAs: "+as+"\n  agent: {revokeOnShutdown: true, revokeGraceSeconds: 1, tokenFile: token}\n"+password,
				does("until test -s /vault/secrets/token; do sleep 1; done; echo $(cat /vault/secrets/token)\n"+idle))
			pod := n.Ready("app=web")
			log := n.Follow(pod, "app")
			var token string
			n.WaitFor("the token", func() error {
				text, err := log.Text()
				_, scan := fmt.Sscanln(text, &token)
				return errors.Join(err, scan)
			})
			s, err := server()
			box.Check(t, err)
			known := map[string]any{"token": token}
			if err := s.Write("auth/token/lookup", known); err != nil {
				t.Fatalf("the token is worth nothing from the start: %v", err)
			}
			n.Delete("pod/web")
			if err := s.Write("auth/token/lookup", known); err == nil {
				t.Error("the token outlives the pod")
			}
			found.Found(t, "revokeOnShutdown, "+as+" sidecar", "the agent's token is worth nothing once the pod is gone")
		})
	}
}

// TestAnnotations: a pod that was made for the webhook gets the same from us.
func TestAnnotations(t *testing.T) {
	n := newTenant(t)
	n.start(base+"  fromAnnotations: true\n  mode: native\n", annotated())
	pod := n.Ready("app=web")
	n.shows(pod, "begins with first")
	n.Keep(map[string]any{"password": "second"})
	n.shows(pod, "reads second")
	found.Found(t, "a pod with the webhook's annotations, mode native", "the app's first command reads the secret; a new value arrives")
}
