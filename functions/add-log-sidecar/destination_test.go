package logsidecar_test

import (
	"strings"
	"testing"
)

// to is a spec with a destination.
func to(agent, destination string) string {
	return "{agent: " + agent + ", " + oneLog + ", destination: " + destination + "}"
}

// TestSecretsByReference checks that no agent is given a secret in its
// configuration or its arguments, and that every variable that the
// configuration reads is there.
func TestSecretsByReference(t *testing.T) {
	for agent, pairs := range agents() {
		for _, destination := range cases(pairs) {
			m := run(t, pairSpec(agent, destination))
			env := map[string]bool{}
			for _, e := range m.sidecar().Env {
				env[e.Name] = true
				if strings.HasPrefix(e.Name, "DESTINATION_") && e.ValueFrom.SecretKeyRef == nil {
					t.Errorf("%s to %s: %s is no reference", agent, destination, e.Name)
				}
			}
			for _, name := range []string{"DESTINATION_USERNAME", "DESTINATION_PASSWORD", "DESTINATION_TOKEN", "DESTINATION_API_KEY"} {
				if env[name] != strings.Contains(m.text(), name) {
					t.Errorf("%s to %s: %s is in the environment: %v, in the configuration: %v", agent, destination, name, env[name], !env[name])
				}
			}
		}
	}
}
