//go:build e2e

package e2e

import (
	"path"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"

	"github.com/krm-sidecars/krm-sidecars/tests/box"
)

// located is what hosts want to know of an item.
type located struct {
	Kind     string `json:"kind"`
	Metadata struct {
		Name        string            `json:"name"`
		Annotations map[string]string `json:"annotations"`
	} `json:"metadata"`
}

const (
	pathKey    = "internal.config.kubernetes.io/path"
	indexKey   = "internal.config.kubernetes.io/index"
	packageKey = "internal.config.kubernetes.io/package-path"
)

// placedAt is a workload that lies in a package, as kpt says it.
func placedAt(name, file, pkg string) string {
	annotations := "  annotations:\n    " + pathKey + ": '" + file + "'\n    " + indexKey + ": '0'\n    " + packageKey + ": '" + pkg + "'\nspec:\n"
	return strings.Replace(deployment(name), "spec:\n", annotations, 1)
}

// TestP3_AddedItemsSayWhereTheyGo: beside the workload that they are for, in its
// package, each at a place of its own. Where the host names no file they name none.
func TestP3_AddedItemsSayWhereTheyGo(t *testing.T) {
	in := asList(placedAt("a", "a.yaml", "shop"), placedAt("b", "deep/down/b.yaml", "shop/deep"), placedAt("c", "deep/c.yaml", "shop/deep"), deployment("d"))
	got := newSandbox(t, "").OKPipe(in, "add-test-config").Stdout
	var list struct {
		Items []located `json:"items"`
	}
	box.Check(t, yaml.Unmarshal([]byte(got), &list))
	places := map[string]int{}
	found := map[string][]string{}
	for _, item := range list.Items {
		annotations := item.Metadata.Annotations
		places[annotations[pathKey]+"#"+annotations[indexKey]]++
		if item.Kind == "ConfigMap" {
			found[item.Metadata.Name] = []string{path.Dir(annotations[pathKey]), annotations[indexKey], annotations[packageKey]}
		}
	}
	box.Equal(t, "directory, index and package", map[string][]string{
		"a-config": {".", "0", "shop"}, "b-config": {"deep/down", "0", "shop/deep"}, "c-config": {"deep", "0", "shop/deep"}, "d-config": {".", "", ""},
	}, found)
	delete(places, "#")
	box.Equal(t, "places", 6, len(places))
	box.Lacks(t, "list", got, "../")
}
