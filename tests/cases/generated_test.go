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
