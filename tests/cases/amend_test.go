package cases

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

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
