package initcontainer_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	initcontainer "github.com/krm-sidecars/krm-sidecars/functions/add-init-container"
	vaultinit "github.com/krm-sidecars/krm-sidecars/functions/add-vault-init"
	"github.com/krm-sidecars/krm-sidecars/pkg/fntest"
	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
)

func TestCases(t *testing.T) { fntest.Golden(t, initcontainer.Function(), vaultinit.Function()) }

func TestReference(t *testing.T) { fntest.Reference(t, initcontainer.Function().New()) }

const shop = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
  namespace: shop
spec:
  selector:
    matchLabels: {app: shop}
  template:
    metadata:
      labels: {app: shop}
    spec:
      serviceAccountName: shop
      initContainers:
      - {name: setup, image: "setup:1"}
      containers:
      - name: web # the shop
        image: nginx:1.29
        volumeMounts:
        - {name: data, mountPath: /data}
      volumes:
      - {name: data, emptyDir: {}} # ours
`

// TestConfigChanges: what an earlier config left behind does not matter.
func TestConfigChanges(t *testing.T) {
	specs := []string{
		"waitFor: [{tcp: 'db:5432'}]",
		"waitFor: [{postgres: db}, {http: 'https://api', ca: {secret: ca}}]",
		"waitFor: [{resource: {kind: Job, name: migrate}}]",
		"script: {text: date, output: a, into: {path: /srv/page}}",
		"script: {text: date, into: {path: /data/page}}\ncontainer: {name: page}",
		"custom: {image: 'tool:1', first: true, into: {path: /srv/page}}",
	}
	for _, old := range specs {
		for _, spec := range specs {
			want, _ := fntest.Run(t, configured(t, spec), shop)
			before, _ := fntest.Run(t, configured(t, old), shop)
			got, report := fntest.Run(t, configured(t, spec), before)
			if report.Failed() || got != want {
				t.Errorf("%q after %q (-fresh +got):\n%s\n%v", spec, old, cmp.Diff(want, got), report.Results)
			}
		}
	}
}

func configured(t testing.TB, spec string) []*krm.Instance {
	t.Helper()
	return fntest.Instances(t, []krm.Function{initcontainer.Function()}, header+"  "+strings.ReplaceAll(spec, "\n", "\n  ")+"\n")
}
