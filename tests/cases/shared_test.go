package cases

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
)

// removedOf takes away what one function added.
func removedOf(t *testing.T, text, function string) string {
	t.Helper()
	e, err := krm.NewRemover(krm.Origin{Owner: inject.Owner{Function: function, Instance: "p"}})
	if err != nil {
		t.Fatal(err)
	}
	out, report := e.RunText("in.yaml", text)
	if report.Failed() {
		t.Fatal(lines(report))
	}
	return out
}

// Secrets for a registry join those of the pod, and two configs may name one.
func TestImagePullSecrets(t *testing.T) {
	spec := "imagePullSecrets: [ours, theirs]"
	src := strings.Replace(deployment(app), "      containers:", "      imagePullSecrets:\n      - name: theirs\n      containers:", 1)
	wantsWith(t, spec, containers(beside("agent"))).changes(src, `
+  annotations:
+    krm-sidecars.dev/add-probe.p: RECORD
+      - name: ours
+      initContainers:
+      - name: agent
+        image: agent
+        restartPolicy: Always
`)
	both := run{t, []*krm.Instance{
		instance(t, "add-probe", spec, containers(beside("agent"))),
		instance(t, "add-other", spec, containers(beside("other"))),
	}}
	all, _ := both.keeps(deployment(app))
	one, _ := run{t, both.instances[:1]}.keeps(deployment(app))
	if got := removedOf(t, all, "add-other"); got != one {
		t.Errorf("one of two goes (-want +got):\n%s", cmp.Diff(one, got))
	}
}

// What two functions want stays as long as one of them does.
func TestWantedByTwo(t *testing.T) {
	want := func(container string) inject.Injection {
		inj := containers(beside(container))
		inj.Labels, inj.Annotations = map[string]string{"mesh": "on"}, map[string]string{"a": "b"}
		inj.Fields = []inject.Field{{Path: []string{"securityContext", "fsGroup"}, Value: int64(2000)}}
		inj.Env = []inject.Env{{Container: "app", EnvVar: corev1.EnvVar{Name: "HOST", Value: "127.0.0.1"}}}
		inj.Volumes = []corev1.Volume{emptyDir("shared")}
		inj.Mounts = []inject.Mount{mount("app", "shared", "/shared")}
		return inj
	}
	one, two := instance(t, "add-probe", "", want("one")), instance(t, "add-other", "", want("two"))
	for name, src := range map[string]string{
		"none": deployment(app),
		"some": strings.Replace(deployment(app), "    spec:\n      containers:", "    metadata:\n      labels: {app: web}\n      annotations: {}\n    spec:\n      containers:", 1),
	} {
		t.Run(name, func(t *testing.T) {
			both, _ := run{t, []*krm.Instance{one, two}}.keeps(src)
			first, _ := run{t, []*krm.Instance{one}}.keeps(src)
			second, _ := run{t, []*krm.Instance{two}}.keeps(src)
			if got, _ := (run{t, []*krm.Instance{two}}).text(first); got != both {
				t.Errorf("one after the other (-at once +got):\n%s", cmp.Diff(both, got))
			}
			if got, _ := (run{t, []*krm.Instance{one}}).text(second); got != both {
				t.Errorf("the other way round (-at once +got):\n%s", cmp.Diff(both, got))
			}
			if got := removedOf(t, both, "add-other"); got != first {
				t.Errorf("the second goes (-want +got):\n%s", cmp.Diff(first, got))
			}
			if got := removedOf(t, both, "add-probe"); got != second {
				t.Errorf("the first goes (-want +got):\n%s", cmp.Diff(second, got))
			}
		})
	}
}

// What a field goes into may be there and empty, in any way of writing it.
func TestFieldOfAnEmptyMap(t *testing.T) {
	inj := inject.Injection{Fields: []inject.Field{{Path: []string{"securityContext", "fsGroup"}, Value: int64(2000)}}}
	for _, empty := range []string{"{}", "", "null", "{ } # none"} {
		src := strings.Replace(deployment(app), "      containers:", "      securityContext: "+empty+"\n      containers:", 1)
		out, _ := wants(t, inj).keeps(src)
		if !strings.Contains(out, "fsGroup: 2000") {
			t.Errorf("%q: no fsGroup:\n%s", empty, out)
		}
	}
}
