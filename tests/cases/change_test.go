package cases

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
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

// removedOf takes away what one function added.
func removedOf(t *testing.T, text, function string) string {
	t.Helper()
	e, err := krm.NewRemover(inject.Owner{Function: function, Instance: "p"})
	if err != nil {
		t.Fatal(err)
	}
	out, report := e.RunText("in.yaml", text)
	if report.Failed() {
		t.Fatal(lines(report))
	}
	return out
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

const service = `---
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  ports:
  - port: 80 # the web
    targetPort: 8080
  selector: {app: web}
`

// amending asks for a port in every Service of the input.
func amending(v *pod.View) (*inject.Injection, []pod.Finding) {
	inj := &inject.Injection{}
	for _, s := range v.Neighbours("Service") {
		inj.Amendments = append(inj.Amendments, inject.Amendment{Object: s.Ref, Changes: []inject.Change{
			{Path: "spec.ports[0].name", Value: "http"},
			{Path: "spec.ports[name=metrics]", Value: map[string]any{"name": "metrics", "port": 9113}},
		}})
	}
	return inj, nil
}

func TestAmendment(t *testing.T) {
	asks(t, amending).changes(deployment(app)+service, `
+  annotations:
+    krm-sidecars.dev/add-probe.p: RECORD
+    name: http
+  - name: metrics
+    port: 9113
`)
}

// The Service may come first, and be asked for by two.
func TestAmendmentByTwoWorkloads(t *testing.T) {
	second := strings.Replace(deployment(app), "name: web", "name: api", 1)
	out, report := asks(t, amending).keeps(strings.TrimPrefix(service, "---\n") + "---\n" + deployment(app) + "---\n" + second)
	if n := strings.Count(out, "name: metrics"); n != 1 || report.Failed() {
		t.Errorf("the Service has the port %d times:\n%s", n, out)
	}
}

// A workload that no longer asks for it takes the change back.
func TestAmendmentGoesWithItsOwner(t *testing.T) {
	src := deployment(app) + service
	out, _ := asks(t, amending).keeps(src)
	none, _ := asks(t, func(*pod.View) (*inject.Injection, []pod.Finding) { return nil, nil }).text(out)
	if none != src {
		t.Errorf("(-want +got):\n%s", cmp.Diff(src, none))
	}
}

func TestServicesOfOthersPass(t *testing.T) {
	other := strings.Replace(service, "name: web", "name: web\n  namespace: other", 1)
	out, _ := asks(t, amending).keeps(deployment(app) + other)
	if strings.Contains(out, "metrics") {
		t.Errorf("a Service of another namespace was amended:\n%s", out)
	}
}

// mending moves a label of the workload to the pod template.
func mending(v *pod.View) (*inject.Injection, []pod.Finding) {
	inj := &inject.Injection{Labels: map[string]string{"mesh": "on"}}
	if _, wrong := v.Meta().Labels["mesh"]; !wrong {
		return inj, nil
	}
	inj.Repairs = []inject.Repair{{Path: "metadata.labels.mesh"}}
	return inj, []pod.Finding{{Severity: pod.Info, Code: pod.Repaired, Field: "metadata.labels.mesh", Message: "was in the wrong place"}}
}

func TestRepair(t *testing.T) {
	src := deployment(app)
	wrong := strings.Replace(src, "  name: web\n", "  name: web\n  labels:\n    mesh: 'on'\n", 1)
	r := asks(t, mending)
	want, _ := r.keeps(src)
	got, report := r.text(wrong)
	if got != want {
		t.Errorf("a repaired workload is not what a right one gives (-want +got):\n%s", cmp.Diff(want, got))
	}
	r.results(report, []string{"info repaired metadata.labels.mesh"})
	if back := removed(t, got); back != src {
		t.Errorf("the mistake came back (-want +got):\n%s", cmp.Diff(src, back))
	}
}

func TestNamespaces(t *testing.T) {
	src := deployment(app) + "---\napiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  labels: {a: b}\n"
	r := wants(t, inject.Injection{Labels: map[string]string{"mesh": "on"}})
	r.instances[0].Config.(*probe).namespaces = true
	r.changes(src, `
-  labels: {a: b}
+  labels: {a: b, mesh: 'on'}
+  annotations:
+    krm-sidecars.dev/add-probe.p: RECORD
`)
}

func labelledObject(labels map[string]string) inject.Injection {
	return inject.Injection{Objects: []inject.Object{{APIVersion: "v1", Kind: "ConfigMap", Name: "c", Labels: labels,
		Content: map[string]any{"data": map[string]string{"a": "b"}}}}}
}

// The labels of a generated object follow the config; those that others gave it
// stay.
func TestLabelsOfAGeneratedObject(t *testing.T) {
	src := deployment(app)
	old, _ := wants(t, labelledObject(map[string]string{"release": "a", "team": "x"})).keeps(src)
	for _, want := range []map[string]string{{"release": "b"}, {"team": "x", "zone": "1"}, nil} {
		fresh, _ := wants(t, labelledObject(want)).keeps(src)
		if got, _ := wants(t, labelledObject(want)).text(old); got != fresh {
			t.Errorf("%v (-fresh +got):\n%s", want, cmp.Diff(fresh, got))
		}
		others := strings.Replace(old, "    release: a\n", "    app: mine\n    release: a\n", 1)
		if got, _ := wants(t, labelledObject(want)).text(others); !strings.Contains(got, "app: mine") {
			t.Errorf("%v: a label of others is lost:\n%s", want, got)
		}
	}
}

func TestGeneratedObjectTooLarge(t *testing.T) {
	inj := inject.Injection{}
	inj.AddConfigMap(inject.Owner{Function: "add-probe", Instance: "p"}, "big", map[string]string{"a": strings.Repeat("x", 1<<20)})
	wants(t, inj).refuses(deployment(app), "error object-conflict")
}

// A function sees Services as they would be without what it did to them.
func TestNeighboursAreAsTheyWere(t *testing.T) {
	src := deployment(app) + service
	out, _ := asks(t, amending).keeps(src)
	seen := 0
	asks(t, func(v *pod.View) (*inject.Injection, []pod.Finding) {
		for _, s := range v.Neighbours("Service") {
			spec, _ := s.Root.Get("spec")
			ports, _ := spec.Get("ports")
			seen += len(ports.Items)
		}
		return nil, nil
	}).text(out)
	if seen != 1 {
		t.Errorf("the Service shows %d ports, want the user's one", seen)
	}
}

// All or nothing holds for amendments as well.
func TestAmendmentInConflict(t *testing.T) {
	by := func(function, name string) *krm.Instance {
		in := instance(t, function, "", inject.Injection{})
		in.Config.(*probe).want = func(v *pod.View) (*inject.Injection, []pod.Finding) {
			return &inject.Injection{Amendments: []inject.Amendment{{Object: v.Neighbours("Service")[0].Ref,
				Changes: []inject.Change{{Path: "spec.ports[0].name", Value: name}}}}}, nil
		}
		return in
	}
	run{t, []*krm.Instance{by("add-probe", "one"), by("add-other", "two")}}.refuses(deployment(app)+service,
		"error field-conflict spec.ports[0].name")
	out, _ := run{t, []*krm.Instance{by("add-probe", "one"), by("add-other", "one")}}.keeps(deployment(app) + service)
	if !strings.Contains(out, "name: one") {
		t.Errorf("what both want is not there:\n%s", out)
	}
}

// Two templates of one object may show the same mistake.
func TestRepairAskedForTwice(t *testing.T) {
	src := `apiVersion: ray.io/v1
kind: RayCluster
metadata:
  name: ray
  labels:
    mesh: 'on'
spec:
  headGroupSpec:
    template:
      spec:
        containers:
        - name: head
  workerGroupSpecs:
  - groupName: workers
    template:
      spec:
        containers:
        - name: worker
`
	out, report := asks(t, mending).text(src)
	if report.Failed() || strings.Contains(out, "name: ray\n  labels:") || strings.Count(out, "mesh: 'on'") != 2 {
		t.Errorf("want the label on both templates:\n%s%s", out, lines(report))
	}
}

// Who wants nothing, and says why, has skipped the object.
func TestNothingWantedForAReason(t *testing.T) {
	_, report := asks(t, func(*pod.View) (*inject.Injection, []pod.Finding) {
		return nil, []pod.Finding{{Severity: pod.Info, Code: "host-network", Message: "uses the node's network"}}
	}).text(deployment(app))
	if got := report.Summary("x"); !strings.Contains(got, "skipped 1 (host-network 1)") {
		t.Errorf("summary %q", got)
	}
}

// The record of an owner with a long name has a short key: what the owner
// generated is found all the same.
func TestGeneratedByAnOwnerWithALongName(t *testing.T) {
	inj := labelledObject(nil)
	in := instance(t, "add-probe", "", inj)
	in.Owner.Instance = "the-secrets-of-the-partner-that-sells-our-things-in-other-countries"
	run{t, []*krm.Instance{in}}.keeps(deployment(app))
}

// A container that ends with the app may stand in a Job as a plain one.
func TestPlainContainerThatEnds(t *testing.T) {
	job := "apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: web\nspec:\n  template:\n    spec:\n      restartPolicy: Never\n      containers:\n      - name: app\n        image: app\n"
	c := beside("agent")
	wantsWith(t, `kubernetesVersion: "1.28"`, containers(c)).refuses(job, "error job-would-never-complete spec.template.spec.containers")
	c.Ends = true
	out, _ := wantsWith(t, `kubernetesVersion: "1.28"`, containers(c)).keeps(job)
	if !strings.Contains(out, "name: agent") {
		t.Errorf("no container:\n%s", out)
	}
}

// What kustomize made of the name of a generated object is no edit, and removal
// finds the object.
func TestGeneratedObjectThatWasRenamed(t *testing.T) {
	inj := containers(beside("agent"))
	inj.Volumes = append(inj.Volumes, corev1.Volume{Name: "config", VolumeSource: corev1.VolumeSource{
		ConfigMap: &corev1.ConfigMapVolumeSource{LocalObjectReference: corev1.LocalObjectReference{Name: "web-agent"}}}})
	inj.AddConfigMap(inject.Owner{Function: "add-probe", Instance: "p"}, "web-agent", map[string]string{"a": "b"})
	out, _ := wants(t, inj).keeps(deployment(app))
	built := strings.ReplaceAll(strings.ReplaceAll(out, "name: web", "name: prod-web"), "name: prod-web-agent", "name: prod-web-agent-v2")
	e, err := krm.NewRemover()
	if err != nil {
		t.Fatal(err)
	}
	back, report := e.RunText("in.yaml", built)
	if want := strings.ReplaceAll(deployment(app), "name: web", "name: prod-web"); back != want || len(report.Results) > 0 {
		t.Errorf("removal (-want +got):\n%s%s", cmp.Diff(want, back), lines(report))
	}
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

// Hosts sort keys: what we added behind may stand first by then.
func TestAmendmentThatAHostHasSorted(t *testing.T) {
	src := strings.Replace(service, "# the web", "", 1)
	out, _ := asks(t, amending).keeps(deployment(app) + src)
	sorted := strings.Replace(out, "  - port: 80 \n    targetPort: 8080\n    name: http\n", "  - name: http\n    port: 80 \n    targetPort: 8080\n", 1)
	if sorted == out {
		t.Fatalf("the port is not as it was meant:\n%s", out)
	}
	e, err := krm.NewRemover()
	if err != nil {
		t.Fatal(err)
	}
	back, report := e.RunText("in.yaml", sorted)
	if want := deployment(app) + src; back != want || len(report.Results) > 0 {
		t.Errorf("removal (-want +got):\n%s%s", cmp.Diff(want, back), lines(report))
	}
}

// Generated objects may stand in front of all others.
func TestGeneratedObjectsInFront(t *testing.T) {
	two := labelledObject(nil)
	two.Objects = append(two.Objects, inject.Object{APIVersion: "v1", Kind: "ConfigMap", Name: "d", Content: map[string]any{"data": map[string]string{"a": "b"}}})
	out, _ := wants(t, two).keeps(deployment(app))
	workload, generated, _ := strings.Cut(out, "---\n")
	if back := removed(t, generated+"---\n"+workload); back != deployment(app) {
		t.Errorf("removal (-want +got):\n%s", cmp.Diff(deployment(app), back))
	}
}
