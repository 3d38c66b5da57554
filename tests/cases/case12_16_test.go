package cases

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// order returns the names of the containers in a pod spec: init containers, a
// bar, containers.
func order(out string) string {
	var names []string
	in := false
	for line := range strings.Lines(out) {
		switch name, isName := strings.CutPrefix(line, "      - name: "); {
		case line == "      initContainers:\n" || line == "      containers:\n":
			if in = true; line == "      containers:\n" {
				names = append(names, "|")
			}
		case !strings.HasPrefix(line, "       ") && !isName && strings.TrimSpace(line) != "":
			in = false
		case isName && in:
			names = append(names, strings.TrimSpace(name))
		}
	}
	return strings.Join(names, " ")
}

func (r run) orders(src, want string) {
	r.t.Helper()
	out, _ := r.keeps(src)
	if got := order(out); got != want {
		r.t.Errorf("containers are %s, want %s", got, want)
	}
}

// native is an init container of the user's that keeps running.
func native(name string) string { return plainInit(name) + "\n  restartPolicy: Always" }

func plainInit(name string) string { return "\n- name: " + name + "\n  image: " + name }

// allRanks has one container of every rank.
func allRanks() inject.Injection {
	return containers(first("finish", inject.RankFinish), beside("beside"), first("prepare", inject.RankPrepare),
		first("vault", inject.RankVault), ranked("egress", inject.RankEgress))
}

func TestCase12_MeshNotNative(t *testing.T) {
	src := deployment("initContainers:" + plainInit("istio-init") + plainInit("migrate") + app + "- name: istio-proxy\n  image: istio-proxy")
	wants(t, containers(first("vault", inject.RankVault))).orders(src, "vault istio-init migrate | app istio-proxy")
	wants(t, allRanks()).orders(src, "egress vault prepare istio-init migrate finish beside | app istio-proxy")
}

func TestCase13_MeshNative(t *testing.T) {
	for _, mesh := range [][2]string{
		{"istio-init", "istio-proxy"}, {"linkerd-init", "linkerd-proxy"}, {"kuma-init", "kuma-sidecar"},
		{"consul-connect-inject-init", "consul-dataplane"}, {"istio-validation", "istio-proxy"}, {"linkerd-network-validator", "linkerd-proxy"},
	} {
		src := deployment("initContainers:" + plainInit(mesh[0]) + native(mesh[1]) + plainInit("migrate") + plainInit("b") + plainInit("a") + app)
		wants(t, containers(first("vault", inject.RankVault))).orders(src, mesh[0]+" "+mesh[1]+" vault migrate b a | app")
	}
}

// Init containers of the user stay where they are, in front of the mesh too.
func TestCase13_UserInitBeforeMesh(t *testing.T) {
	src := deployment("initContainers:" + plainInit("early") + plainInit("istio-init") + native("istio-proxy") + plainInit("migrate") + app)
	wants(t, allRanks()).orders(src, "early istio-init istio-proxy egress vault prepare migrate finish beside | app")
}

func TestCase13_Placement(t *testing.T) {
	src := deployment("initContainers:" + plainInit("istio-init") + native("istio-proxy") + plainInit("migrate") + app)
	for placement, want := range map[string]string{
		"first":                   "vault istio-init istio-proxy migrate | app",
		"last":                    "istio-init istio-proxy migrate vault | app",
		"{before: [istio-proxy]}": "istio-init vault istio-proxy migrate | app",
		"{after: [migrate]}":      "istio-init istio-proxy migrate vault | app",
		"{after: [istio-init], before: [migrate]}":  "istio-init istio-proxy vault migrate | app",
		"{after: [istio-init, nobody]}":             "istio-init vault istio-proxy migrate | app",
		"{before: [migrate], after: [istio-proxy]}": "istio-init istio-proxy vault migrate | app",
	} {
		wantsWith(t, "placement: "+placement, containers(first("vault", inject.RankVault))).orders(src, want)
	}
	for _, placement := range []string{"{after: [nobody]}", "{after: [migrate], before: [istio-init]}"} {
		r := wantsWith(t, "placement: "+placement, containers(first("vault", inject.RankVault)))
		r.refuses(src, "error placement-unknown spec.template.spec.initContainers")
		_, report := r.text(src)
		says(t, result(t, report, pod.PlacementUnknown), "istio-init, istio-proxy, migrate")
	}
}

