package guide_test

import (
	"strings"
	"testing"

	"github.com/krm-sidecars/krm-sidecars/tests/cluster/sidecars"
)

// TestScript: the page that a script makes is there when the app starts.
func TestScript(t *testing.T) {
	n := restricted(t)
	n.Apply(sidecars.Inject(t, config("AddInitContainer", `
script:
  text: |
    echo "made by $(id -u), costs $(( 20 + 1 )) \$5"
  output: index.html
  into: {path: /tmp/site}
`), app(idle)))
	pod := n.Ready("app=web")
	if err := wrote(n.Exec(pod.Name, "app", "cat", "/tmp/site/index.html"), "made by 1000, costs 21 $5\n"); err != nil {
		t.Error(err)
	}
	found.Found(t, "script: a file that a script prepares", "there when the app starts, and its own to change")
}

// TestScriptFails: a script that fails keeps the app from starting, and leaves no
// part of its output.
func TestScriptFails(t *testing.T) {
	n := restricted(t)
	n.Apply(sidecars.Inject(t, config("AddInitContainer", `
script:
  text: |
    echo half
    cat /nowhere
    echo other half
  output: index.html
  into: {path: /tmp/site}
`), app(idle)))
	if message := failure(n, "script"); !strings.Contains(message, "exit code 1: ") || !strings.Contains(message, "/nowhere") {
		t.Errorf("the pod's status says: %s", message)
	}
	found.Found(t, "script: one that fails", "the app does not start")
}
