package sidecar_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	sidecar "github.com/krm-sidecars/krm-sidecars/functions/add-sidecar"
	"github.com/krm-sidecars/krm-sidecars/pkg/fntest"
	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
)

func TestCases(t *testing.T) { fntest.Golden(t, sidecar.Function()) }

func TestReference(t *testing.T) { fntest.Reference(t, sidecar.Function().New()) }

const shop = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
spec:
  selector:
    matchLabels: {app: shop}
  template:
    metadata:
      labels: {app: shop}
    spec:
      containers:
      - name: web
        image: nginx:1.29
        env:
        - {name: REGION, value: eu} # where it runs
        resources: {requests: {cpu: 1, memory: 1Gi}}
        volumeMounts:
        - {name: conf, mountPath: /etc/nginx/conf.d}
      volumes:
      - name: conf
        configMap: {name: conf} # ours
`

const agent = "container: {name: agent, image: 'agent:1.4.2'}\n"

// TestConfigChanges: what an earlier config left behind does not matter.
func TestConfigChanges(t *testing.T) {
	specs := []string{
		agent,
		agent + "type: init\nphase: before",
		agent + "files: {mountPath: /etc/agent, data: {a: b}}\nwritable: [/tmp]",
		agent + "transferEnv: [{all: true}]\nshareVolumes: {}\nresourcesShare: {cpu: 10%, memory: 10%}",
		agent + "volumes: [{name: run, emptyDir: {}}]\nmounts: [{name: run, mountPath: /run/agent}]\nenv: [{name: AGENT, value: /run/agent}]",
		agent + "labels: {agent: a}\nannotations: {agent: a}\nimagePullSecrets: [registry]",
	}
	for _, old := range specs {
		for _, spec := range specs {
			want, _ := fntest.Run(t, configured(t, "agent", spec), shop)
			before, _ := fntest.Run(t, configured(t, "agent", old), shop)
			got, report := fntest.Run(t, configured(t, "agent", spec), before)
			if report.Failed() || got != want {
				t.Errorf("%q after %q (-fresh +got):\n%s\n%v", spec, old, cmp.Diff(want, got), report.Results)
			}
		}
	}
}

// TestOthersAreNotCopied: a sidecar that copies all of the app gets the same,
// whether another one has been there before or not.
func TestOthersAreNotCopied(t *testing.T) {
	adds := configured(t, "adds", agent+"volumes: [{name: run, emptyDir: {}}]\nmounts: [{name: run, mountPath: /run/agent}]\nenv: [{name: AGENT, value: /run/agent}]")
	copies := configured(t, "copies", "container: {name: copy, image: 'copy:1.0'}\ntransferEnv: [{all: true}]\nshareVolumes: {}")
	want, report := fntest.Run(t, append(copies, adds...), shop)
	if report.Failed() || strings.Contains(want, "run\n          mountPath: /run/agent\n          readOnly: true") {
		t.Fatalf("what another function has added is copied:\n%s\n%v", want, report.Results)
	}
	for _, order := range [][]*krm.Instance{append(adds, copies...), append(copies, adds...)} {
		got := shop
		for _, one := range order {
			got, _ = fntest.Run(t, []*krm.Instance{one}, got)
		}
		if got != want {
			t.Errorf("one after the other differs (-together +got):\n%s", cmp.Diff(want, got))
		}
	}
}

func configured(t testing.TB, name, spec string) []*krm.Instance {
	t.Helper()
	return fntest.Instances(t, []krm.Function{sidecar.Function()},
		strings.Replace(header, "name: agent", "name: "+name, 1)+"  "+strings.ReplaceAll(strings.TrimSpace(spec), "\n", "\n  ")+"\n")
}
