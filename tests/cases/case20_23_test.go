package cases

import (
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// securityOf returns the security context of the log sidecar.
func securityOf(out string) string {
	_, rest, _ := strings.Cut(out, "- name: log-sidecar\n")
	_, rest, _ = strings.Cut(rest, "        securityContext:\n")
	var b strings.Builder
	for line := range strings.Lines(rest) {
		if !strings.HasPrefix(line, "          ") {
			break
		}
		b.WriteString(line[10:])
	}
	return b.String()
}

// restricted is what Pod Security asks for, but for the users.
const restricted = `capabilities:
  drop:
  - ALL
runAsNonRoot: true
readOnlyRootFilesystem: true
allowPrivilegeEscalation: false
seccompProfile:
  type: RuntimeDefault
`

func withUser(id string) string {
	return strings.Replace(restricted, "runAsNonRoot", "runAsUser: "+id+"\nrunAsGroup: "+id+"\nrunAsNonRoot", 1)
}

func TestCase20_SecurityContext(t *testing.T) {
	for _, c := range []struct{ name, spec, config, want string }{
		{"nothing known", app, appLog, withUser("65534")},
		{"app is root", "securityContext: {runAsNonRoot: true}" + app + "  securityContext: {runAsUser: 0}", appLog, withUser("65534")},
		{"openshift", app, appLog + "\nplatform: openshift", restricted},
		{"override", app, appLog + "\ncontainer: {securityContext: {runAsUser: 7, runAsGroup: 7}}", withUser("7")},
	} {
		t.Run(c.name, func(t *testing.T) {
			out, _ := logs(t, c.config).keeps(deployment(c.spec))
			if got := securityOf(out); got != c.want {
				t.Errorf("security context:\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}

// A sidecar reads files of 0600 only as the user that wrote them.
func TestCase20_SameUserAsTheApp(t *testing.T) {
	for _, spec := range []string{
		"securityContext: {runAsUser: 1000}" + app,
		app + "  securityContext: {runAsUser: 1000}",
		"securityContext: {runAsUser: 2000}" + app + "  securityContext: {runAsUser: 1000}",
	} {
		out, _ := logs(t, appLog).keeps(deployment(spec))
		if got := securityOf(out); !strings.Contains(got, "runAsUser: 1000\n") {
			t.Errorf("the app runs as 1000, the sidecar:\n%s", got)
		}
	}
}

func TestCase20_PodSecurityContextStays(t *testing.T) {
	src := deployment("securityContext:\n  runAsNonRoot: true # policy" + app)
	wants(t, inject.Injection{Fields: []inject.Field{{Path: []string{"securityContext", "fsGroup"}, Value: 2000}}}).changes(src, `
+  annotations:
+    krm-sidecars.dev/add-probe.p: RECORD
+        fsGroup: 2000
`)
	logs(t, appLog+"\nfsGroup: 2000").refuses(deployment("securityContext: {fsGroup: 3000}"+app), "error field-conflict spec.template.spec.securityContext.fsGroup")
	out, _ := logs(t, appLog+"\nfsGroup: 2000").keeps(deployment("securityContext: {fsGroup: 2000}" + app))
	if strings.Count(out, "fsGroup") != 1 {
		t.Errorf("fsGroup of the user's:\n%s", out)
	}
	if out, _ := logs(t, appLog).keeps(deployment(app)); strings.Contains(out, "      securityContext:\n        fsGroup") {
		t.Error("a pod-level security context was set although nobody asked for it")
	}
}

// Directories whose names differ only in case, or in what a name cannot hold,
// are different directories.
func TestCase22_NamesThatLookAlike(t *testing.T) {
	for _, dirs := range [][2]string{
		{"/var/log/App", "/var/log/app"}, {"/srv/a-b", "/srv/a/b"}, {"/srv/a_b", "/srv/a.b"},
		{"/srv/" + strings.Repeat("x", 80) + "/1", "/srv/" + strings.Repeat("x", 80) + "/2"},
	} {
		out, _ := logs(t, "logs: [{paths: [/srv/first/f.log, "+dirs[0]+"/f.log, "+dirs[1]+"/f.log]}]").keeps(deployment(app))
		if n := strings.Count(out, "emptyDir:"); n != 3 {
			t.Errorf("%s and %s: %d volumes for 3 directories:\n%s", dirs[0], dirs[1], n, sidecarMounts(t, out))
		}
	}
}

func TestCase22_LongInstanceName(t *testing.T) {
	name := strings.Repeat("very-long-", 8) + "name"
	r := run{t, nil}
	r.instances = append(r.instances, logInstance(t, name, appLog))
	out, _ := r.keeps(deployment(app))
	for line := range strings.Lines(out) {
		if rest, ok := strings.CutPrefix(strings.TrimSpace(line), "krm-sidecars.dev/"); ok {
			if key, _, _ := strings.Cut(rest, ":"); len(key) > 63 {
				t.Errorf("the name part of the annotation key has %d characters: %s", len(key), key)
			}
		}
	}
	two := run{t, r.instances}
	two.instances = append(two.instances, logInstance(t, name+"2", "logs: [{paths: [/srv/b/b.log]}]"))
	out, _ = two.keeps(deployment(app))
	for name := range strings.FieldsSeq(order(out)) {
		if len(name) > 63 {
			t.Errorf("the container name %s has %d characters", name, len(name))
		}
	}
}

// Names of objects may hold dots, names of containers may not.
func TestCase22_InstanceNameWithDots(t *testing.T) {
	r := run{t, nil}
	r.instances = append(r.instances, logInstance(t, "a", appLog), logInstance(t, "web.logs", "logs: [{paths: [/srv/b/b.log]}]"))
	out, _ := r.keeps(deployment(app))
	if names := order(out); strings.Contains(names, ".") {
		t.Errorf("a container name holds a dot: %s", names)
	}
}

// The kubelet expands $(NAME), the shell must see no path as code.
func TestCase22_PathsAreNoCode(t *testing.T) {
	out, _ := logs(t, `logs: [{paths: ["/var/log/app/$(HOME) `+"`id`"+` ${X}.log", '/var/log/app/"; rm -rf $PWD;.log']}]`).keeps(deployment(app))
	for _, want := range []string{
		"        - /var/log/app/$$(HOME) `id` $${X}.log\n", `        - /var/log/app/"; rm -rf $$PWD;.log` + "\n",
		`        - trap 'sleep 1; kill $!; exit 0' TERM INT; tail -q -n+1 -F "$@" & wait $!` + "\n",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("the output does not hold %q:\n%s", want, out)
		}
	}
}

// Text of several lines, and text that other tools would expand, in a generated
// ConfigMap.
func TestCase22_GeneratedTextIsLiteral(t *testing.T) {
	text := "line {{ .Values.x }}\n\n  $(VAR) ${VAR}\t# no comment\n'quoted' \"twice\"\n"
	inj := containers(beside("agent"))
	inj.Objects = []inject.Object{{APIVersion: "v1", Kind: "ConfigMap", Name: "agent",
		Content: map[string]any{"data": map[string]string{"c": text}}}}
	for _, src := range []string{deployment(app), crlf(deployment(app)), strings.TrimSuffix(deployment(app), "\n")} {
		out, _ := wants(t, inj).keeps(src)
		if got := configData(t, out); got != text {
			t.Errorf("the ConfigMap holds %q, want %q", got, text)
		}
	}
}

func TestCase23_EnvOfTheUserStays(t *testing.T) {
	inj := inject.Injection{Env: []inject.Env{{Container: "app", EnvVar: corev1.EnvVar{Name: "JAVA_TOOL_OPTIONS", Value: "-x"}}}}
	at := " spec.template.spec.containers[name=app].env[name=JAVA_TOOL_OPTIONS]"
	for _, env := range []string{"value: -y", "valueFrom: {secretKeyRef: {name: s, key: k}}"} {
		src := deployment(app + "  env:\n  - name: JAVA_TOOL_OPTIONS\n    " + env)
		wants(t, inj).refuses(src, "error env-conflict"+at)
		wantsWith(t, "onConflict: skip", inj).passes(src, "warning env-conflict"+at)
	}
	src := deployment(app + "  envFrom: [{secretRef: {name: s}}]\n  env:\n  - {name: A, value: \"1\"}\n  - {name: A, value: \"2\"}")
	wants(t, inj).changes(src, `
+  annotations:
+    krm-sidecars.dev/add-probe.p: RECORD
+        - name: JAVA_TOOL_OPTIONS
+          value: -x
`)
}

// Kubernetes expands $(NAME) only if NAME was defined before.
func TestCase23_EnvBeforeThatRefersToIt(t *testing.T) {
	inj := inject.Injection{Env: []inject.Env{{Container: "app", EnvVar: corev1.EnvVar{Name: "OURS", Value: "1"}}}}
	src := deployment(app + "  env:\n  - name: A\n    value: a\n  - name: B\n    value: b-$(OURS)\n  - name: C\n    value: $$(OURS)")
	out, _ := wants(t, inj).keeps(src)
	ours, b := strings.Index(out, "- name: OURS"), strings.Index(out, "- name: B")
	if ours < 0 || ours > b {
		t.Errorf("OURS stands behind B, which refers to it:\n%s", out)
	}
}

func TestCase23_EnvConflictSaysWhatToDo(t *testing.T) {
	inj := inject.Injection{Env: []inject.Env{{Container: "app", EnvVar: corev1.EnvVar{Name: "OURS", Value: "1"}}}}
	_, report := wants(t, inj).text(deployment(app + "  env:\n  - {name: OURS, value: \"2\"}"))
	says(t, result(t, report, pod.EnvConflict), "; ")
}
