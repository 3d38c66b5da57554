package cases

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
)

func changing(path string, value any) inject.Injection {
	return inject.Injection{Changes: []inject.Change{{Path: path, Value: value}}}
}

const command = "spec.containers[name=app].command"

// A field of the user's own takes another value, and its text comes back with
// all that stands in it.
func TestChangeOfAField(t *testing.T) {
	inj := changing(command, []string{"sh", "-c", `exec "$@"`, "app"})
	for name, field := range map[string]string{
		"none":       "",
		"flow":       "\n  command: [app, \"--x\"] # why",
		"block":      "\n  command: # why\n  - app # the app\n  # its flag\n  - '--x'\n  # below",
		"quoted":     "\n  \"command\": ['app']",
		"one string": "\n  command: app",
	} {
		t.Run(name, func(t *testing.T) {
			out, _ := wants(t, inj).keeps(deployment(app + field))
			if !strings.Contains(out, `exec "$@"`) {
				t.Errorf("the command is as it was:\n%s", out)
			}
		})
	}
}

func TestChangeIsSmall(t *testing.T) {
	wants(t, changing(command, []string{"sh", "app"})).changes(deployment(app+"\n  command: [app]\n  tty: true"), `
+  annotations:
+    krm-sidecars.dev/add-probe.p: RECORD
-        command: [app]
+        command:
+        - sh
+        - app
`)
}

// A change that the user has made already is the user's.
func TestChangeThatIsThere(t *testing.T) {
	src := deployment(app + "\n  command: [sh]")
	out, _ := wants(t, changing(command, []string{"sh"})).keeps(src)
	if strings.Contains(out, "changes") {
		t.Errorf("the record claims the user's own field:\n%s", out)
	}
}

func TestChangeFollowsTheConfig(t *testing.T) {
	src := deployment(app + "\n  command: [app] # why")
	old, _ := wants(t, changing(command, []string{"one", "app"})).keeps(src)
	next := wants(t, changing(command, []string{"two", "app", "x"}))
	fresh, _ := next.keeps(src)
	if got, _ := next.text(old); got != fresh {
		t.Errorf("the new config over the old one (-fresh +got):\n%s", cmp.Diff(fresh, got))
	}
	none := wants(t, containers(beside("agent")))
	want, _ := none.keeps(src)
	if got, _ := none.text(old); got != want {
		t.Errorf("a config without the change (-fresh +got):\n%s", cmp.Diff(want, got))
	}
}

// What a person made of a value of ours since does not pile up.
func TestChangeThatWasEdited(t *testing.T) {
	src := deployment(app + "\n  command: [app]")
	r := wants(t, changing(command, []string{"sh", "app"}))
	out, _ := r.keeps(src)
	edited := strings.Replace(out, "- sh\n", "- bash\n", 1)
	got, report := r.text(edited)
	if got != out {
		t.Errorf("the edit is not undone (-want +got):\n%s", cmp.Diff(out, got))
	}
	r.results(report, []string{"warning drift spec.template." + command})
}

// A field that was not there, and that a person has set since, is that
// person's.
func TestChangeThatWasTakenOver(t *testing.T) {
	out, _ := wants(t, changing(command, []string{"sh"})).keeps(deployment(app))
	edited := strings.Replace(out, "- sh\n", "- mine\n", 1)
	back := removed(t, edited)
	if want := deployment(app + "\n  command:\n  - mine"); strings.Join(strings.Fields(back), " ") != strings.Join(strings.Fields(want), " ") {
		t.Errorf("removal (-want +got):\n%s", cmp.Diff(want, back))
	}
}

func TestChangeByTwo(t *testing.T) {
	src := deployment(app + "\n  command: [app]")
	both := run{t, []*krm.Instance{
		instance(t, "add-probe", "", changing(command, []string{"one"})),
		instance(t, "add-other", "", changing(command, []string{"two"})),
	}}
	both.refuses(src, "error field-conflict spec.template."+command)
	shared := run{t, []*krm.Instance{
		instance(t, "add-probe", "", changing(command, []string{"one"})),
		instance(t, "add-other", "", changing(command, []string{"one"})),
	}}
	all, _ := shared.keeps(src)
	one, _ := run{t, shared.instances[:1]}.keeps(src)
	if got := removedOf(t, all, "add-other"); got != one {
		t.Errorf("one of two that share a change goes (-want +got):\n%s", cmp.Diff(one, got))
	}
	out, _ := wants(t, changing(command, []string{"one"})).keeps(src)
	other := run{t, both.instances[1:]}
	other.refuses(out, "error field-conflict spec.template."+command)
}

func TestChangeOfNothing(t *testing.T) {
	wants(t, changing("spec.containers[name=none].command", "x")).refuses(deployment(app),
		"error field-conflict spec.template.spec.containers[name=none].command")
}

// The list that a new element goes into may be missing.
func TestChangeMakesTheList(t *testing.T) {
	path := "spec.containers[name=app].ports[name=metrics]"
	wants(t, changing(path, corev1.ContainerPort{Name: "metrics", ContainerPort: 9404})).changes(deployment(app), `
+  annotations:
+    krm-sidecars.dev/add-probe.p: RECORD
+        ports:
+        - name: metrics
+          containerPort: 9404
`)
}
