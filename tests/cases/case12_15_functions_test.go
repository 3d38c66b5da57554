package cases

import (
	"strings"
	"testing"

	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// runner are fields of a pod that leave add-vault-init nothing to remark on.
const runner = "serviceAccountName: web\nsecurityContext: {runAsUser: 1000, runAsNonRoot: true, fsGroup: 2000}\n"

// initWithProxy is a proxy in the containers, and the init container that
// redirects to it.
func initWithProxy(init, proxy string) string {
	return serving(runner + "initContainers:" + plainInit(init) + plainInit("migrate") + app + "- name: " + proxy + "\n  image: " + proxy)
}

func TestCase12_VaultBeforeTheMeshRedirects(t *testing.T) {
	for init, proxy := range map[string]string{"istio-init": "istio-proxy", "linkerd-init": "linkerd-proxy", "kuma-init": "kuma-sidecar"} {
		r := does(t, addVault, webSecret)
		r.orders(initWithProxy(init, proxy), "vault-agent-init "+init+" migrate | app "+proxy)
		r.silent(initWithProxy(init, proxy), pod.MeshBlocksInit)
	}
}

// A CNI plugin redirects before any container runs. The user hears of it, and
// gets two ways out.
func TestCase12_VaultBehindCNI(t *testing.T) {
	for init, c := range map[string]struct{ proxy, annotation, user string }{
		"istio-validation":          {"istio-proxy", "traffic.sidecar.istio.io/excludeOutboundPorts: '8200'", "runAsUser: 1337"},
		"linkerd-network-validator": {"linkerd-proxy", "config.linkerd.io/skip-outbound-ports: '8200'", "runAsUser: 2102"},
	} {
		src := initWithProxy(init, c.proxy)
		does(t, addVault, webSecret).says(src, pod.Warning, pod.MeshBlocksInit, "spec.mesh.excludePort", "spec.mesh.uid")
		for spec, text := range map[string]string{"mesh: {excludePort: true}": c.annotation, "mesh: {uid: true}": c.user} {
			r := does(t, addVault, webSecret+spec)
			out, report := r.keeps(src)
			holds(t, out, text)
			r.results(report, nil)
		}
	}
}

// The user of the proxy is no way out where DNS goes through the proxy, or where
// the pod runs as that user itself.
func TestCase12_VaultAsProxyUserRefused(t *testing.T) {
	src := initWithProxy("istio-validation", "istio-proxy")
	r := does(t, addVault, webSecret+"mesh: {uid: true}")
	r.says(strings.Replace(src, "runAsUser: 1000", "runAsUser: 1337", 1), pod.Error, pod.UIDBypassesMesh, "1337")
	capture := strings.Replace(src, "        image: istio-proxy\n", "        image: istio-proxy\n        env: [{name: ISTIO_META_DNS_CAPTURE, value: \"true\"}]\n", 1)
	_, report := r.text(capture)
	if !report.Failed() || !strings.Contains(lines(report), "ISTIO_META_DNS_CAPTURE") {
		t.Errorf("mesh.uid is taken where DNS is captured: %s", lines(report))
	}
}

func TestCase13_VaultBehindNativeProxy(t *testing.T) {
	for _, mesh := range [][2]string{{"istio-init", "istio-proxy"}, {"linkerd-init", "linkerd-proxy"}, {"kuma-init", "kuma-sidecar"}, {"consul-connect-inject-init", "consul-dataplane"}} {
		src := serving(runner + "initContainers:" + plainInit(mesh[0]) + native(mesh[1]) + plainInit("migrate") + plainInit("b") + plainInit("a") + app)
		r := does(t, addVault, webSecret)
		r.orders(src, mesh[0]+" "+mesh[1]+" vault-agent-init migrate b a | app")
		r.silent(src, pod.MeshBlocksInit)
	}
}

// A webhook adds the proxy later: the pod, or its namespace, asks for it.
func TestCase13_VaultAndAMeshToCome(t *testing.T) {
	const namespace = "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {istio-injection: enabled}}\n---\n"
	for src, name := range map[string]string{
		strings.Replace(serving(runner+app), "{app: web}\n    spec", "{app: web, sidecar.istio.io/inject: \"true\"}\n    spec", 1):                                      "Istio",
		strings.Replace(serving(runner+app), "{app: web}\n    spec", "{app: web}\n      annotations: {linkerd.io/inject: enabled}\n    spec", 1):                        "Linkerd",
		namespace + strings.Replace(serving(runner+app), "  name: web\n", "  name: web\n  namespace: shop\n", 1):                                                        "Istio",
		strings.Replace(serving(runner+app), "{app: web}\n    spec", "{app: web}\n      annotations: {\"consul.hashicorp.com/connect-inject\": \"true\"}\n    spec", 1): "Consul",
	} {
		does(t, addVault, webSecret).says(src, pod.Info, pod.MeshAtAdmission, name, "spec.mesh.excludePort")
	}
	does(t, addVault, webSecret).silent(serving(runner+app), pod.MeshAtAdmission)
}

func TestCase14_UserOfTheProxy(t *testing.T) {
	for _, c := range []struct {
		mesh, user string
		severity   pod.Severity
	}{
		{"istio", "1337", pod.Warning}, {"linkerd", "2102", pod.Warning}, {"kuma", "5678", pod.Error}, {"consul", "5995", pod.Error},
	} {
		r := does(t, addMesh, "mesh: "+c.mesh)
		context := "securityContext: {runAsUser: " + c.user + "}"
		for _, src := range []string{serving(context + app), serving(app + "  " + context), serving("securityContext: {runAsUser: 1}" + app + "  " + context)} {
			r.says(src, c.severity, pod.UIDBypassesMesh, c.user, c.mesh)
		}
		for _, src := range []string{serving("securityContext: {runAsUser: 1000}" + app), serving(context + app + "  securityContext: {runAsUser: 1000}")} {
			r.silent(src, pod.UIDBypassesMesh)
		}
	}
}

// Other proxies run as other users.
func TestCase14_UserOfTheProxyIsConfigured(t *testing.T) {
	src := serving("securityContext: {runAsUser: 5678}" + app)
	does(t, addMesh, "mesh: kuma\nproxyUID: 7000").silent(src, pod.UIDBypassesMesh)
	does(t, addMesh, "mesh: istio\nproxyUID: 5678").says(src, pod.Warning, pod.UIDBypassesMesh, "5678")
}

// What other functions add runs as the proxy's user only if a config says so.
func TestCase14_InjectedContainersAreInTheMesh(t *testing.T) {
	for _, name := range []string{"istio", "linkerd", "kuma", "consul"} {
		all := run{t, []*krm.Instance{
			configured(t, addLogs, "l", appLog), configured(t, addVault, "v", webSecret), configured(t, addExporter, "e", redis), configured(t, addMesh, "m", "mesh: "+name),
		}}
		all.silent(serving(runner+app), pod.UIDBypassesMesh)
	}
}

func TestCase15_NodesNetwork(t *testing.T) {
	src := serving("hostNetwork: true\nhostPID: true\nshareProcessNamespace: true\n" + runner + app)
	for _, name := range []string{"istio", "linkerd", "kuma", "consul"} {
		r := does(t, addMesh, "mesh: "+name)
		r.passes(src, "info host-network spec.template")
		_, report := r.text(src)
		if got := report.Summary("x"); got != "x: skipped 1 (host-network 1)" {
			t.Errorf("%s: summary %q", name, got)
		}
	}
	for kind, spec := range map[string]string{addVault: webSecret, addExporter: redis, addLogs: appLog} {
		if out, _ := does(t, kind, spec).keeps(src); out == src {
			t.Errorf("%s leaves a pod alone that has the network of its node", kind)
		}
	}
}

func TestCase15_WindowsIsLeftAlone(t *testing.T) {
	for _, spec := range []string{"os: {name: windows}", "nodeSelector: {kubernetes.io/os: windows}"} {
		for kind, config := range map[string]string{addVault: webSecret, addExporter: redis, addMesh: istio} {
			r := does(t, kind, config)
			r.passes(serving(spec+app), "info os-windows spec.template")
		}
	}
}
