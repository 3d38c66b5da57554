package lint_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

const shared = `apiVersion: config.kubernetes.io/v1
kind: ResourceList
functionConfig:
  apiVersion: krm-sidecars.dev/v1alpha1
  kind: LintSidecars
  metadata: {name: lint}
  spec: {rules: {SC011: off, SC013: off, SC014: off}}
items:
- apiVersion: v1
  kind: ConfigMap
  metadata:
    name: settings
    annotations: {internal.config.kubernetes.io/path: config/settings.yaml, internal.config.kubernetes.io/index: '1'}
  data: {SMTP_PASSWORD: hunter2}
- apiVersion: v1
  kind: ConfigMap
  metadata: {name: nobodys}
  data: {SMTP_PASSWORD: hunter2}
- apiVersion: apps/v1
  kind: Deployment
  metadata:
    name: web
    annotations: {internal.config.kubernetes.io/path: web.yaml}
  spec:
    template:
      spec:
        containers:
        - name: app
          image: example.com/web:1.4
          envFrom: [{configMapRef: {name: settings}}]
`

// TestBeside: what is wrong with another object than the workload is told of that
// object, in its file.
func TestBeside(t *testing.T) {
	_, report, err := krm.RunList([]krm.Function{function()}, "", shared)
	if err != nil {
		t.Fatal(err)
	}
	var got []krm.Result
	for _, r := range report.Results {
		r.Function, r.Message = "", ""
		got = append(got, r)
	}
	want := []krm.Result{{
		Ref: pod.Ref{APIVersion: "v1", Kind: "ConfigMap", Name: "settings"}, Severity: pod.Error, Code: pod.Lint, Rule: "SC025", Verdict: pod.Fails,
		Field: `data["SMTP_PASSWORD"]`, File: "config/settings.yaml", Index: "1", AtLine: 14,
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("results (-want +got):\n%s", diff)
	}
}
