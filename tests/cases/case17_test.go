package cases

import (
	"strings"
	"testing"
)

// The API server takes probes of native sidecars, and of no other init
// containers. What the user wrote is the user's affair.
func TestCase17_ProbesOfTheUserStay(t *testing.T) {
	probe := "\n  startupProbe: {httpGet: {port: 80}}\n  livenessProbe: {exec: {command: [a]}}"
	logs(t, appLog).onlyAdds(deployment("initContainers:" + plainInit("a") + probe + native("b") + probe + app + strings.TrimPrefix(probe, "\n")))
}

func TestCase17_ProbesFromTheConfig(t *testing.T) {
	const probes = "\ncontainer: {startupProbe: {exec: {command: [a]}}, livenessProbe: {exec: {command: [b]}}}"
	for _, as := range []string{"", "\ninjectAs: container"} {
		out, _ := logs(t, appLog+probes+as).keeps(deployment(app))
		for _, want := range []string{
			"        livenessProbe:\n          exec:\n            command:\n            - b\n",
			"        startupProbe:\n          exec:\n            command:\n            - a\n",
		} {
			if !strings.Contains(out, want) {
				t.Errorf("the sidecar has no\n%s\n%s", want, out)
			}
		}
	}
}
