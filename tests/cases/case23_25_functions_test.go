package cases

import (
	"strings"
	"testing"

	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

const jmx = "preset: jmx\njmx: {image: \"registry.example.com/jmx-agent:1.6.0\", jar: /agent.jar}\n"

func withEnv(env string) string { return serving(app + "  env:\n" + env) }

// A text grows by our agent, and comes back as it was written.
func TestCase23_JavaOptionsGrow(t *testing.T) {
	for _, value := range []string{"-Xmx1g", `"-Xmx1g"`, "'-Xmx1g -Dx=y'", "\"\""} {
		src := withEnv("  - name: JAVA_TOOL_OPTIONS # heap\n    value: " + value + " # why\n")
		out, _ := does(t, addExporter, jmx).keeps(src)
		_, options, _ := strings.Cut(out, "- name: JAVA_TOOL_OPTIONS")
		line := strings.SplitN(options, "\n", 3)[1]
		if own := strings.Trim(value, `"'`); !strings.Contains(line, own) || strings.Count(line, "-javaagent:") != 1 {
			t.Errorf("JAVA_TOOL_OPTIONS with %s is\n%s", value, line)
		}
	}
}

func TestCase23_JavaOptionsFromElsewhere(t *testing.T) {
	for _, from := range []string{"secretKeyRef", "configMapKeyRef"} {
		src := withEnv("  - name: JAVA_TOOL_OPTIONS\n    valueFrom: {" + from + ": {name: s, key: k}}\n")
		does(t, addExporter, jmx).says(src, pod.Error, pod.EnvConflict, "JAVA_TOOL_OPTIONS", "-javaagent:")
	}
	src := serving(app + "  envFrom: [{secretRef: {name: s}}]\n")
	does(t, addExporter, jmx).says(src, pod.Warning, pod.EnvHidden, "JAVA_TOOL_OPTIONS")
	does(t, addExporter, jmx).silent(serving(app), pod.EnvHidden)
}

// Two agents in one variable would be two owners of one field.
func TestCase23_TwoJavaAgents(t *testing.T) {
	both := run{t, []*krm.Instance{configured(t, addExporter, "one", jmx), configured(t, addExporter, "two", jmx+"port: 9500\ndiscovery: {podMonitor: {}}")}}
	_, report := both.text(withEnv("  - {name: JAVA_TOOL_OPTIONS, value: -Xmx1g}\n"))
	if !report.Failed() {
		t.Errorf("both were added:\n%s", lines(report))
	}
}

const oneVariable = webSecret + "env: [{name: TOKEN, secret: web, key: token}]\n"

func TestCase23_VariablesOfVault(t *testing.T) {
	src := withEnv("  - {name: TOKEN, value: mine}\n")
	does(t, addVault, oneVariable).says(src, pod.Error, pod.EnvConflict, "variable")
	if _, report := does(t, addVault, oneVariable).text(withEnv("  - {name: TOKEN, valueFrom: {secretKeyRef: {name: s, key: k}}}\n")); !report.Failed() {
		t.Errorf("a variable of the user's was replaced:\n%s", lines(report))
	}
	out, _ := does(t, addVault, oneVariable).keeps(withEnv("  - {name: A, value: \"1\"}\n  - {name: A, value: \"2\"}\n  - {name: URL, value: \"https://x/$(TOKEN)\"}\n"))
	holds(t, out, "- {name: A, value: \"1\"}\n", "- {name: A, value: \"2\"}\n")
	if strings.Index(out, "name: TOKEN") > strings.Index(out, "name: URL") {
		t.Errorf("TOKEN stands behind URL, which refers to it:\n%s", out)
	}
	misconfigured(t, addVault, oneVariable+"kubernetesVersion: \"1.34\"", "spec.env", "1.35", "envWrap")
}

const wrapped = oneVariable + "kubernetesVersion: \"1.30\"\nenvWrap: {}\n"

// What an image runs is not known offline, and no registry is asked.
func TestCase24_EntrypointUnknown(t *testing.T) {
	for _, spec := range []string{app, app + "  args: [--verbose]", strings.Replace(app, "image: app", "image: repo/app@sha256:0123456789012345678901234567890123456789012345678901234567890123", 1)} {
		r := does(t, addVault, wrapped)
		r.says(serving(runner+spec), pod.Error, pod.EntrypointUnknown, `"app"`, "spec.envWrap.entrypoints.app")
		if out, _ := r.text(serving(runner + spec)); out != "" {
			t.Errorf("a pod is written that would run nothing:\n%s", out)
		}
		out, _ := does(t, addVault, strings.Replace(wrapped, "envWrap: {}", "envWrap: {entrypoints: {app: [/server, --x]}}", 1)).keeps(serving(runner + spec))
		holds(t, out, "        - /server\n        - --x\n")
	}
}

// A command stays what it is, behind a shell; its arguments are not touched.
func TestCase24_CommandIsWrapped(t *testing.T) {
	src := serving(runner + app + "  command: [sh, -c, 'echo $HOME; exec \"$@\"', x] # why\n  args: [\"$(A)\", '; id']\n  livenessProbe: {exec: {command: [check]}}\n  lifecycle: {preStop: {exec: {command: [stop]}}}")
	out, _ := does(t, addVault, wrapped).keeps(src)
	holds(t, out, "        args: [\"$(A)\", '; id']\n", "command: [check]", "command: [stop]", "        - sh\n        - -c\n        - echo $HOME; exec \"$@\"\n        - x")
	holds(t, out, "        - /bin/sh\n        - -c\n")
	other, _ := does(t, addVault, strings.Replace(wrapped, "envWrap: {}", "envWrap: {shell: /busybox/sh}", 1)).keeps(src)
	holds(t, other, "        - /busybox/sh\n")
}

// Only containers that get variables are wrapped.
func TestCase24_OthersAreNotWrapped(t *testing.T) {
	src := serving(runner + app + "  command: [run]\n- name: other\n  image: other\n")
	out, _ := does(t, addVault, wrapped+"target: {containers: [app]}").keeps(src)
	if n := strings.Count(out, "        - /bin/sh\n"); n != 1 {
		t.Errorf("%d containers are wrapped, want 1:\n%s", n, out)
	}
}

func TestCase25_FunctionsNameTheContainers(t *testing.T) {
	src := serving(app + "- name: web\n  image: web")
	for kind, spec := range map[string]string{
		addVault:    webSecret + "target: {containers: [appp]}",
		addExporter: "preset: nginx\ntarget: {containers: [appp]}",
	} {
		does(t, kind, spec).says(src, pod.Error, pod.ContainerUnknown, `"appp"`, "app, web")
	}
	for field, spec := range map[string]string{
		"spec.mount.containers": webSecret + "mount: {containers: [appp]}", "spec.mount.initContainers": webSecret + "mount: {initContainers: [appp]}",
	} {
		does(t, addVault, spec).says(src, pod.Error, pod.ContainerUnknown, `"appp"`, field)
	}
}

func TestCase25_NothingMatchedByAnyFunction(t *testing.T) {
	for kind, spec := range map[string]string{addVault: webSecret, addExporter: redis, addMesh: istio} {
		does(t, kind, spec+"target: {names: [api]}").passes(serving(app), "warning nothing-matched spec.target")
		does(t, kind, spec+"target: {names: [api], required: true}").refusesAtEnd(serving(app), "error nothing-matched spec.target")
	}
}

// inMesh has a label and an annotation of a mesh at a place.
func inMesh(template, workload string) string {
	src := strings.Replace(serving(app), "      labels: {app: web}\n", "      labels: {app: web}\n"+template, 1)
	return strings.Replace(src, "  name: web\n", "  name: web\n"+workload, 1)
}

// Triggers that a webhook would not see, or not understand, are told.
func TestCase25_MeshTriggers(t *testing.T) {
	const label = "spec.template.metadata.labels[\"sidecar.istio.io/inject\"]"
	for _, c := range []struct {
		name, src string
		code      pod.Code
	}{
		{"annotation", inMesh("      annotations: {sidecar.istio.io/inject: \"true\"}\n", ""), pod.MeshWrongPlace},
		{"on the workload", inMesh("", "  labels: {sidecar.istio.io/inject: \"true\"}\n"), pod.MeshWrongPlace},
		{"misspelt", strings.Replace(serving(app), "{app: web}\n    spec", "{app: web, sidecar.istio.io/inject: ture}\n    spec", 1), pod.LabelConflict},
		{"contrary", strings.Replace(serving(app), "{app: web}\n    spec", "{app: web, sidecar.istio.io/inject: \"false\"}\n    spec", 1), pod.LabelConflict},
	} {
		_, report := does(t, addMesh, istio).text(c.src)
		if res := result(t, report, c.code); res.Field == "" || res.Message == "" {
			t.Errorf("%s: %s", c.name, res.Line())
		}
	}
	unquoted := strings.Replace(serving(app), "{app: web}\n    spec", "{app: web, sidecar.istio.io/inject: true}\n    spec", 1)
	if _, report := does(t, addMesh, istio).text(unquoted); !warnsAbout(report, strings.TrimPrefix(label, "spec.template.metadata.")) {
		t.Errorf("nothing is said about a label that is no text:\n%s", lines(report))
	}
}

// Of an annotation and a label that say the opposite, the label wins.
func TestCase25_LabelWinsOverAnnotation(t *testing.T) {
	src := inMesh("      annotations: {sidecar.istio.io/inject: \"false\"}\n", "")
	src = strings.Replace(src, "{app: web}\n      annot", "{app: web, sidecar.istio.io/inject: \"true\"}\n      annot", 1)
	_, report := does(t, addMesh, istio).text(src)
	if report.Failed() {
		t.Errorf("the label says what the config wants, but:\n%s", lines(report))
	}
	out, _ := does(t, addMesh, istio+"fix: true").text(src)
	if strings.Contains(out, "\"false\"") || !strings.Contains(out, `sidecar.istio.io/inject: "true"`) {
		t.Errorf("fix leaves:\n%s", out)
	}
}
