package cases

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

const cronJob = `apiVersion: batch/v1
kind: CronJob
metadata:
  name: nightly
spec:
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          containers:
          - name: app
            image: app
`

func labelled() inject.Injection {
	return inject.Injection{
		Labels:      map[string]string{"sidecar.istio.io/inject": "true"},
		Annotations: map[string]string{"prometheus.io/port": "9187"},
	}
}

func TestCase01_CronJobWithoutTemplateMetadata(t *testing.T) {
	wants(t, labelled()).changes(cronJob, `
+  annotations:
+    krm-sidecars.dev/add-probe.p: RECORD
+        metadata:
+          labels:
+            sidecar.istio.io/inject: 'true'
+          annotations:
+            prometheus.io/port: '9187'
`)
}

func TestCase01_CronJobOptOutOnTemplate(t *testing.T) {
	src := strings.Replace(cronJob, "        spec:\n", `        metadata:
          annotations: {krm-sidecars.dev/inject: "false"}
        spec:
`, 1)
	wants(t, labelled()).passes(src, "info opted-out spec.jobTemplate.spec.template")
}

// Metadata of the jobTemplate is that of Jobs, where nobody looks for an opt-out.
func TestCase01_CronJobOptOutOnJobTemplateWarns(t *testing.T) {
	src := strings.Replace(cronJob, "    spec:\n      template:", `    metadata:
      annotations: {krm-sidecars.dev/inject: "false"}
    spec:
      template:`, 1)
	out, report := wants(t, labelled()).keeps(src)
	if out == src {
		t.Error("the opt-out on the jobTemplate has kept the pod template from being injected")
	}
	for _, res := range report.Results {
		if res.Severity == pod.Warning && strings.HasPrefix(res.Field, "spec.jobTemplate.metadata.annotations") {
			return
		}
	}
	t.Errorf("no warning about the stray opt-out, only:\n%s", lines(report))
}

func TestCase02_ForeignGroupSameKind(t *testing.T) {
	template := "spec:\n  template:\n    spec:\n      containers: [{name: app, image: app}]\n"
	for _, header := range []string{
		"apiVersion: example.com/v1\nkind: Deployment\nmetadata: {name: web}\n",
		"apiVersion: v1\nkind: Service\nmetadata: {name: web}\n",
		"apiVersion: v1\nkind: Deployment\nmetadata: {name: web}\n",
		"apiVersion: example.com/v1\nkind: Pod\nmetadata: {name: web}\n",
	} {
		logs(t, appLog).passes(header+template, "warning nothing-matched spec.target")
	}
	logs(t, appLog).passes("apiVersion: example.com/v1\nkind: Deployment\nspec: {replicas: three}\n", "warning nothing-matched spec.target")
}

// Knative takes no native sidecars.
func TestCase02_KnativeService(t *testing.T) {
	src := `apiVersion: serving.knative.dev/v1
kind: Service
metadata:
  name: web
spec:
  template:
    spec:
      containers:
      - name: app
        image: app
        ports: [{containerPort: 8080}]
`
	wants(t, containers(beside("agent"))).changes(src, `
+  annotations:
+    krm-sidecars.dev/add-probe.p: RECORD
+      - name: agent
+        image: agent
`)
	wantsWith(t, "injectAs: native", containers(beside("agent"))).refuses(src, "error native-not-supported spec.template.spec.containers")
}

func TestCase03_RolloutWithWorkloadRef(t *testing.T) {
	for _, template := range []string{"", "  template: {}\n", "  template:\n    spec: {containers: [{name: app, image: app}]}\n"} {
		src := "apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {name: web}\nspec:\n" + template +
			"  workloadRef: {apiVersion: apps/v1, kind: Deployment, name: web}\n"
		r := logs(t, appLog)
		r.passes(src, "info no-pod-template spec.workloadRef")
		_, report := r.text(src)
		says(t, result(t, report, pod.NoPodTemplate), "Deployment/web")
	}
}

func TestCase03_RolloutWithTemplate(t *testing.T) {
	src := `apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata:
  name: web
spec:
  template:
    spec:
      containers:
      - name: app
        image: app
`
	wants(t, containers(beside("agent"))).changes(src, `
+  annotations:
+    krm-sidecars.dev/add-probe.p: RECORD
+      initContainers:
+      - name: agent
+        image: agent
+        restartPolicy: Always
`)
}

