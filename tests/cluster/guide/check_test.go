package guide_test

import (
	"strings"
	"testing"

	"github.com/krm-sidecars/krm-sidecars/tests/cluster/kube"
	"github.com/krm-sidecars/krm-sidecars/tests/cluster/sidecars"
)

// checked is an app with a file and variables to look at.
func checked() string {
	return strings.Replace(app(idle), "        securityContext:\n          allow", `        env:
        - {name: REGION, value: eu-west-1}
        - {name: TOKEN, valueFrom: {secretKeyRef: {name: web, key: token}}}
        volumeMounts:
        - {name: web, mountPath: /etc/web}
        securityContext:
          allow`, 1) + `      volumes:
      - name: web
        secret: {secretName: web, defaultMode: 0644}
---
apiVersion: v1
kind: Secret
metadata: {name: web}
stringData: {token: t0ken, config: "a: b"}
`
}

// TestCheckPasses: a pod that is as it should be starts.
func TestCheckPasses(t *testing.T) {
	n := restricted(t)
	listen(t, kube.NodeIP+":7041", nil)
	n.Apply(sidecars.Inject(t, config("AddInitContainer", `
check:
  files:
  - {path: /etc/web/config, type: file, notEmpty: true, maxMode: "0644"}
  - {path: /etc/web/other, absent: true}
  env:
  - {name: REGION, pattern: '^eu-[a-z]+-[0-9]$'}
  - {name: TOKEN}
  - {name: DEBUG, absent: true}
  reachable: ['`+kube.NodeIP+`:7041']
  forbid: [root, privileged, host-network]
`), checked()))
	n.Ready("app=web")
	found.Found(t, "check: a pod that is as it should be", "the app starts")
}

// TestCheckFails: all that is wrong is told, no value among it, and the app does
// not start.
func TestCheckFails(t *testing.T) {
	n := restricted(t)
	n.Apply(sidecars.Inject(t, config("AddInitContainer", `
check:
  files:
  - {path: /etc/web/config, maxMode: "0600"}
  - {path: /etc/web/other}
  env:
  - {name: REGION, pattern: '^us-'}
  - {name: TOKEN, pattern: '^s\.'}
  - {name: DEBUG}
  reachable: ['`+kube.NodeIP+`:7042']
timeoutSeconds: 20
`), checked()))
	message := failure(n, "check")
	for _, what := range []string{"/etc/web/config", "/etc/web/other", "REGION", "TOKEN", "DEBUG", kube.NodeIP + ":7042"} {
		if !strings.Contains(message, what) {
			t.Errorf("nothing is told about %s:\n%s", what, message)
		}
	}
	for _, value := range []string{"t0ken", "eu-west-1"} {
		if strings.Contains(message, value) {
			t.Errorf("the value %s is told:\n%s", value, message)
		}
	}
	found.Found(t, "check: a pod with six things wrong", "the app does not start; the pod's status tells all six, and no value")
}
