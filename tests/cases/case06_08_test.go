package cases

import (
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// deployment is a Deployment web whose pod spec has the given text.
func deployment(spec string) string {
	return "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  template:\n    spec:\n" +
		"      " + strings.ReplaceAll(strings.TrimSpace(spec), "\n", "\n      ") + "\n"
}

const app = `
containers:
- name: app
  image: app
`

func TestCase06_NameTakenByUser(t *testing.T) {
	const conflict = "error container-name-conflict "
	for _, c := range []struct{ name, src, at string }{
		{"container", deployment(app + "- name: log-sidecar\n  image: mine"), "spec.template.spec.containers[name=log-sidecar]"},
		{"init container", deployment("initContainers:\n- name: log-sidecar\n  image: mine" + app), "spec.template.spec.initContainers[name=log-sidecar]"},
		{"ephemeral container", "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n" + indented(app+"ephemeralContainers:\n- name: log-sidecar\n  image: mine"),
			"spec.ephemeralContainers[name=log-sidecar]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			logs(t, appLog).refuses(c.src, conflict+c.at)
			logs(t, appLog+"\nonConflict: skip").passes(c.src, "warning container-name-conflict "+c.at)
		})
	}
}

func TestCase06_OtherNameGivenInConfig(t *testing.T) {
	src := deployment(app + "- name: log-sidecar\n  image: mine")
	out, report := logs(t, appLog+"\ncontainer: {name: tailer}").keeps(src)
	if !strings.Contains(out, "- name: tailer\n") || len(report.Results) > 0 {
		t.Errorf("container tailer is not there:\n%s%s", out, lines(report))
	}
}

func TestCase06_OursEditedByHand(t *testing.T) {
	r := logs(t, appLog)
	out, _ := r.keeps(deployment(app))
	edited := strings.Replace(out, "image: busybox:1.37.0", "image: registry.example.com/busybox:1.36.1", 1)
	again, report := r.text(edited)
	if again != out {
		t.Errorf("the edit is not undone:\n%s", changed(out, again))
	}
	r.results(report, []string{"warning drift spec.template"})
	if back := removed(t, edited); back != deployment(app) {
		t.Errorf("removal after a hand edit leaves:\n%s", changed(deployment(app), back))
	}
}

func TestCase07_VolumeNameTaken(t *testing.T) {
	inj := inject.Injection{Volumes: []corev1.Volume{emptyDir("secrets")}, Mounts: []inject.Mount{mount("app", "secrets", "/s")}}
	src := deployment(app + "volumes:\n- name: secrets\n  persistentVolumeClaim: {claimName: s}")
	wants(t, inj).refuses(src, "error volume-name-conflict spec.template.spec.volumes[name=secrets]")
	wantsWith(t, "onConflict: skip", inj).passes(src, "warning volume-name-conflict spec.template.spec.volumes[name=secrets]")
}

// The user's own volume is used, not owned, and stays on removal.
func TestCase07_SameVolumeIsReused(t *testing.T) {
	limit := resource.MustParse("64Mi")
	volume := corev1.Volume{Name: "v", VolumeSource: corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{SizeLimit: &limit}}}
	inj := inject.Injection{Volumes: []corev1.Volume{volume}, Mounts: []inject.Mount{mount("app", "v", "/v")}}
	for _, source := range []string{"emptyDir: {sizeLimit: 64Mi}", "emptyDir:\n    sizeLimit: \"64Mi\" # enough"} {
		wants(t, inj).changes(deployment(app+"volumes:\n- name: v\n  "+source), `
+  annotations:
+    krm-sidecars.dev/add-probe.p: RECORD
+        volumeMounts:
+        - name: v
+          mountPath: /v
`)
	}
}