func TestCase04_ListNestedListEmptyList(t *testing.T) {
	src := `apiVersion: v1
kind: List
items:
- apiVersion: apps/v1
  kind: Deployment
  metadata:
    name: outer
  spec:
    template:
      spec:
        containers:
        - name: app
          image: app
- apiVersion: v1
  kind: List
  items:
  - apiVersion: apps/v1
    kind: StatefulSet
    metadata: {name: inner}
    spec:
      template:
        spec:
          containers:
          - {name: app, image: app}   # on one line
- {apiVersion: v1, kind: ConfigMap, metadata: {name: c}, data: {a:   "1"}}
- apiVersion: v1
  kind: List
  items: []
`
	wants(t, containers(beside("agent"))).changes(src, `
+    annotations:
+      krm-sidecars.dev/add-probe.p: RECORD
+        initContainers:
+        - name: agent
+          image: agent
+          restartPolicy: Always
-    metadata: {name: inner}
+    metadata: {name: inner, annotations: {krm-sidecars.dev/add-probe.p: RECORD}}
+          initContainers:
+          - name: agent
+            image: agent
+            restartPolicy: Always
`)
}

func TestCase04_TypedLists(t *testing.T) {
	r := wants(t, containers(beside("agent")))
	item := "items:\n- metadata:\n    name: web\n  spec:\n"
	pods := item + "    containers:\n    - name: app\n      image: app\n"
	r.changes("apiVersion: v1\nkind: PodList\n"+pods, `
+    annotations:
+      krm-sidecars.dev/add-probe.p: RECORD
+    initContainers:
+    - name: agent
+      image: agent
+      restartPolicy: Always
`, "info immutable-pod")
	deployments := item + "    template:\n      spec:\n        containers:\n        - name: app\n          image: app\n"
	r.changes("apiVersion: apps/v1\nkind: DeploymentList\n"+deployments, `
+    annotations:
+      krm-sidecars.dev/add-probe.p: RECORD
+        initContainers:
+        - name: agent
+          image: agent
+          restartPolicy: Always
`)
}

func TestCase04_EmptyLists(t *testing.T) {
	for _, items := range []string{"items: null\n", "items: []\n", "items:\n", ""} {
		logs(t, appLog).passes("apiVersion: v1\nkind: List\n"+items, "warning nothing-matched spec.target")
	}
}

const noContainers = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  template:\n"

func TestCase05_NoContainers(t *testing.T) {
	for _, spec := range []string{
		"    spec: {containers: []}\n", "    spec:\n      containers: null\n", "    spec:\n      containers:\n",
		"    spec:\n      serviceAccountName: web\n", "    spec: null\n", "    metadata: {labels: {app: web}}\n",
	} {
		logs(t, appLog).passes(noContainers+spec, "info no-containers spec.template")
	}
}

func TestCase05_NoTemplate(t *testing.T) {
	for _, spec := range []string{"spec:\n  replicas: 2\n", "spec: {}\n", "spec:\n", "", "spec:\n  template:\n", "spec: {template: null}\n"} {
		logs(t, appLog).passes("apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\n"+spec, "info no-pod-template")
	}
}

func TestCase05_NullsGiveWay(t *testing.T) {
	src := `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  annotations: null
spec:
  template:
    metadata: null   # later
    spec:
      initContainers: null
      containers:
      - name: app
        image: app
        volumeMounts: []
        env: ~
      volumes:
      # none yet
`
	inj := labelled()
	inj.Containers = []inject.Container{beside("agent")}
	inj.Volumes = append(inj.Volumes, emptyDir("v"))
	inj.Mounts = append(inj.Mounts, mount("app", "v", "/v"))
	r := wants(t, inj)
	out, _ := r.keeps(src)
	want := `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  annotations:
    krm-sidecars.dev/add-probe.p: RECORD
spec:
  template:
    metadata:   # later
      labels:
        sidecar.istio.io/inject: 'true'
      annotations:
        prometheus.io/port: '9187'
    spec:
      initContainers:
      - name: agent
        image: agent
        restartPolicy: Always
      containers:
      - name: app
        image: app
        volumeMounts:
        - name: v
          mountPath: /v
        env: ~
      volumes:
      - name: v
        emptyDir: {}
      # none yet
`
	if diff := cmp.Diff(plain(want), plain(out)); diff != "" {
		t.Errorf("output (-want +got):\n%s", diff)
	}
}
