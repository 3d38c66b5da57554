package cases

import (
	"strings"
	"testing"

	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// An init container ends before the app starts: it suits Jobs of every version.
func TestCase16_VaultInitInJobs(t *testing.T) {
	for _, version := range []string{"1.27", "1.28", "1.29", "1.33"} {
		for _, restart := range []string{"Never", "OnFailure"} {
			r := does(t, addVault, webSecret+"kubernetesVersion: \""+version+"\"")
			r.orders(job(restart), "vault-agent-init | app")
			r.silent(job(restart), pod.JobWouldNeverEnd)
		}
	}
}

func TestCase16_VaultBesideAJob(t *testing.T) {
	for _, mode := range []string{"sidecar", "init+sidecar"} {
		spec := webSecret + "mode: " + mode
		does(t, addVault, spec).silent(job("Never"), pod.JobWouldNeverEnd)
		r := does(t, addVault, spec+"\nkubernetesVersion: \"1.28\"")
		r.says(job("Never"), pod.Error, pod.JobWouldNeverEnd, "1.29")
		if out, _ := r.text(job("Never")); out != "" {
			t.Errorf("mode %s: a Job that would never complete is written:\n%s", mode, out)
		}
		// The app can stop the agent.
		does(t, addVault, spec+"\nkubernetesVersion: \"1.28\"\nagent: {listener: {quit: true}}").silent(job("Never"), pod.JobWouldNeverEnd)
	}
	misconfigured(t, addVault, webSecret+"mode: native\nkubernetesVersion: \"1.28\"", "spec.mode", "1.29")
}

func TestCase16_ExporterBesideAJob(t *testing.T) {
	does(t, addExporter, redis).silent(job("Never"), pod.JobWouldNeverEnd)
	does(t, addExporter, redis+"kubernetesVersion: \"1.28\"").says(job("Never"), pod.Error, pod.JobWouldNeverEnd, "1.29")
}

// What a mesh's webhook adds keeps Jobs from completing, too.
func TestCase16_MeshInAJob(t *testing.T) {
	for mesh, remedy := range map[string]string{"istio": "spec.istio.nativeSidecar", "linkerd": "spec.linkerd.nativeSidecar"} {
		does(t, addMesh, "mesh: "+mesh).says(job("Never"), pod.Warning, pod.JobWouldNeverEnd, remedy)
		does(t, addMesh, "mesh: "+mesh+"\n"+mesh+": {nativeSidecar: true}").silent(job("Never"), pod.JobWouldNeverEnd)
		does(t, addMesh, "mesh: "+mesh+"\ninjection: disabled").silent(job("Never"), pod.JobWouldNeverEnd)
	}
	does(t, addMesh, "mesh: istio-ambient").silent(job("Never"), pod.JobWouldNeverEnd)
}

func TestCase16_FieldsOfTheJobStay(t *testing.T) {
	for kind, spec := range map[string]string{addVault: webSecret, addExporter: redis, addMesh: istio} {
		out, report := does(t, kind, spec).keeps(job("Never"))
		holds(t, out, "  activeDeadlineSeconds: 60\n  ttlSecondsAfterFinished: 5\n")
		says(t, result(t, report, pod.ImmutablePod), "delete")
	}
}

// A native agent holds the app back until the files are there, by a probe of its
// own that the app has no part in.
func TestCase17_NativeVaultGatesTheApp(t *testing.T) {
	for _, secrets := range []string{"[{path: secret/data/web}]", "[{path: secret/data/a}, {path: secret/data/b, file: sub/b.txt}]"} {
		spec := strings.Replace(webSecret, "[{path: secret/data/web}]", secrets, 1) + "mode: native\n"
		out, _ := does(t, addVault, spec).keeps(serving(runner + app))
		_, agent, _ := strings.Cut(out, "- name: vault-agent\n")
		agent, _, _ = strings.Cut(agent, "      containers:\n")
		holds(t, agent, "restartPolicy: Always\n", "        startupProbe:\n          exec:\n", "/vault/secrets/")
		does(t, addVault, spec).orders(serving(runner+"initContainers:"+plainInit("migrate")+app), "vault-agent migrate | app")
	}
}

// The API server takes no probes of init containers that end.
func TestCase17_NoProbesOnInitContainers(t *testing.T) {
	for _, mode := range []string{"init", "init+sidecar"} {
		out, _ := does(t, addVault, webSecret+"mode: "+mode+"\nkubernetesVersion: \"1.28\"").keeps(serving(runner + app))
		_, agent, _ := strings.Cut(out, "- name: vault-agent-init\n")
		agent, _, _ = strings.Cut(agent, "      containers:\n")
		if strings.Contains(agent, "Probe") {
			t.Errorf("mode %s: the init container has a probe:\n%s", mode, agent)
		}
	}
}

// The kubelet asks exporters whether they live, and not the apps behind them.
func TestCase17_ExporterProbesItself(t *testing.T) {
	out, _ := does(t, addExporter, redis).keeps(serving(app))
	holds(t, out, "livenessProbe:")
	if strings.Contains(out, "readinessProbe") || strings.Contains(out, "startupProbe") || strings.Contains(out, "host:") {
		t.Errorf("the exporter has probes that nobody asked for:\n%s", out)
	}
	out, _ = does(t, addExporter, redis+"readiness: true").keeps(serving(app))
	holds(t, out, "readinessProbe:")
}
