package meshannotation_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	meshannotation "github.com/krm-sidecars/krm-sidecars/functions/add-mesh-annotation"
	"github.com/krm-sidecars/krm-sidecars/pkg/fntest"
	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
)

const header = `apiVersion: krm-sidecars.dev/v1alpha1
kind: AddMeshAnnotation
metadata:
  name: mesh
spec:
`

// errorsOf reads a config whose spec is given, and returns what is wrong.
func errorsOf(t *testing.T, spec string) []string {
	t.Helper()
	_, err := krm.ReadConfigs([]krm.Function{meshannotation.Function()}, "config.yaml", header+"  "+strings.ReplaceAll(spec, "\n", "\n  ")+"\n")
	if err == nil {
		return nil
	}
	var all []string
	for line := range strings.SplitSeq(err.Error(), "\n") {
		_, line, _ = strings.Cut(line, "AddMeshAnnotation/mesh ")
		all = append(all, line)
	}
	return all
}

func TestValidate(t *testing.T) {
	for _, c := range []struct {
		spec string
		want []string
	}{
		{"mesh: istio", nil},
		{"{}", []string{
			"spec.mesh: missing; name the mesh: istio, istio-ambient, linkerd, consul, kuma, dapr, gcp, opentelemetry",
		}},
		{"mesh: istoi", []string{
			`spec.mesh: "istoi" is none of istio, istio-ambient, linkerd, consul, kuma, dapr, gcp, opentelemetry; did you mean istio?`,
		}},
		{"mesh: Istio", []string{
			`spec.mesh: "Istio" is called istio here; write that`,
		}},
		{"mesh: kong-mesh", []string{
			`spec.mesh: "kong-mesh" is called kuma here; write that`,
		}},
		{"mesh: osm", []string{
			`spec.mesh: "osm" cannot be used: Open Service Mesh was archived in 2023; move to istio, linkerd or kuma`,
		}},
		{"mesh: nginx-service-mesh", []string{
			`spec.mesh: "nginx-service-mesh" cannot be used: NGINX Service Mesh is out of support; move to istio, linkerd or consul`,
		}},
		{"mesh: Traefik", []string{
			`spec.mesh: "Traefik" cannot be used: Traefik Mesh was archived, and had a proxy on each node and none in pods; remove its labels, or move to linkerd`,
		}},
		{"mesh: app-mesh", []string{
			`spec.mesh: "app-mesh" cannot be used: AWS App Mesh ended in 2026; move to Amazon VPC Lattice or ECS Service Connect, or to istio`,
		}},
		{"mesh: cilium", []string{
			`spec.mesh: "cilium" cannot be used: Cilium has no sidecars: its agent on the node does their work, and pods need no label; use CiliumNetworkPolicy objects`,
		}},
		{"mesh: istio\ninjection: 'yes'\nscope: pods\nrevision: Stable_1", []string{
			`spec.injection: "yes" is none of enabled, disabled, unchanged`,
			`spec.scope: "pods" is none of podTemplate, namespace`,
			`spec.revision: "Stable_1" is no revision; use up to 63 lower-case letters, digits and -, such as stable or 1-30`,
		}},
		{"mesh: istio\nproxyUID: 0", []string{"spec.proxyUID: must be above 0"}},
		{"mesh: linkerd\nrevision: stable", []string{
			"spec.revision: linkerd has no revisions; remove it",
		}},
		{"mesh: istio\ninjection: disabled\nrevision: stable\nistio: {logLevel: debug}", []string{
			"spec.revision: injection is disabled; remove it, or set injection: enabled",
			"spec.istio.logLevel: injection is disabled; remove it",
		}},
		{"mesh: dapr\nscope: namespace", []string{
			"spec.scope: dapr does not look at namespaces to decide; use podTemplate, or set injection: unchanged",
		}},
		{"mesh: consul\nscope: namespace\ninjection: unchanged\nconsul: {transparentProxy: true, tags: [a]}", []string{
			"spec.consul.tags: consul reads it from pods only; use it with scope: podTemplate",
		}},
		{"mesh: istio\nscope: namespace\nistio: {network: a, logLevel: debug}", []string{
			"spec.istio.logLevel: istio reads it from pods only; use it with scope: podTemplate",
		}},
		{"mesh: istio\nlinkerd: {accessLog: json}\nkuma: {mesh: shop}", []string{
			"spec.linkerd: mesh is istio; move the settings to spec.istio, or remove them",
			"spec.kuma: mesh is istio; move the settings to spec.istio, or remove them",
		}},
		{"mesh: gcp\nistio: {logLevel: loud}", []string{
			`spec.istio.logLevel: "loud" is none of trace, debug, info, warning, error, critical, off`,
		}},
		{"mesh: istio\nistio: {excludeOutboundPorts: [8200, 0, x], includeInboundPorts: ['*', 80], excludeInterfaces: []}", []string{
			`spec.istio.includeInboundPorts[0]: "*" is no port; write a number from 1 to 65535`,
			`spec.istio.excludeOutboundPorts[1]: "0" is no port; write a number from 1 to 65535`,
			`spec.istio.excludeOutboundPorts[2]: "x" is no port; write a number from 1 to 65535`,
			"spec.istio.excludeInterfaces: empty; leave it out, or give it a value",
		}},
		{"mesh: istio\nistio: {includeOutboundIPRanges: ['*']}", nil},
		{"mesh: istio\nistio: {excludeOutboundIPRanges: [10.0.0.1, '10.0.0.0/8 ']}", []string{
			`spec.istio.excludeOutboundIPRanges[0]: "10.0.0.1" is no range of addresses; write it like 10.0.0.0/8`,
			`spec.istio.excludeOutboundIPRanges[1]: "10.0.0.0/8 " is no range of addresses; write it like 10.0.0.0/8`,
		}},
		{"mesh: istio\nistio: {concurrency: 2, proxyConfig: {concurrency: 4}}", []string{
			"spec.istio.proxyConfig.concurrency: spec.istio.concurrency says it already; keep one of them",
		}},
		{"mesh: istio\nistio: {proxyMetadata: {API_TOKEN: abcdef}}", []string{
			"spec.istio.proxyMetadata.API_TOKEN: a secret in plain text, which all who may read pods can read; let the proxy take it from a Secret",
		}},
		{"mesh: istio\nkubernetesVersion: '1.28'\nistio: {nativeSidecar: true}", []string{
			"spec.istio.nativeSidecar: native sidecars need Kubernetes 1.29, kubernetesVersion is 1.28; leave it out",
		}},
		{"mesh: istio\nkubernetesVersion: '1.28'\nistio: {nativeSidecar: false}", nil},
		{"mesh: linkerd\nlinkerd:\n  mode: disabled\n  additionalEnv: [{name: DB_PASSWORD, value: abcdef}]", []string{
			`spec.linkerd.mode: "disabled" is none of enabled, ingress`,
			"spec.linkerd.additionalEnv[0].value: a secret in plain text; use valueFrom.secretKeyRef: {name: DB_PASSWORD, valueFrom: {secretKeyRef: {name: my-secret, key: my-key}}}",
		}},
		{"mesh: linkerd\ninjection: unchanged\nlinkerd: {mode: ingress}", []string{
			"spec.linkerd.mode: injection is unchanged, and this would change it; remove it, or set injection: enabled",
		}},
		{"mesh: dapr\ndapr: {appID: shop.web, sidecar: {env: {TOKEN: abcdef, A: 'x,y'}}}", []string{
			`spec.dapr.appID: "shop.web" is no app id; use up to 58 lower-case letters, digits and -`,
			`spec.dapr.sidecar.env.A: "A=x,y" holds one of ",", by which the mesh splits the value`,
			"spec.dapr.sidecar.env.TOKEN: a secret in plain text, which all who may read pods can read; let the proxy take it from a Secret",
		}},
		{"mesh: consul\nconsul: {meta: {'a b': x}, proxy: {cpu: lots}}", []string{
			`spec.consul.meta.a b: "consul.hashicorp.com/service-meta-a b" is no key of a label or annotation; write it like app or example.com/team`,
			`spec.consul.proxy.cpu: "lots" is no quantity; write it like 100m, 0.5 or 64Mi`,
		}},
		{"mesh: opentelemetry\ninjection: disabled\nopentelemetry: {java: 'true', python: 'false', pythonPlatform: musl}", []string{
			"spec.opentelemetry.java: injection is disabled; remove it",
			"spec.opentelemetry.pythonPlatform: injection is disabled; remove it",
		}},
		{"mesh: istio\ncontainer: {image: x}\ninjectAs: native\nplacement: first\ntarget: {containers: [app]}", []string{
			"spec.container: this function adds no container, the mesh does; remove it",
			"spec.injectAs: this function adds no container, the mesh does; remove it",
			"spec.placement: this function adds no container, the mesh does; remove it",
			"spec.target.containers: this function adds no container, the mesh does; remove it",
		}},
		{"mesh: istio\nraw:\n  labels: {a b: c, example.com/x: 'a b'}\n  annotations: {sidecar.istio.io/inject: 'true', istio.io/rev: a, sidecar.istio.io/proxyCPU: lots}", []string{
			`spec.raw.labels["a b"]: "a b" is no key of a label or annotation; write it like app or example.com/team`,
			`spec.raw.labels["example.com/x"]: "a b" is no value of a label; use up to 63 letters, digits, -, _ and ., with a letter or digit at both ends`,
			`spec.raw.annotations["istio.io/rev"]: is what spec.injection and spec.revision are for`,
			`spec.raw.annotations["sidecar.istio.io/inject"]: is what spec.injection and spec.revision are for`,
			`spec.raw.annotations["sidecar.istio.io/proxyCPU"]: "lots" is no quantity; write it like 100m, 0.5 or 64Mi`,
		}},
		{"mesh: istio\nistio: {logLevel: debug}\nraw:\n  labels: {sidecar.istio.io/proxyCPU: 100m}\n  annotations: {sidecar.istio.io/logLevel: info, topology.istio.io/network: a, kuma.io/sidecar-injection: enabled}", []string{
			`spec.raw.labels["sidecar.istio.io/proxyCPU"]: is read as an annotation; write it in spec.raw.annotations`,
			`spec.raw.annotations["kuma.io/sidecar-injection"]: is read as a label; write it in spec.raw.labels`,
			`spec.raw.annotations["sidecar.istio.io/logLevel"]: spec.istio sets it already; keep one of them`,
			`spec.raw.annotations["topology.istio.io/network"]: is read as a label; write it in spec.raw.labels`,
		}},
		{"mesh: dapr\nraw:\n  annotations: {dapr.io/app-ssl: 'true', dapr.io/env: 'TOKEN=abcdef', sidecar.istio.io/statsInclusionPrefixes: x}", []string{
			`spec.raw.annotations["dapr.io/app-ssl"]: is deprecated; write dapr.io/app-protocol`,
			`spec.raw.annotations["dapr.io/env"]: a secret in plain text, which all who may read pods can read; let the proxy take it from a Secret`,
			`spec.raw.annotations["sidecar.istio.io/statsInclusionPrefixes"]: is deprecated; set proxyStatsMatcher in spec.istio`,
		}},
		{"mesh: linkerd\nscope: namespace\nraw:\n  annotations: {sidecar.istio.io/proxyCPU: 100m}", []string{
			`spec.raw.annotations["sidecar.istio.io/proxyCPU"]: is not read from namespaces`,
		}},
		{"mesh: istio\nfix: 1\nistio: {excludeOutboundPorts: [true, 1.5, {a: b}], concurrency: two}", []string{
			"spec.fix: a number where a boolean is expected; write true or false",
			"spec.istio.excludeOutboundPorts[0]: is no port; write a number, or text",
			"spec.istio.excludeOutboundPorts[1]: is no port; write a number, or text",
			"spec.istio.excludeOutboundPorts[2]: is no port; write a number, or text",
			"spec.istio.concurrency: text where a number is expected",
		}},
		{"mesh: istio\nistio: {logLevl: debug}", []string{
			"spec.istio.logLevl: unknown field; did you mean logLevel?",
		}},
	} {
		if diff := cmp.Diff(c.want, errorsOf(t, c.spec)); diff != "" {
			t.Errorf("%s\n(-want +got):\n%s", c.spec, diff)
		}
	}
}

// TestConfigMap: fields can be written as kpt passes them on, as text.
func TestConfigMap(t *testing.T) {
	list := `apiVersion: config.kubernetes.io/v1
kind: ResourceList
functionConfig:
  apiVersion: v1
  kind: ConfigMap
  metadata:
    name: mesh
  data:
    mesh: istio
    istio.excludeOutboundPorts: 8200,9090
    istio.proxy.cpu: 100m
    istio.nativeSidecar: 'true'
items:
- apiVersion: v1
  kind: Pod
  metadata:
    name: web
  spec:
    containers:
    - name: app
      image: nginx:1.29
`
	out, report, err := krm.RunList([]krm.Function{meshannotation.Function()}, "add-mesh-annotation", list)
	if err != nil || report.Failed() {
		t.Fatal(err, report.Results)
	}
	for _, want := range []string{"excludeOutboundPorts: 8200,9090\n", "proxyCPU: 100m\n", "nativeSidecar: 'true'\n"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %s in\n%s", want, out)
		}
	}
}

func TestReference(t *testing.T) { fntest.Reference(t, meshannotation.Function().New()) }
