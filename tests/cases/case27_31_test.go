package cases

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

func TestCase27_NewFieldsStay(t *testing.T) {
	logs(t, appLog).changes(deployment(`
hostnameOverride: web.example.com
resourceClaims: [{name: gpu, resourceClaimName: gpu}]
fromTheFuture: {a: [1, 2.50, 0x1f]}
containers:
- name: app
  image: app
  resizePolicy: [{resourceName: cpu, restartPolicy: NotRequired}]
  restartPolicy: Never
  restartPolicyRules: [{action: Restart, exitCodes: {operator: In, values: [42]}}]
  env:
  - {name: A, valueFrom: {fileKeyRef: {volumeName: e, path: f, key: k}}}
  securityContext: {procMount: Default}
`), injectedLines)
}

func TestCase27_PodLevelResources(t *testing.T) {
	out, _ := logs(t, appLog).keeps(deployment("resources:\n  limits: {memory: 1Gi}" + app))
	if strings.Contains(out, "        resources:\n") {
		t.Errorf("the sidecar has resources of its own:\n%s", out)
	}
	out, _ = logs(t, appLog+"\ncontainer: {resources: {limits: {memory: 8Mi}}}").keeps(deployment("resources:\n  limits: {memory: 1Gi}" + app))
	if !strings.Contains(out, "        resources:\n          limits:\n            memory: 8Mi\n") {
		t.Errorf("the sidecar has not the resources that the config asks for:\n%s", out)
	}
}

// hosted has the annotations that hosts put on objects.
const hosted = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  annotations:
    internal.config.kubernetes.io/index: '1'
    internal.config.kubernetes.io/path: shop/web.yaml
    config.kubernetes.io/path: 'shop/web.yaml'
    config.kubernetes.io/function: |
      container: {image: x}
    postrenderer.helm.sh/postrender-filename: templates/web.yaml
    helm.sh/resource-policy: keep
    meta.helm.sh/release-name: shop
spec:
  template:
    spec:
      containers:
      - name: app
        image: app
`

func TestCase28_HostAnnotationsStay(t *testing.T) {
	logs(t, appLog).changes(hosted, strings.Replace(injectedLines, "+  annotations:\n", "", 1))
}

func TestCase28_ResultsTellTheFile(t *testing.T) {
	_, report := logs(t, appLog).text(strings.Replace(hosted, "      - name: app\n", "      - name: log-sidecar\n", 1))
	res := result(t, report, pod.ContainerNameConflict)
	if res.File != "shop/web.yaml" || res.Index != "1" {
		t.Errorf("file %q, index %q, want shop/web.yaml, 1", res.File, res.Index)
	}
}

func withAnnotation(a string) string {
	return strings.Replace(deployment(app), "  name: web\n", "  name: web\n  annotations: {"+a+"}\n", 1)
}

func TestCase28_SkippedObjects(t *testing.T) {
	_, report := logs(t, appLog).keeps(withAnnotation(`config.kubernetes.io/local-config: "true"`))
	result(t, report, pod.LocalConfig)
	for _, hook := range []string{"test", "pre-install", "pre-install,post-upgrade"} {
		src := withAnnotation("helm.sh/hook: '" + hook + "'")
		_, report := logs(t, appLog).keeps(src)
		says(t, result(t, report, pod.HelmHook), "target.includeHelmHooks")
		if out, _ := logs(t, appLog+"\ntarget: {includeHelmHooks: true}").keeps(src); out == src {
			t.Errorf("hook %s was left alone although hooks are included", hook)
		}
	}
	if out, _ := logs(t, appLog).keeps(withAnnotation(`config.kubernetes.io/local-config: "false"`)); !strings.Contains(out, "log-sidecar") {
		t.Error("local-config false was skipped")
	}
}

func generating(name, text string) inject.Injection {
	inj := containers(beside("agent"))
	inj.Objects = []inject.Object{{APIVersion: "v1", Kind: "ConfigMap", Name: name,
		Content: map[string]any{"data": map[string]string{"c": text}}}}
	return inj
}

func TestCase28_GeneratedObject(t *testing.T) {
	src := strings.Replace(hosted, "  name: web\n", "  name: web\n  namespace: shop\n", 1)
	want := `