func TestCase07_VolumeClaimTemplateTakesTheName(t *testing.T) {
	inj := inject.Injection{Volumes: []corev1.Volume{emptyDir("data")}}
	src := strings.Replace(deployment(app), "Deployment", "StatefulSet", 1) + "  volumeClaimTemplates:\n  - metadata: {name: data}\n"
	wants(t, inj).refuses(src, "error volume-name-conflict spec.template.spec.volumes[name=data]")
}

// add-log-sidecar looks for a name that is free.
func TestCase07_LogVolumeFindsFreeName(t *testing.T) {
	src := strings.Replace(deployment(app), "Deployment", "StatefulSet", 1) + "  volumeClaimTemplates:\n  - metadata: {name: logs}\n"
	out, _ := logs(t, appLog).keeps(src)
	if !strings.Contains(out, "      - name: logs-var-log-app\n        emptyDir:\n") {
		t.Errorf("no volume logs-var-log-app:\n%s", out)
	}
	src = deployment(app + "volumes:\n- name: logs\n  emptyDir: {}\n- name: logs-var-log-app\n  configMap: {name: c}")
	if _, report := logs(t, appLog).text(src); report.Failed() {
		t.Errorf("no other name was found: %s", lines(report))
	}
}

// secretsAt is a pod whose app mounts a volume at a path.
func secretsAt(path, more string) string {
	return deployment(app + "  volumeMounts:\n  - name: pvc\n    mountPath: " + path + more + "\nvolumes:\n- name: pvc\n  persistentVolumeClaim: {claimName: c}")
}

func TestCase08_MountPaths(t *testing.T) {
	inj := inject.Injection{Volumes: []corev1.Volume{emptyDir("secrets")}, Mounts: []inject.Mount{mount("app", "secrets", "/vault/secrets")}}
	at := "spec.template.spec.containers[name=app].volumeMounts[mountPath=/vault/secrets]"
	for _, c := range []struct{ name, src, want string }{
		{"same path", secretsAt("/vault/secrets", ""), "error mount-path-conflict " + at},
		{"same path with a slash", secretsAt("/vault/secrets/", ""), "error mount-path-conflict " + at},
		{"same path not clean", secretsAt("/vault//x/../secrets", ""), "error mount-path-conflict " + at},
		{"child", secretsAt("/vault/secrets/ca.crt", "\n    subPath: ca.crt"), "warning mount-path-nested " + at},
		{"read-only parent", secretsAt("/vault", "\n    readOnly: true"), "warning mount-path-nested " + at},
		{"parent", secretsAt("/vault", ""), ""},
		{"sibling of the same beginning", secretsAt("/vault/secrets2", ""), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := wants(t, inj)
			if strings.HasPrefix(c.want, "error") {
				r.refuses(c.src, c.want)
				return
			}
			_, report := r.keeps(c.src)
			r.results(report, some(c.want))
		})
	}
}

func TestCase08_TwoContainersDiffer(t *testing.T) {
	inj := inject.Injection{
		Volumes: []corev1.Volume{emptyDir("secrets")},
		Mounts:  []inject.Mount{mount("app", "secrets", "/vault/secrets"), mount("web", "secrets", "/vault/secrets")},
	}
	src := deployment(app + `- name: web
  image: web
  volumeMounts:
  - {name: secrets, mountPath: /vault/secrets}
volumes:
- name: secrets
  emptyDir: {}
`)
	wants(t, inj).changes(src, `
+  annotations:
+    krm-sidecars.dev/add-probe.p: RECORD
+        volumeMounts:
+        - name: secrets
+          mountPath: /vault/secrets
`)
}

func TestCase08_MountConflictSaysWho(t *testing.T) {
	inj := inject.Injection{Volumes: []corev1.Volume{emptyDir("secrets")}, Mounts: []inject.Mount{mount("app", "secrets", "/vault/secrets")}}
	_, report := wants(t, inj).text(secretsAt("/vault/secrets", ""))
	says(t, result(t, report, pod.MountPathConflict), `"pvc"`, "; ")
}
