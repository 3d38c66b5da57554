package exporter_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	exporter "github.com/krm-sidecars/krm-sidecars/functions/add-exporter"
	"github.com/krm-sidecars/krm-sidecars/pkg/fntest"
	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
)

const header = "apiVersion: krm-sidecars.dev/v1alpha1\nkind: AddExporter\nmetadata:\n  name: metrics\nspec:\n"

func TestCases(t *testing.T) { fntest.Golden(t, exporter.Function()) }

func TestReference(t *testing.T) { fntest.Reference(t, exporter.Function().New()) }

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
        - {name: JAVA_TOOL_OPTIONS, value: -Xmx1g}
        volumeMounts:
        - {name: conf, mountPath: /etc/nginx/conf.d}
      - name: cache
        image: redis:8
        ports:
        - containerPort: 9121
      volumes:
      - name: conf
        configMap: {name: conf} # ours
---
apiVersion: v1
kind: Service
metadata:
  name: shop
  labels: {app: shop}
spec:
  selector: {app: shop}
  ports:
  - port: 80 # the shop
`

// TestConfigChanges: what an earlier config left behind does not matter.
func TestConfigChanges(t *testing.T) {
	specs := []string{
		"preset: nginx",
		"preset: nginx\nport: 9200\ndiscovery: {podMonitor: {}}",
		"preset: nginx\nport: 9200\ndiscovery: {serviceMonitor: {}}",
		"preset: redis\nport: auto\nexcludeFromMesh: linkerd",
		"preset: redis\nport: auto\ndiscovery: {serviceMonitor: {interval: 1m}}",
		"preset: jmx\njmx: {image: jmx:1, jar: /agent.jar}",
		"preset: statsd\ndiscovery: none",
		"preset: native\nport: 8080",
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
	return fntest.Instances(t, []krm.Function{exporter.Function()}, header+"  "+strings.ReplaceAll(spec, "\n", "\n  ")+"\n")
}
