package pod

import (
	"github.com/krm-sidecars/krm-sidecars/pkg/edit"
	"github.com/krm-sidecars/krm-sidecars/pkg/yamlpatch"
)

// shape is what a part of a pod template has to be, if it is there.
type shape struct {
	path []string
	list bool // of maps; else a map
}

// shapes are the parts that are read or changed.
func shapes() []shape {
	return []shape{
		{path: []string{"metadata"}},
		{path: []string{"metadata", "labels"}},
		{path: []string{"metadata", "annotations"}},
		{path: []string{"spec"}},
		{path: []string{"spec", "securityContext"}},
		{path: []string{"spec", "initContainers"}, list: true},
		{path: []string{"spec", "containers"}, list: true},
		{path: []string{"spec", "ephemeralContainers"}, list: true},
		{path: []string{"spec", "volumes"}, list: true},
	}
}

// misshapen finds what in a template, at a path of its object, is not what
// Kubernetes takes there.
func misshapen(at edit.Path, template *yamlpatch.Node) []Finding {
	var found []Finding
	for _, s := range shapes() {
		n := template.Path(s.path...)
		path := func() edit.Path { return at.With(edit.Fields(s.path...)...) } // most are not asked for
		if bad := wrongShape(n, s.list); bad != "" {
			found = append(found, malformed(path(), bad))
		} else if s.list && s.path[len(s.path)-1] != "volumes" && !n.IsEmpty() {
			found = append(found, misshapenItems(path(), n)...)
		}
	}
	return found
}

func misshapenItems(path edit.Path, list *yamlpatch.Node) []Finding {
	var found []Finding
	for i, c := range list.Items() {
		name := c.Get("name").Str()
		switch {
		case c.Kind != yamlpatch.Map:
			found = append(found, malformed(path.With(edit.Index(i)), "is no map; write a container with name and image"))
			continue
		case name == "":
			found = append(found, malformed(path.With(edit.Index(i), edit.Name("name")), "is missing; every container needs one"))
			continue
		}
		for _, field := range []string{"volumeMounts", "env", "ports"} {
			if bad := wrongShape(c.Get(field), true); bad != "" {
				found = append(found, malformed(path.With(edit.Elem("name", name), edit.Name(field)), bad))
			}
		}
	}
	return found
}

// wrongShape says what is wrong with a part; "" for nothing.
func wrongShape(n *yamlpatch.Node, list bool) string {
	switch {
	case n.IsNull():
	case list && n.Kind != yamlpatch.List:
		return "is no list; write one, or remove it"
	case !list && n.Kind != yamlpatch.Map:
		return "is no map; write one, or remove it"
	}
	return ""
}

func malformed(at edit.Path, message string) Finding {
	return Finding{Severity: Error, Code: InvalidTemplate, Field: at.String(), Message: message}
}

// MisshapenMetadata finds what is wrong with the metadata of an object.
func MisshapenMetadata(root *yamlpatch.Node) []Finding {
	var found []Finding
	for _, path := range [][]string{{"metadata"}, {"metadata", "annotations"}} {
		if bad := wrongShape(root.Path(path...), false); bad != "" {
			found = append(found, malformed(edit.Fields(path...), bad))
		}
	}
	return found
}