func TestCase15_HostNetworkIsAllowed(t *testing.T) {
	logs(t, appLog).keeps(deployment("hostNetwork: true\nhostPID: true\nshareProcessNamespace: true" + app))
}

func TestCase15_Windows(t *testing.T) {
	for _, spec := range []string{"os: {name: windows}", "os:\n  name: windows", "nodeSelector: {kubernetes.io/os: windows}"} {
		logs(t, appLog).passes(deployment(spec+app), "info os-windows spec.template")
	}
	for _, spec := range []string{"os: {name: linux}", "nodeSelector: {kubernetes.io/os: linux}"} {
		if out, _ := logs(t, appLog).keeps(deployment(spec + app)); out == deployment(spec+app) {
			t.Errorf("a Linux pod was left alone: %s", spec)
		}
	}
}

func job(restart string) string {
	return strings.NewReplacer("apps/v1", "batch/v1", "Deployment", "Job", "  template:\n    spec:\n",
		"  activeDeadlineSeconds: 60\n  ttlSecondsAfterFinished: 5\n  template:\n    spec:\n      restartPolicy: "+restart+"\n").Replace(deployment(app))
}

func TestCase16_JobIsNativeFrom129(t *testing.T) {
	for _, version := range []string{"", "\nkubernetesVersion: \"1.29\"", "\nkubernetesVersion: v1.33.2"} {
		for _, restart := range []string{"Never", "OnFailure"} {
			logs(t, appLog+version).orders(job(restart), "log-sidecar | app")
		}
	}
}

func TestCase16_JobWouldNeverComplete(t *testing.T) {
	const want = "error job-would-never-complete spec.template.spec.containers"
	for _, spec := range []string{"kubernetesVersion: \"1.27\"", "kubernetesVersion: \"1.28\"", "injectAs: container"} {
		logs(t, appLog+"\n"+spec).refuses(job("Never"), want)
		logs(t, appLog+"\n"+spec).refuses(job("OnFailure"), want)
	}
	logs(t, appLog+"\nkubernetesVersion: \"1.28\"\nonConflict: skip").passes(job("Never"), strings.Replace(want, "error", "warning", 1))
	_, report := logs(t, appLog+"\nkubernetesVersion: \"1.28\"").text(job("Never"))
	says(t, result(t, report, pod.JobWouldNeverEnd), "keep this pod from completing", "1.29", "target")
}

func TestCase16_PodOnFailure(t *testing.T) {
	src := "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  restartPolicy: OnFailure\n  containers:\n  - {name: app, image: app}\n"
	logs(t, appLog+"\nkubernetesVersion: \"1.28\"").refuses(src, "error job-would-never-complete spec.containers")
}

func TestCase16_InitContainersSuitOldJobs(t *testing.T) {
	r := wantsWith(t, "kubernetesVersion: \"1.27\"", containers(first("fill", inject.RankPrepare)))
	r.orders(job("Never"), "fill | app")
}

// Templates of Jobs, and Pods, cannot change once they are in the cluster.
func TestCase16_ImmutableTemplateIsNoted(t *testing.T) {
	podText := "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  containers:\n  - {name: app, image: app}\n"
	for _, src := range []string{job("Never"), podText} {
		_, report := logs(t, appLog).keeps(src)
		says(t, result(t, report, pod.ImmutablePod), "delete")
	}
	for _, src := range []string{cronJob, deployment(app)} {
		_, report := logs(t, appLog).keeps(src)
		logs(t, appLog).results(report, nil)
	}
}

func TestCase16_OldVersionUsesContainers(t *testing.T) {
	out, _ := logs(t, appLog+"\nkubernetesVersion: \"1.28\"").keeps(deployment(app))
	if diff := cmp.Diff("| app log-sidecar", order(out)); diff != "" || strings.Contains(out, "restartPolicy") {
		t.Errorf("order (-want +got):\n%s\n%s", diff, out)
	}
}
