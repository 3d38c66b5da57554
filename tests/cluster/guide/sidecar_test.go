package guide_test

import (
	"strings"
	"testing"

	"github.com/krm-sidecars/krm-sidecars/tests/cluster/sidecars"
)

// anySidecar answers over a volume that the app and it share, with a file, a
// variable and resources that it has from elsewhere.
const anySidecar = `
container:
  name: agent
  image: busybox:1.37.0
  command: [sh, -c, 'trap "exit 0" TERM; until cat /etc/agent/greeting /srv/name >/tmp/all; do sleep 1; done; echo "$REGION" >>/tmp/all; cp /tmp/all /run/agent/answer; while :; do sleep 1 & wait $!; done']
  volumeMounts:
  - {name: answers, mountPath: /run/agent}
volumes:
- name: answers
  emptyDir: {sizeLimit: 1Mi}
files:
  mountPath: /etc/agent
  data: {greeting: "hello\n"}
writable: [/tmp]
mounts:
- {name: answers, mountPath: /answers, readOnly: true}
env:
- {name: ANSWER, value: /answers/answer}
transferEnv:
- names: [REGION]
shareVolumes: {}
resourcesShare: {cpu: 10%, memory: 10%}
`

// TestAnySidecar: a container of the user's own meets Pod Security restricted, and
// the app and it share what the config says.
func TestAnySidecar(t *testing.T) {
	n := restricted(t)
	manifests := strings.Replace(app(`echo app >/srv/name; `+idle), "        securityContext:\n          allow", `        env:
        - {name: PLACE, value: west}
        - {name: REGION, value: eu-$(PLACE)}
        resources:
          requests: {cpu: 100m, memory: 160Mi}
          limits: {memory: 320Mi}
        volumeMounts:
        - {name: srv, mountPath: /srv}
        securityContext:
          allow`, 1) + "      volumes:\n      - {name: srv, emptyDir: {}}\n"
	n.Apply(sidecars.Inject(t, config("AddSidecar", anySidecar), manifests))
	pod := n.Ready("app=web")
	n.WaitFor("the sidecar's answer", func() error {
		return wrote(n.Exec(pod.Name, "app", "sh", "-c", `cat "$ANSWER"`), "hello\napp\neu-west\n")
	})
	if err := refused(n.Exec(pod.Name, "agent", "touch", "/srv/mine"), "Read-only file system"); err != nil {
		t.Error(err)
	}
	agent := pod.Spec.InitContainers[0]
	if got := agent.Resources.Requests.Cpu().String() + " " + agent.Resources.Limits.Memory().String(); got != "10m 32Mi" {
		t.Errorf("a tenth of the app's resources is %s", got)
	}
	found.Found(t, "add-sidecar: a container of one's own, with a file, the app's variables and volumes, and a tenth of its resources", "runs under Pod Security restricted; the app reads its answer")
}

// TestAnyInit: an init container of the user's own ends before the app starts.
func TestAnyInit(t *testing.T) {
	n := restricted(t)
	n.Apply(sidecars.Inject(t, config("AddSidecar", `
type: init
container:
  name: prepare
  image: busybox:1.37.0
  command: [sh, -c, 'echo prepared >/prepared/state']
  volumeMounts:
  - {name: prepared, mountPath: /prepared}
volumes:
- name: prepared
  emptyDir: {sizeLimit: 1Mi}
mounts:
- {name: prepared, mountPath: /prepared}
`), app("cat /prepared/state; "+idle)))
	pod := n.Ready("app=web")
	n.WaitForLog(n.Follow(pod, "app"), "prepared\n")
	found.Found(t, "add-sidecar: an init container of one's own", "ended before the app started, which found its file")
}
