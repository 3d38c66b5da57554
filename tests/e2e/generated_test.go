//go:build e2e

package e2e

import (
	"path"
	"strings"
	"testing"
)

// generatedBy marks the objects that a function adds beside the workloads.
const generatedBy = "krm-sidecars.dev/generated-by"

// agentConfig asks for an agent whose configuration lives in a ConfigMap.
var agentConfig = withAgent(logConfig)

func withAgent(config string) string {
	return strings.Replace(config, "spec:\n", "spec:\n  agent: fluent-bit\n", 1)
}

// needsAgent skips on a build that has no such agent.
func needsAgent(t *testing.T) {
	t.Helper()
	s := newStream(t)
	s.write("log.yaml", agentConfig)
	out := s.postRender(deployment("web"))
	if out.code != 0 && strings.Contains(out.stderr, "spec.agent") {
		t.Skip("this build has no agent that needs a ConfigMap")
	}
	if n := len(generated(out.stdout)); out.code != 0 || n != 1 {
		t.Fatalf("exit %d, %d generated objects\n%s", out.code, n, out.stderr)
	}
}

// generated lists Kind/name of the added objects of a stream.
func generated(stream string) []string {
	var found []string
	for _, doc := range documents(stream) {
		if strings.Contains(doc, generatedBy+": ") {
			found = append(found, identity(doc))
		}
	}
	return found
}

func identities(stream string) []string {
	var found []string
	for _, doc := range documents(stream) {
		found = append(found, identity(doc))
	}
	return found
}

func TestS2_AddedItemsComeLastOrAfterTheirCause(t *testing.T) {
	needsAgent(t)
	s := newStream(t)
	s.write("log.yaml", agentConfig)
	stream := "---\n" + deployment("web") + "---\napiVersion: v1\nkind: Service\nmetadata: {name: a}\n"
	out := s.postRender(stream)
	onlyAdded(t, "stream", stream, out.stdout)
	again := s.postRender(out.stdout)
	equal(t, "second run", out.stdout, again.stdout)
	equal(t, "removed", stream, s.okPipe(out.stdout, "krm-sidecars", "remove", "--all", "-").stdout)
}

func TestK4_AddedConfigMapFollowsOuterLayers(t *testing.T) {
	needsAgent(t)
	s := newSandbox(t, "kustomize-layers")
	s.replace("base-with-function/log.yaml", "spec:\n", "spec:\n  agent: fluent-bit\n")
	overlay := s.read("overlay-of-base-with-function/kustomization.yaml")
	s.write("overlay-of-base-with-function/kustomization.yaml", overlay+"namespace: shop\n")
	plain := generated(s.kustomizeOK("base-with-function"))
	got := s.kustomizeOK("overlay-of-base-with-function")

	if len(plain) != 1 {
		t.Fatalf("generated: %q", plain)
	}
	name := "prod-" + strings.TrimPrefix(plain[0], "ConfigMap/")
	equal(t, "generated", []string{"ConfigMap/" + name}, generated(got))
	// The ConfigMap itself and the volume that mounts it.
	equal(t, "uses", 2, count(got, "name: "+name))
	equal(t, "namespace", 1, count(documentOf(got, "ConfigMap/"+name), "namespace: shop"))
}

func TestK7_NoIdentityTwice(t *testing.T) {
	needsAgent(t)
	s := newSandbox(t, "kustomize-several-configs")
	for _, file := range []string{"logs.yaml", "more/worker.yaml"} {
		s.replace(file, "spec:\n", "spec:\n  agent: fluent-bit\n")
	}
	// One config for two workloads, on top of one config for each.
	s.replace("logs.yaml", "names: [web]", "names: [web, worker]")
	s.replace("more/worker.yaml", "kinds: [StatefulSet]", "kinds: [DaemonSet]")
	got := identities(s.kustomizeOK("."))
	equal(t, "distinct identities", len(got), distinct(got))
}

func TestP3_AddedResourceLandsBesideItsWorkload(t *testing.T) {
	needsAgent(t)
	s := newSandbox(t, "kpt-package")
	s.replace("log.yaml", "spec:\n", "spec:\n  agent: fluent-bit\n")
	before := s.tree()
	s.render()
	after := s.tree()
	found := 0
	for name, text := range after {
		if len(generated(text)) > 0 {
			found++
			equal(t, name+": beside a workload", true, path.Dir(name) == "apps" || path.Dir(name) == "jobs")
		}
	}
	equal(t, "files with generated objects", 2, found)
	for name := range before {
		contains(t, "package", after[name], "kind: ")
	}
	s.render()
	equal(t, "second render", after, s.tree())
}

func TestH7_FilenameAnnotationOnAddedDocuments(t *testing.T) {
	needsAgent(t)
	s := newChart(t)
	s.recordTraffic(s.installPlugin())
	s.write("log.yaml", agentConfig)
	got := s.helm4("-c", "log.yaml")
	returned := s.read("returned.yaml")
	equal(t, "generated", true, len(generated(returned)) > 0)
	equal(t, "annotated documents", len(documents(returned)), strings.Count(returned, "postrender-filename: "))
	lacks(t, "render", got, "generated-by-postrender")
}
