package cases

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const withComments = `# the shop
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web # public
  annotations:
    linkerd.io/inject: enabled
    vault.hashicorp.com/role: "web"
spec:
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:

      # the app
      - name: app
        image: app   # pinned by CI
        env: []
      # no sidecars here
      volumes:
      - {name: data, emptyDir: {}}

# the end
`

// other is a config that differs from appLog in every part.
const other = `
logs: [{paths: [/srv/app/logs/out.log, /var/log/app/app.log]}]
volume: {sizeLimit: 1Gi}
fsGroup: 2000
container: {image: registry.example.com/busybox:1.37.0, env: [{name: A, value: b}]}`

func TestCase18_ChangedConfigConverges(t *testing.T) {
	for _, specs := range [][2]string{
		{appLog, other}, {other, appLog}, {appLog, appLog + "\ninjectAs: container"}, {appLog + "\ninjectAs: container", appLog},
		{appLog, appLog + "\ncontainer: {name: tailer}"}, {appLog, appLog + "\nvolume: {claimName: c}"},
	} {
		a, b := logs(t, specs[0]), logs(t, specs[1])
		for _, src := range []string{withComments, deployment(app), crlf(withComments)} {
			old, _ := a.keeps(src)
			updated, _ := b.keepsFrom(old, src)
			direct, _ := b.keeps(src)
			if diff := cmp.Diff(direct, updated); diff != "" {
				t.Errorf("%s\nthen\n%s (-direct +updated):\n%s", specs[0], specs[1], diff)
			}
		}
	}
}

// keepsFrom is keeps for a text that holds earlier injections into src.
func (r run) keepsFrom(old, src string) (string, string) {
	r.t.Helper()
	out, report := r.text(old)
	if report.Failed() {
		r.t.Fatalf("run failed: %s", lines(report))
	}
	if diff := cmp.Diff(src, removed(r.t, out)); diff != "" {
		r.t.Errorf("removal does not give the original back (-original +removed):\n%s", diff)
	}
	return out, lines(report)
}

func crlf(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") }

// What the user writes between two runs stays, beside and inside of ours.
func TestCase18_UserEditsInBetween(t *testing.T) {
	out, _ := logs(t, appLog).keeps(deployment(app))
	edits := strings.NewReplacer(
		"image: app\n", "image: app:2 # newer\n        env:\n        - {name: A, value: b}\n",
		"sizeLimit: 256Mi\n", "sizeLimit: 256Mi\n      - name: data\n        emptyDir: {}\n",
		"        volumeMounts:\n        - name: logs\n          mountPath: /var/log/app\n      volumes", "        volumeMounts:\n        - name: logs\n          mountPath: /var/log/app\n        - name: data\n          mountPath: /data\n      volumes",
		"  annotations:\n    krm", "  annotations:\n    owner: me\n    krm",
	)
	edited := edits.Replace(out)
	again, report := logs(t, appLog).text(edited)
	if diff := cmp.Diff(edited, again); diff != "" {
		t.Errorf("the user's edits do not stay (-edited +again):\n%s%s", diff, lines(report))
	}
	want := strings.Replace(deployment(`
containers:
- name: app
  image: app:2 # newer
  env:
  - {name: A, value: b}
  volumeMounts:
  - name: data
    mountPath: /data
volumes:
- name: data
  emptyDir: {}
`), "  name: web\n", "  name: web\n  annotations:\n    owner: me\n", 1)
	if diff := cmp.Diff(want, removed(t, edited)); diff != "" {
		t.Errorf("after removal (-want +got):\n%s", diff)
	}
}

func TestCase18_EditInsideOfOursIsUndone(t *testing.T) {
	out, _ := logs(t, appLog).keeps(withComments)
	edited := strings.Replace(out, "        resources:\n", "        env:\n        - name: A\n          value: b\n        resources:\n", 1)
	again, report := logs(t, appLog).text(edited)
	logs(t, appLog).results(report, []string{"warning drift spec.template"})
	if diff := cmp.Diff(out, again); diff != "" {
		t.Errorf("(-first +again):\n%s", diff)
	}
}

// A workload that the target no longer selects loses what it had.
func TestCase18_TargetNoLongerSelects(t *testing.T) {
	out, _ := logs(t, appLog).keeps(withComments)
	r := logs(t, appLog+"\ntarget: {names: [api]}")
	back, report := r.text(out)
	if diff := cmp.Diff(withComments, back); diff != "" {
		t.Errorf("(-original +got):\n%s", diff)
	}
	r.results(report, []string{"warning nothing-matched spec.target"})
	optedOut := strings.Replace(out, "linkerd.io/inject: enabled", `krm-sidecars.dev/inject: "false"`, 1)
	back, _ = logs(t, appLog).text(optedOut)
	if diff := cmp.Diff(strings.Replace(withComments, "linkerd.io/inject: enabled", `krm-sidecars.dev/inject: "false"`, 1), back); diff != "" {
		t.Errorf("opted out (-original +got):\n%s", diff)
	}
}

func TestCase18_RemoveKeepsTheUsersOwn(t *testing.T) {
	if diff := cmp.Diff(withComments, removed(t, withComments)); diff != "" {
		t.Errorf("removal changes what has nothing of ours (-want +got):\n%s", diff)
	}
	shared := strings.Replace(withComments, "linkerd.io/inject: enabled", "cluster-autoscaler.kubernetes.io/safe-to-evict-local-volumes: data", 1)
	logs(t, appLog).keeps(shared)
}

func TestCase18_KeyOfARecordIsGone(t *testing.T) {
	out, _ := logs(t, appLog).keeps(withComments)
	var without []string
	for line := range strings.Lines(out) {
		if !strings.Contains(line, "krm-sidecars.dev/add-log-sidecar.logs") {
			without = append(without, line)
		}
	}
	logs(t, appLog).refuses(strings.Join(without, ""), "error container-name-conflict spec.template.spec.initContainers[name=log-sidecar]")
}

func TestCase18_BrokenRecord(t *testing.T) {
	src := strings.Replace(withComments, "linkerd.io/inject: enabled", "krm-sidecars.dev/add-log-sidecar.logs: '{\"made\":'", 1)
	logs(t, appLog).refuses(src, `error invalid-record metadata.annotations["krm-sidecars.dev/add-log-sidecar.logs"]`)
}
