package fnsdk_test

import (
	"strings"
	"testing"

	"github.com/GoogleContainerTools/kpt-functions-sdk/go/fn"

	logsidecar "github.com/krm-sidecars/krm-sidecars/functions/add-log-sidecar"
	"github.com/krm-sidecars/krm-sidecars/pkg/fnsdk"
)

const list = `apiVersion: config.kubernetes.io/v1
kind: ResourceList
items:
- apiVersion: v1
  kind: Service
  metadata:
    name: web
- apiVersion: apps/v1
  kind: Deployment
  metadata:
    name: web
  spec:
    template:
      spec:
        containers:
        # the app
        - name: app
          image: web:1
- apiVersion: v1
  kind: ConfigMap
  metadata:
    name: a
functionConfig:
  apiVersion: krm-sidecars.dev/v1alpha1
  kind: AddLogSidecar
  metadata:
    name: logs
  spec:
    logs:
    - paths: [PATH]
`

func process(t *testing.T, path string) (*fn.ResourceList, bool) {
	t.Helper()
	rl, err := fn.ParseResourceList([]byte(strings.Replace(list, "PATH", path, 1)))
	if err != nil {
		t.Fatal(err)
	}
	ok, err := fnsdk.Processor(logsidecar.Function()).Process(rl)
	if err != nil {
		t.Fatal(err)
	}
	return rl, ok
}

func TestProcess(t *testing.T) {
	rl, ok := process(t, "/var/log/app/app.log")
	if !ok || len(rl.Results) != 0 {
		t.Fatalf("Process() = %v, results %v", ok, rl.Results)
	}
	var kinds []string
	for _, item := range rl.Items {
		kinds = append(kinds, item.GetKind())
	}
	if got := strings.Join(kinds, " "); got != "Service Deployment ConfigMap" {
		t.Errorf("the items are %s, want them in their order", got)
	}
	text := rl.Items[1].String()
	for _, want := range []string{"# the app\n", "name: log-sidecar\n", "restartPolicy: Always\n"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
}

func TestProcessTellsErrors(t *testing.T) {
	rl, ok := process(t, "app.log")
	if ok || len(rl.Results) != 1 || rl.Results[0].Severity != fn.Error {
		t.Fatalf("Process() = %v, results %v", ok, rl.Results)
	}
	if strings.Contains(rl.Items[1].String(), "log-sidecar") {
		t.Error("the items have changed although the run failed")
	}
}