+    krm-sidecars.dev/add-probe.p: RECORD
+      initContainers:
+      - name: agent
+        image: agent
+        restartPolicy: Always
+---
+apiVersion: v1
+kind: ConfigMap
+metadata:
+  name: agent
+  namespace: shop
+  annotations:
+    krm-sidecars.dev/generated-by: add-probe.p
+    config.kubernetes.io/index: '0'
+    config.kubernetes.io/path: shop/configmap_agent.yaml
+    internal.config.kubernetes.io/index: '0'
+    internal.config.kubernetes.io/path: shop/configmap_agent.yaml
+    postrenderer.helm.sh/postrender-filename: templates/web.yaml
+data:
+  c: text
`
	wants(t, generating("agent", "text")).changes(src, want)
}

func TestCase28_GeneratedObjectFollowsTheConfig(t *testing.T) {
	src := "---\n" + hosted + "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: mine}\n"
	old, _ := wants(t, generating("agent", "text")).keeps(src)
	for _, inj := range []inject.Injection{generating("agent", "other\ntext\n"), generating("agent-2", "text"), containers(beside("agent"))} {
		direct, _ := wants(t, inj).keeps(src)
		updated, _ := wants(t, inj).keepsFrom(old, src)
		if diff := cmp.Diff(direct, updated); diff != "" {
			t.Errorf("(-direct +updated):\n%s", diff)
		}
	}
	wants(t, generating("mine", "text")).refuses(src, "error object-conflict")
}

func TestCase29_SelectorsStay(t *testing.T) {
	src := strings.Replace(deployment(app), "  template:\n", "  selector:\n    matchLabels: {app: web}\n  template:\n    metadata: {labels: {app: web}}\n", 1)
	inj := inject.Injection{Labels: map[string]string{"app": "x"}}
	wants(t, inj).refuses(src, "error label-conflict spec.template.metadata.labels.app")
	out, _ := wants(t, labelled()).keeps(src)
	if !strings.Contains(out, "    matchLabels: {app: web}\n") {
		t.Errorf("the selector has changed:\n%s", out)
	}
}

func TestCase30_SafeToEvict(t *testing.T) {
	const key = "cluster-autoscaler.kubernetes.io/safe-to-evict-local-volumes: "
	for have, want := range map[string]string{`"cache"`: `"cache,logs"`, "cache, tmp": "cache, tmp,logs", "logs": "logs", `""`: `"logs"`, "' logs '": "' logs '"} {
		src := annotated("        " + key + have + "\n")
		out, _ := logs(t, appLog).keeps(src)
		if !strings.Contains(out, "        "+key+want+"\n") {
			t.Errorf("%s has become\n%s\nwant %s", have, changed(src, out), want)
		}
	}
	out, _ := logs(t, appLog+"\nvolume: {claimName: c}").keeps(deployment(app))
	if strings.Contains(out, key) {
		t.Errorf("a claim is listed as local:\n%s", out)
	}
}

func TestCase30_DefaultContainerStays(t *testing.T) {
	src := annotated("        kubectl.kubernetes.io/default-container: web\n")
	out, _ := logs(t, appLog+"\ninjectAs: container").keeps(src)
	if strings.Count(out, "default-container: web\n") != 1 {
		t.Errorf("default-container has changed:\n%s", out)
	}
}

// ten returns ten Deployments; the fourth has a container named as ours.
func ten() string {
	var b strings.Builder
	for i := range 10 {
		d := strings.Replace(deployment(app), "name: web", fmt.Sprintf("name: web-%d", i), 1)
		if i == 3 {
			d = strings.Replace(d, "- name: app", "- name: log-sidecar", 1)
		}
		b.WriteString("---\n" + d)
	}
	return b.String()
}

func TestCase31_ErrorGivesNothing(t *testing.T) {
	r := logs(t, appLog)
	r.refuses(ten(), "error container-name-conflict spec.template.spec.containers[name=log-sidecar]")
	_, report := r.text(ten())
	if got := report.Summary("x"); !strings.Contains(got, "9") || !strings.Contains(got, "failed 1") || !strings.Contains(got, "nothing was written") {
		t.Errorf("summary %q: want nine that could be injected, failed 1, and that nothing was written", got)
	}
}

func TestCase31_AllFindingsAreListed(t *testing.T) {
	src := strings.Replace(ten(), "image: app", "image: app\n        volumeMounts: [{name: a, mountPath: /var/log/app/x}]", 1)
	_, report := logs(t, appLog+"\ntarget: {containers: [app]}").text(src)
	logs(t, appLog).results(report, []string{
		"warning mount-path-nested spec.template.spec.containers[name=app].volumeMounts[mountPath=/var/log/app]",
		"error container-unknown spec.template",
	})
}

func TestCase31_SkipInjectsTheOthers(t *testing.T) {
	r := logs(t, appLog+"\nonConflict: skip")
	out, report := r.keeps(ten())
	if n := strings.Count(out, "- name: log-sidecar\n        image: busybox"); n != 9 {
		t.Errorf("%d workloads were injected, want 9", n)
	}
	r.results(report, []string{"warning container-name-conflict spec.template.spec.containers[name=log-sidecar]"})
	if got := report.Summary("x"); got != "x: injected 9, skipped 1 (skipped-conflict 1)" {
		t.Errorf("summary %q", got)
	}
	if n := report.Changed(); n != 9 {
		t.Errorf("%d objects changed, want 9", n)
	}
}

// A ResourceList that failed comes back with its items as they were, and
// results.
func TestCase31_FailedListKeepsItsItems(t *testing.T) {
	item := "- " + strings.TrimSpace(strings.ReplaceAll(strings.Replace(deployment(app), "- name: app", "- name: log-sidecar", 1), "\n", "\n  ")) + "\n"
	good := "- " + strings.TrimSpace(strings.ReplaceAll(deployment(app), "\n", "\n  ")) + "\n"
	src := "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n" + good + item +
		"functionConfig:\n  apiVersion: krm-sidecars.dev/v1alpha1\n  kind: AddLogSidecar\n  metadata: {name: logs}\n  spec: {" + appLog + "}\n"
	out, report, err := krm.RunList(all(), "", src)
	if err != nil || !report.Failed() || !strings.HasPrefix(out, src+"results:\n- message: ") {
		t.Errorf("error %v, failed %v, output\n%s", err, report.Failed(), out)
	}
	again, _, err := krm.RunList(all(), "", out)
	if err != nil || again != out {
		t.Errorf("a second run changes (-first +second):\n%s", cmp.Diff(out, again))
	}
}
