package docs_test

import (
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/kustomize/kyaml/kio"

	"github.com/krm-sidecars/krm-sidecars/tests/box"
)

// TestHosts runs the blocks that name their host. Each gives the same objects as
// the first block of its example, on stdout or in files.
func TestHosts(t *testing.T) {
	for _, name := range documents(t) {
		all := blocks(t, name)
		for _, b := range all {
			if b.verb == "with" {
				t.Run(path.Dir(name)+"/"+b.arg, func(t *testing.T) { sameFromHost(t, path.Dir(name), b, firstBlock(t, all)) })
			}
		}
	}
}

func sameFromHost(t *testing.T, folder string, b block, first string) {
	t.Helper()
	if !slices.Contains(hosts(), b.arg) {
		t.Fatalf("there is no host %q; they are %v", b.arg, hosts())
	}
	alone := newSandbox(t, folder, "")
	alone.ok(first)
	s := newSandbox(t, folder, b.arg)
	got := s.ok(b.text).stdout
	if b.arg == "kpt" {
		got = s.yaml()
	}
	if d := cmp.Diff(objects(t, alone.yaml()), objects(t, got)); d != "" {
		t.Errorf("%s gives other objects than the first block (-first +%s):\n%s", b.arg, b.arg, d)
	}
}

// installPlugin does what the README of a plugin for Helm tells to do in its folder.
func (s *sandbox) installPlugin(helm string) {
	s.t.Helper()
	folder := "plugins/" + helm
	there := *s
	there.dir = filepath.Join(s.root, folder)
	there.setUp(blocks(s.t, folder+"/README.md"))
}

// yaml returns the YAML files in the sandbox's folder as one stream.
func (s *sandbox) yaml() string {
	s.t.Helper()
	files := s.tree()
	var all []string
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if path.Ext(name) == ".yaml" {
			all = append(all, files[name])
		}
	}
	return strings.Join(all, "\n---\n")
}

// objects returns what a cluster would get of a stream, by kind and name.
func objects(t *testing.T, stream string) map[string]any {
	t.Helper()
	nodes, err := kio.FromBytes([]byte(shortened(stream)))
	box.Check(t, err)
	found := map[string]any{}
	for _, n := range nodes {
		if kind := n.GetKind(); kind != "" && !local(n.GetApiVersion()) {
			object, err := n.Map()
			box.Check(t, err)
			found[kind+" "+n.GetName()] = object
		}
	}
	return found
}

// local reports whether objects of an API are for tools alone.
func local(apiVersion string) bool {
	group, _, _ := strings.Cut(apiVersion, "/")
	return slices.Contains([]string{"krm-sidecars.dev", "kustomize.config.k8s.io", "kpt.dev"}, group)
}
