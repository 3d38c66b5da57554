//go:build e2e

package e2e

import (
	"slices"
	"strings"
	"testing"

	"github.com/krm-sidecars/krm-sidecars/tests/box"
)

// hostAnnotations are the annotations by which hosts know items again, as they
// stand below metadata.annotations; the last one is not one line.
var hostAnnotations = []string{
	"internal.config.kubernetes.io/path: apps/web.yaml",
	"internal.config.kubernetes.io/index: '3'",
	"config.kubernetes.io/path: 'apps/web.yaml'",
	"config.kubernetes.io/index: \"3\"",
	"internal.config.kubernetes.io/id: '7'",
	"config.k8s.io/id: '7'",
	"internal.config.kubernetes.io/annotations-migration-resource-id: '0'",
	"internal.config.kubernetes.io/seqindent: compact",
	"internal.config.kubernetes.io/package-path: shop/sub",
	"internal.config.kubernetes.io/previousNames: web,web-old",
	"internal.config.kubernetes.io/previousKinds: Deployment,Deployment",
	"internal.config.kubernetes.io/previousNamespaces: default,shop",
	"internal.config.kubernetes.io/prefixes: pre-",
	"internal.config.kubernetes.io/suffixes: -v2",
	"internal.config.kubernetes.io/refBy: 'a.v1.apps/web.shop'",
	"internal.config.kubernetes.io/generatorBehavior: merge",
	"internal.config.kubernetes.io/needsHashSuffix: enabled",
	"internal.config.k8s.io/kpt-resource-id: '12'",
	"internal.config.kubernetes.io/kpt-resource-id: '12'",
	"internal.config.kubernetes.io/of-a-later-host: \"x\"",
	"internal.kpt.dev/upstream-identifier: 'apps|Deployment|default|web'",
	"postrenderer.helm.sh/postrender-filename: shop/templates/web.yaml",
	"kustomize.config.k8s.io/needs-hash: 'true'",
	"kustomize.config.k8s.io/id: |\n  group: apps\n  kind: Deployment\n  name: web",
}

// annotated is a workload in a list, with some of these annotations.
func annotated(list string, annotations ...string) string {
	item := items(list)[0]
	head, rest, _ := strings.Cut(item, "    annotations:\n")
	_, rest, _ = strings.Cut(rest, "  spec:\n")
	lines := strings.ReplaceAll(strings.Join(annotations, "\n"), "\n", "\n      ")
	return strings.Replace(list, item, head+"    annotations:\n      "+lines+"\n  spec:\n"+rest, 1)
}

// TestS5_EachHostAnnotationStays: alone and all together, to the byte, on an
// item that every function works on.
func TestS5_EachHostAnnotationStays(t *testing.T) {
	each(t, func(t *testing.T, name, list string) {
		t.Helper()
		for _, a := range append(slices.Clone(hostAnnotations), strings.Join(hostAnnotations, "\n")) {
			got := items(worked(t, name, annotated(list, a)))[0]
			box.Contains(t, "item", got, "      "+strings.ReplaceAll(a, "\n", "\n      ")+"\n")
			box.Equal(t, "host annotations", hostKeys(a), hostKeys(got))
		}
	})
}

// hostKeys counts what looks like an annotation of a host.
func hostKeys(text string) int {
	n := 0
	for _, prefix := range []string{"config.kubernetes.io/", "config.k8s.io/", "internal.kpt.dev/", "postrenderer.helm.sh/"} {
		n += strings.Count(text, prefix)
	}
	return n
}

// notOurs are items that are no workloads of a cluster, or not said to be any.
var notOurs = []string{
	"resources: [a.yaml] # a kustomization.yaml may say no kind\n",
	"apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [ a.yaml ]\n",
	"apiVersion: kpt.dev/v1\nkind: Kptfile\nmetadata: {name: shop}\npipeline: {mutators: [{exec: x}]}\n",
	"kind: Deployment # no apiVersion\nmetadata: {name: a}\nspec: {template: {spec: {containers: [{name: a, image: 'nginx:1'}]}}}\n",
	"apiVersion: apps/v1 # no kind\nmetadata: {name: a}\nspec: {template: {spec: {containers: [{name: a, image: 'nginx:1'}]}}}\n",
	"apiVersion: apps/v1 # no name\nkind: Deployment\nmetadata: {}\nspec: {template: {spec: {containers: [{name: a, image: 'nginx:1'}]}}}\n",
	"apiVersion: apps/v1 # no metadata\nkind: Deployment\nspec: {template: {spec: {containers: [{name: a, image: 'nginx:1'}]}}}\n",
	"apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: local\n  annotations: {config.kubernetes.io/local-config: 'true'}\n" +
		"spec: {template: {spec: {containers: [{name: a, image: 'nginx:1'}]}}}\n",
	"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: exotic}\ndata: {n: [0x10, 012, 1e3, yes, ~, .5, 1_000], q: &a 'single',  r: *a}\n",
	"{}\n",
}

// TestS8_EveryFunctionPassesWhatIsNotOurs: the function's own config is among
// the items, too, as kpt sends it.
func TestS8_EveryFunctionPassesWhatIsNotOurs(t *testing.T) {
	each(t, func(t *testing.T, name, list string) {
		t.Helper()
		_, config, _ := strings.Cut(section(list, "functionConfig"), "\n")
		want := []string{"-" + config[1:]}
		for _, object := range notOurs {
			want = append(want, asItem(object))
		}
		workload := items(list)[0]
		in := strings.Replace(list, section(list, "items"), "items:\n"+strings.Join(want, "")+workload, 1)
		got := items(worked(t, name, in))
		box.Equal(t, "items", want, got[:min(len(want), len(got))])
	})
}

// TestS6_UntouchedValuesAsWritten: neighbours of a workload, and the fields
// beside what is added, are written as they were.
func TestS6_UntouchedValuesAsWritten(t *testing.T) {
	const odd = "0x10|012|1e3|yes|~|1_000|.5|'quoted'|\"say \\\"x\\\"\"|!!str 7|&anchor a|*anchor|{a: b,  c: d}|[ 1,2 ]"
	for value := range strings.SplitSeq(odd, "|") {
		if value == "*anchor" {
			value = "[&anchor a, *anchor]"
		}
		beside := asItem("apiVersion: v1 # first\nkind: ConfigMap\nmetadata: {name: odd}\ndata:\n    # why\n    key:   " + value + "   # last\n")
		inside := strings.Replace(asItem(deployment("web")), "  spec:\n", "  spec:\n    # why\n    odd:   "+value+"   # last\n", 1)
		in := strings.Replace(contractList(t), section(contractList(t), "items"), "items:\n"+beside+inside, 1)
		got := items(functionOK(t, in))
		box.Equal(t, "item beside", beside, got[0])
		onlyAdded(t, "workload", inside, got[1])
		box.Equal(t, "sidecars", 1, count(got[1], "name: "+sidecar))
	}
}
