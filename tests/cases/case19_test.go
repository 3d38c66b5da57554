package cases

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
)

// four returns runs of four functions: logs, vault, exporter, mesh. Vault and
// the exporter share a volume.
func four(t *testing.T) []*krm.Instance {
	t.Helper()
	vault, exporter := first("vault", inject.RankVault), beside("exporter")
	vault.VolumeMounts = []corev1.VolumeMount{{Name: "certs", MountPath: "/certs"}}
	exporter.VolumeMounts = vault.VolumeMounts
	volumes := []corev1.Volume{emptyDir("certs")}
	app := []inject.Mount{mount("app", "certs", "/certs")}
	element := func(name string) map[string][]string { return map[string][]string{inject.SafeToEvict: {name}} }
	return []*krm.Instance{
		logInstance(t, "logs", appLog),
		instance(t, "add-vault", "", inject.Injection{Containers: []inject.Container{vault}, Volumes: volumes, Mounts: app, Elements: element("certs"),
			Env: []inject.Env{{Container: "app", EnvVar: corev1.EnvVar{Name: "CERTS", Value: "/certs"}}}}),
		instance(t, "add-exporter", "", inject.Injection{Containers: []inject.Container{exporter}, Volumes: volumes, Mounts: app, Elements: element("certs"),
			Annotations: map[string]string{"prometheus.io/port": "1"}}),
		instance(t, "add-mesh", "", inject.Injection{Labels: map[string]string{"mesh": "on"}, Annotations: map[string]string{"mesh/cpu": "1"}}),
	}
}

// permutations returns all orders of n things.
func permutations(n int) [][]int {
	if n == 0 {
		return [][]int{{}}
	}
	var all [][]int
	for _, p := range permutations(n - 1) {
		for i := 0; i <= len(p); i++ {
			all = append(all, slices.Insert(slices.Clone(p), i, n-1))
		}
	}
	return all
}

func sources() map[string]string {
	return map[string]string{
		"plain":    deployment(app),
		"comments": withComments,
		"mesh":     deployment("initContainers:" + plainInit("istio-init") + native("istio-proxy") + plainInit("migrate") + app),
		"cronjob":  cronJob,
		"flow":     "{apiVersion: apps/v1, kind: Deployment, metadata: {name: w}, spec: {template: {spec: {containers: [{name: app, image: a}]}}}}\n",
	}
}

func TestCase19_AnyOrderGivesTheSame(t *testing.T) {
	all := four(t)
	for name, src := range sources() {
		t.Run(name, func(t *testing.T) {
			want, _ := run{t, all}.keeps(src)
			for _, order := range permutations(len(all)) {
				got := src
				for _, i := range order {
					got = must(t, all[i:i+1], got)
				}
				if diff := cmp.Diff(parts(want), parts(got)); diff != "" {
					t.Fatalf("functions in the order %v give (-at once +one by one):\n%s", order, diff)
				}
				if diff := cmp.Diff(src, removed(t, got)); diff != "" {
					t.Fatalf("functions in the order %v leave (-original +removed):\n%s", order, diff)
				}
			}
		})
	}
}

func must(t *testing.T, instances []*krm.Instance, src string) string {
	t.Helper()
	out, report := run{t, instances}.text(src)
	if report.Failed() {
		t.Fatal(lines(report))
	}
	return out
}

func TestCase19_TwoAtOnceInBothOrders(t *testing.T) {
	all := four(t)
	for name, src := range sources() {
		a, _ := run{t, []*krm.Instance{all[0], all[1]}}.keeps(src)
		b, _ := run{t, []*krm.Instance{all[1], all[0]}}.keeps(src)
		if diff := cmp.Diff(plain(a), plain(b)); diff != "" {
			t.Errorf("%s (-logs, vault +vault, logs):\n%s", name, diff)
		}
	}
}

func TestCase19_DocumentedOrder(t *testing.T) {
	run{t, four(t)}.orders(sources()["mesh"], "istio-init istio-proxy vault migrate exporter log-sidecar | app")
}

// Whoever is removed, in whatever order, leaves what the others want, and in the
// end the original.
func TestCase19_RemovalInAnyOrder(t *testing.T) {
	all := four(t)
	for name, src := range sources() {
		t.Run(name, func(t *testing.T) {
			whole, _ := run{t, all}.keeps(src)
			for _, order := range permutations(len(all)) {
				got := whole
				for i, gone := range order {
					got = removeOwner(t, got, all[gone].Owner)
					want := src
					if left := order[i+1:]; len(left) > 0 {
						want = must(t, pick(all, left), src)
					}
					if diff := cmp.Diff(parts(want), parts(got)); diff != "" {
						t.Fatalf("removed %v of %v (-never there +removed):\n%s", order[:i+1], order, diff)
					}
				}
				if got != src {
					t.Fatalf("removed in the order %v (-original +removed):\n%s", order, cmp.Diff(src, got))
				}
			}
		})
	}
}

// parts returns all words of a text, sorted: what is there, in whatever order. A
// volume that two functions share stands where the one that ran first put it.
func parts(text string) []string {
	words := strings.FieldsFunc(plain(text), func(r rune) bool { return strings.ContainsRune(" \n,{}[]'\"", r) })
	slices.Sort(words)
	return words
}

func pick(all []*krm.Instance, which []int) []*krm.Instance {
	var picked []*krm.Instance
	for _, i := range slices.Sorted(slices.Values(which)) {
		picked = append(picked, all[i])
	}
	return picked
}

func removeOwner(t *testing.T, src string, owner inject.Owner) string {
	t.Helper()
	e, err := krm.NewRemover(krm.Origin{Owner: owner})
	if err != nil {
		t.Fatal(err)
	}
	out, report := e.RunText("in.yaml", src)
	if report.Failed() {
		t.Fatal(lines(report))
	}
	return out
}

// Two instances of one function: each has its container and its record.
func TestCase19_TwoInstancesOfOneFunction(t *testing.T) {
	a, b := logInstance(t, "a", appLog), logInstance(t, "b", "logs: [{paths: [/srv/b/b.log]}]")
	out, _ := run{t, []*krm.Instance{a, b}}.keeps(deployment(app))
	if got := order(out); got != "log-sidecar log-sidecar-b | app" {
		t.Errorf("containers are %s", got)
	}
	alone := must(t, []*krm.Instance{b}, deployment(app))
	again, report := run{t, []*krm.Instance{b}}.keepsFrom(removeOwner(t, out, a.Owner), deployment(app))
	if diff := cmp.Diff(plain(alone), plain(again)); diff != "" {
		t.Errorf("without a, b is (-b alone +b left over):\n%s%s", diff, report)
	}
}

// The second of two instances sees the volume of the first.
func TestCase19_TwoInstancesShareAVolume(t *testing.T) {
	a, b := logInstance(t, "a", appLog), logInstance(t, "b", "logs: [{paths: [/var/log/app/other.log]}]")
	out, _ := run{t, []*krm.Instance{a, b}}.keeps(deployment(app))
	if n := strings.Count(out, "emptyDir:"); n != 1 {
		t.Errorf("%d volumes instead of 1:\n%s", n, out)
	}
	left := removeOwner(t, out, a.Owner)
	again, _ := run{t, []*krm.Instance{b}}.keepsFrom(left, deployment(app))
	if !strings.Contains(again, "emptyDir:") || strings.Count(again, "mountPath: /var/log/app\n") != 2 {
		t.Errorf("b has lost the volume that it shared:\n%s", again)
	}
}
