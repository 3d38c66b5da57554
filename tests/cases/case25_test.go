package cases

import (
	"slices"
	"strings"
	"testing"

	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

func TestCase25_UnknownContainer(t *testing.T) {
	src := deployment(app + "- name: web\n  image: web")
	for spec, field := range map[string]string{
		appLog + "\ntarget: {containers: [appp]}":                  "spec.target.containers",
		"logs: [{container: appp, paths: [/var/log/app/app.log]}]": "spec.logs[0].container",
	} {
		_, report := logs(t, spec).text(src)
		logs(t, spec).refuses(src, "error container-unknown spec.template")
		says(t, result(t, report, pod.ContainerUnknown), field, `"appp"`, "app, web")
	}
	logs(t, appLog+"\ntarget: {containers: [web]}").changes(src, injectedLines)
}

// injectedLines is what add-log-sidecar adds to a Deployment for appLog.
const injectedLines = `
+  annotations:
+    krm-sidecars.dev/add-log-sidecar.logs: RECORD
+    metadata:
+      annotations:
+        cluster-autoscaler.kubernetes.io/safe-to-evict-local-volumes: logs
+      initContainers:
+      - name: log-sidecar
+        image: busybox:1.37.0
+        restartPolicy: Always
+        command:
+        - sh
+        - -c
+        - trap 'sleep 1; kill $!; exit 0' TERM INT; tail -q -n+1 -F "$@" & wait $!
+        - tail
+        - /var/log/app/app.log
+        resources:
+          limits:
+            cpu: 100m
+            memory: 32Mi
+          requests:
+            cpu: 5m
+            memory: 16Mi
+        volumeMounts:
+        - name: logs
+          mountPath: /var/log/app
+          readOnly: true
+        securityContext:
+          capabilities:
+            drop:
+            - ALL
+          runAsUser: 65534
+          runAsGroup: 65534
+          runAsNonRoot: true
+          readOnlyRootFilesystem: true
+          allowPrivilegeEscalation: false
+          seccompProfile:
+            type: RuntimeDefault
+        volumeMounts:
+        - name: logs
+          mountPath: /var/log/app
+      volumes:
+      - name: logs
+        emptyDir:
+          sizeLimit: 256Mi
`

func TestCase25_NothingMatched(t *testing.T) {
	r := logs(t, appLog+"\ntarget: {names: [api]}")
	r.passes(deployment(app), "warning nothing-matched spec.target")
	_, report := r.text(deployment(app))
	says(t, result(t, report, pod.NothingMatched), "no workload", "target")
	logs(t, appLog+"\ntarget: {names: [api], required: true}").refusesAtEnd(deployment(app), "error nothing-matched spec.target")
}

// refusesAtEnd is refuses for what is only known when all input was seen.
func (r run) refusesAtEnd(src string, codes ...string) {
	r.t.Helper()
	_, report := r.text(src)
	if !report.Failed() {
		r.t.Error("the run did not fail")
	}
	r.results(report, codes)
}

func TestCase25_EmptyTargetIsEverything(t *testing.T) {
	for _, target := range []string{"", "\ntarget: {}", "\ntarget:\n  kinds: []"} {
		logs(t, appLog+target).changes(deployment(app), injectedLines)
	}
}

func TestCase25_Selectors(t *testing.T) {
	src := strings.Replace(deployment(app), "  name: web\n", "  name: web\n  namespace: shop\n  labels: {app: web, tier: front}\n", 1)
	for target, want := range map[string]bool{
		"kinds: [Deployment]": true, "kinds: [apps/Deployment]": true, "kinds: [StatefulSet]": false, "kinds: [argoproj.io/Deployment]": false,
		"names: [w*]": true, "names: [we]": false, "namespaces: [shop]": true, "namespaces: ['sh??']": true, "namespaces: [default]": false,
		"labels: \"app=web,tier!=db\"": true, "labels: tier=back": false, "labels: \"tier in (front, back)\"": true, "labels: \"!tier\"": false,
		"exclude: {names: [web]}": false, "exclude: {labels: tier=front}": false, "exclude: {kinds: [DaemonSet]}": true,
		"names: [web], namespaces: [other]": false,
	} {
		out, _ := logs(t, appLog+"\ntarget: {"+target+"}").text(src)
		if got := out != src; got != want {
			t.Errorf("target %s selects web: %v, want %v", target, got, want)
		}
	}
}

// optOut has the annotation on the object, and on the pod template.
func optOut(value string) (object, template string) {
	return strings.Replace(deployment(app), "  name: web\n", "  name: web\n  annotations: {krm-sidecars.dev/inject: "+value+"}\n", 1),
		strings.Replace(deployment(app), "    spec:\n      c", "    metadata:\n      annotations: {krm-sidecars.dev/inject: "+value+"}\n    spec:\n      c", 1)
}

func TestCase25_OptOut(t *testing.T) {
	for _, value := range []string{`"false"`, "add-log-sidecar", `"add-exporter, add-log-sidecar"`} {
		object, template := optOut(value)
		r := logs(t, appLog)
		_, report := r.keeps(object)
		if n := len(report.Results); n == 0 || report.Results[0].Code != pod.OptedOut || report.Results[0].Severity != pod.Info {
			t.Errorf("opt-out %s on the object: %s", value, lines(report))
		}
		r.passes(template, "info opted-out spec.template")
	}
}

// The target has selected it: nothing is wrong with the target.
func TestCase25_OptedOutIsMatched(t *testing.T) {
	object, _ := optOut(`"false"`)
	logs(t, appLog).passes(object, "info opted-out")
	logs(t, appLog+"\ntarget: {required: true}").passes(object, "info opted-out")
}

func TestCase25_NoOptOut(t *testing.T) {
	for _, value := range []string{`"true"`, "add-exporter", `""`} {
		object, template := optOut(value)
		for _, src := range []string{object, template} {
			if out, report := logs(t, appLog).keeps(src); out == src || len(report.Results) > 0 {
				t.Errorf("opt-out %s: changed %v, %s", value, out != src, lines(report))
			}
		}
	}
}

// A value that is nearly an opt-out is a mistake that somebody must hear of.
func TestCase25_OptOutMisspelt(t *testing.T) {
	for _, value := range []string{`"flase"`, `"no"`, `"off"`, "add-log-sidcar", "ture"} {
		object, template := optOut(value)
		for _, src := range []string{object, template} {
			_, report := logs(t, appLog).text(src)
			if !warnsAbout(report, `annotations["krm-sidecars.dev/inject"]`) {
				t.Errorf("opt-out %s: no warning at the annotation, only: %s", value, lines(report))
			}
		}
	}
}

// The API server takes no annotation that is not a text.
func TestCase25_OptOutNotQuoted(t *testing.T) {
	object, template := optOut("false")
	for _, src := range []string{object, template} {
		out, report := logs(t, appLog).text(src)
		if out != src || !warnsAbout(report, `annotations["krm-sidecars.dev/inject"]`) {
			t.Errorf("unquoted false: opted out %v, want a warning at the annotation: %s", out == src, lines(report))
		}
	}
}

func warnsAbout(report krm.Report, field string) bool {
	return slices.ContainsFunc(report.Results, func(res krm.Result) bool {
		return res.Severity == pod.Warning && strings.HasSuffix(res.Field, field)
	})
}
