package cases

import (
	"strings"
	"testing"

	"github.com/krm-sidecars/krm-sidecars/functions"
	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// sidecarMounts returns the volumeMounts of the log sidecar.
func sidecarMounts(t *testing.T, out string) string {
	t.Helper()
	_, rest, ok := strings.Cut(out, "- name: log-sidecar\n")
	if !ok {
		t.Fatalf("there is no log-sidecar:\n%s", out)
	}
	_, rest, _ = strings.Cut(rest, "volumeMounts:\n")
	rest, _, _ = strings.Cut(rest, "        securityContext:\n")
	return strings.ReplaceAll(strings.TrimSpace(rest), "\n        ", "\n")
}

const nginxLogs = "logs: [{paths: [/var/log/nginx/access.log, /var/log/nginx/error.log]}]"

func TestCase09_ImageLinksItsLogs(t *testing.T) {
	for _, image := range []string{"nginx", "nginx:1.27", "docker.io/library/nginx@sha256:abc", "localhost:5000/nginx"} {
		_, report := logs(t, nginxLogs).keeps(deployment("containers:\n- name: app\n  image: " + image))
		says(t, result(t, report, pod.MasksImageContent), image, "/var/log/nginx", "standard output", `"app"`)
	}
	_, report := logs(t, nginxLogs).keeps(deployment(app))
	logs(t, nginxLogs).results(report, nil)
}

func TestCase09_ExistingMountIsReused(t *testing.T) {
	for _, c := range []struct{ name, mount, volume, want string }{
		{"PVC at the directory", "{name: v, mountPath: /var/log/app}", "persistentVolumeClaim: {claimName: c}", "mountPath: /var/log/app\n  readOnly: true"},
		{"emptyDir at an ancestor", "{name: v, mountPath: /var/log}", "emptyDir: {}", "mountPath: /var/log\n  readOnly: true"},
		{"a slash too many", "{name: v, mountPath: /var/log/app/}", "emptyDir: {}", "mountPath: /var/log/app/\n  readOnly: true"},
		{"subPath", "{name: v, mountPath: /var/log/app, subPath: app}", "emptyDir: {}", "mountPath: /var/log/app\n  subPath: app\n  readOnly: true"},
	} {
		t.Run(c.name, func(t *testing.T) {
			out, report := logs(t, appLog).keeps(deployment(app + "  volumeMounts:\n  - " + c.mount + "\nvolumes:\n- name: v\n  " + c.volume))
			if got := sidecarMounts(t, out); got != "- name: v\n  "+c.want {
				t.Errorf("mounts of the sidecar:\n%s", got)
			}
			logs(t, appLog).results(report, nil)
		})
	}
}

// Variables in the subPath have the same value in both containers.
func TestCase09_SubPathExprBringsItsVariables(t *testing.T) {
	src := deployment(app + `  env:
  - name: POD
    valueFrom: {fieldRef: {fieldPath: metadata.name}}
  - name: OTHER
    value: x
  volumeMounts:
  - {name: v, mountPath: /var/log/app, subPathExpr: $(POD)}
volumes:
- name: v
  persistentVolumeClaim: {claimName: c}`)
	out, _ := logs(t, appLog).keeps(src)
	for _, want := range []string{
		"        env:\n        - name: POD\n          valueFrom:\n            fieldRef:\n              fieldPath: metadata.name\n        resources:\n",
		"          subPathExpr: $(POD)\n",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("the output does not hold\n%s\nbut is\n%s", want, out)
		}
	}
}

// A variable that is made of another one needs that too.
func TestCase09_SubPathExprVariablesOfVariables(t *testing.T) {
	src := deployment(app + `  env:
  - name: NAME
    valueFrom: {fieldRef: {fieldPath: metadata.name}}
  - name: DIR
    value: logs-$(NAME)
  volumeMounts:
  - {name: v, mountPath: /var/log/app, subPathExpr: $(DIR)}
volumes:
- name: v
  persistentVolumeClaim: {claimName: c}`)
	out, _ := logs(t, appLog).keeps(src)
	if !strings.Contains(out, "        env:\n        - name: NAME\n          valueFrom:\n            fieldRef:\n              fieldPath: metadata.name\n        - name: DIR\n          value: logs-$(NAME)\n") {
		t.Errorf("the sidecar has not both variables:\n%s", out)
	}
}

// What the app cannot write to holds no logs: a ConfigMap, a read-only mount.
func TestCase09_UnwritableMountIsNoLogDirectory(t *testing.T) {
	src := deployment(app + "  volumeMounts:\n  - {name: v, mountPath: /var/log}\nvolumes:\n- name: v\n  configMap: {name: c}")
	out, _ := logs(t, appLog).keeps(src)
	if got := sidecarMounts(t, out); got != "- name: logs\n  mountPath: /var/log/app\n  readOnly: true" {
		t.Errorf("mounts of the sidecar:\n%s", got)
	}
}

func TestCase09_SeveralContainersMountTheDirectory(t *testing.T) {
	two := func(second string) string {
		return deployment(app + "  volumeMounts:\n  - {name: v, mountPath: /var/log/app}\n- name: web\n  image: web\n  volumeMounts:\n  - " +
			second + "\nvolumes:\n- name: v\n  emptyDir: {}\n- name: w\n  emptyDir: {}")
	}
	logs(t, appLog).keeps(two("{name: v, mountPath: /var/log/app}"))
	logs(t, appLog).refuses(two("{name: w, mountPath: /var/log/app}"), "error volume-not-shared spec.template")
	out, _ := logs(t, "logs: [{container: web, paths: [/var/log/app/app.log]}]").keeps(two("{name: w, mountPath: /var/log/app}"))
	if got := sidecarMounts(t, out); !strings.HasPrefix(got, "- name: w\n") {
		t.Errorf("mounts of the sidecar:\n%s", got)
	}
}

func TestCase09_PathsThatAreRefused(t *testing.T) {
	for _, c := range []struct{ path, says string }{
		{"/app.log", "would hide the image's own /"},
		{"/var/app.log", "would hide the image's own /var"},
		{"/etc/app.log", "would hide the image's own /etc"},
		{"app.log", "is not absolute"},
		{"./logs/app.log", "is not absolute"},
		{"/var/log/../../etc/passwd", "is not clean"},
		{"/var/log/app/*.log", "is a pattern"},
		{"/var/log/app/", "is not clean"},
		{"/dev/stdout", "without a sidecar"},
		{"/proc/1/fd/1", "without a sidecar"},
	} {
		src := "apiVersion: krm-sidecars.dev/v1alpha1\nkind: AddLogSidecar\nmetadata: {name: logs}\nspec: {logs: [{paths: [\"" + c.path + "\"]}]}\n"
		_, err := krm.ReadConfigs(functions.All(), "config.yaml", src)
		if err == nil || !strings.Contains(err.Error(), c.says) || !strings.Contains(err.Error(), "spec.logs[0].paths[0]") {
			t.Errorf("path %s: %v, want an error at spec.logs[0].paths[0] that says %q", c.path, err, c.says)
		}
	}
}
