package cases

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"

	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
	"github.com/krm-sidecars/krm-sidecars/pkg/manifest"
)

// meaning is what a text says to Kubernetes, by object: the order of containers
// counts, and that of volumes, mounts and elements of lists does not. Records are
// left out, and who shares what.
func meaning(t *testing.T, text string) map[string]any {
	t.Helper()
	s, err := manifest.Read("out.yaml", text)
	if err != nil {
		t.Fatal(err)
	}
	objects := map[string]any{}
	for _, o := range s.Objects {
		var value map[string]any
		if err := yaml.Unmarshal([]byte(o.Alone()), &value); err != nil {
			t.Fatal(err)
		}
		metadata, _ := value["metadata"].(map[string]any)
		objects[fmt.Sprint(o.Kind, "/", metadata["name"])] = sorted("", value)
	}
	return objects
}

// sorted puts what has no order in order.
func sorted(field string, value any) any {
	switch value := value.(type) {
	case map[string]any:
		for key := range value {
			if strings.HasPrefix(key, inject.Prefix) {
				delete(value, key)
				continue
			}
			value[key] = sorted(key, value[key])
		}
	case []any:
		for i := range value {
			value[i] = sorted("", value[i])
		}
		if field == "volumes" || field == "volumeMounts" {
			slices.SortFunc(value, func(a, b any) int { return cmp.Compare(named(a), named(b)) })
		}
	case string:
		if field == inject.SafeToEvict || strings.HasPrefix(field, "traffic.sidecar.istio.io/") {
			elements := strings.Split(value, ",")
			slices.Sort(elements)
			return strings.Join(elements, ",")
		}
	}
	return value
}

// named is the name of a volume, or the path of a mount.
func named(item any) string {
	fields, _ := item.(map[string]any)
	path, _ := fields["mountPath"].(string)
	name, _ := fields["name"].(string)
	return cmp.Or(path, name)
}
