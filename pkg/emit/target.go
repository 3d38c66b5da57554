package emit

import (
	"cmp"
	"regexp"
	"strings"

	"github.com/krm-sidecars/krm-sidecars/pkg/edit"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// groupVersion takes an apiVersion apart.
func groupVersion(ref pod.Ref) (group, version string) {
	version = ref.APIVersion
	if i := strings.IndexByte(version, '/'); i >= 0 {
		group, version = version[:i], version[i+1:]
	}
	return group, version
}

// likeness is what a target always selects by.
type likeness struct{ version, kind, name string }

func likenessOf(ref pod.Ref) likeness {
	_, version := groupVersion(ref)
	return likeness{version, ref.Kind, ref.Name}
}

// target selects one object among those that are alike. kustomize takes each
// field for a regular expression of the whole, and one that is empty for
// anything.
func target(ref pod.Ref, alike []pod.Ref) edit.Value {
	group, version := groupVersion(ref)
	namespace := ref.Namespace
	for _, other := range alike {
		if group == "" && other.Group() != "" {
			group = "^$" // the core group has no name
		}
		if namespace == "" && other.Namespace != "" {
			namespace = defaultNamespace
		}
	}
	return edit.Texts("group", group, "version", version, "kind", ref.Kind, "name", regexp.QuoteMeta(ref.Name), "namespace", namespace)
}

// defaultNamespace is what kustomize takes the namespace of an object for that
// has none.
const defaultNamespace = "default"

// identity is what no two objects may have in common in kustomize.
func identity(ref pod.Ref) pod.Ref {
	ref.Namespace = cmp.Or(ref.Namespace, defaultNamespace)
	return ref
}
