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
		path := at.With(edit.Fields(s.path...)...)
		if bad := wrongShape(path, n, s.list); bad != nil {
			found = append(found, *bad)
		} else if s.list && len(path) > 0 && path.Last().Name != "volumes" {
			found = append(found, misshapenItems(path, n)...)
		}
	}
	return found
}

func misshapenItems(path edit.Path, list *yamlpatch.Node) []Finding {
	var found []Finding
	for i, c := range list.Items() {
		at := path.With(edit.Index(i))
		name := c.Get("name").Str()
		switch {
		case c.Kind != yamlpatch.Map:
			found = append(found, malformed(at, "is no map; write a container with name and image"))
			continue
		case name == "":
			found = append(found, malformed(at.With(edit.Name("name")), "is missing; every container needs one"))
			continue
		}
		for _, field := range []string{"volumeMounts", "env", "ports"} {
			if bad := wrongShape(path.With(edit.Elem("name", name), edit.Name(field)), c.Get(field), true); bad != nil {
				found = append(found, *bad)
			}
		}
	}
	return found
}

func wrongShape(at edit.Path, n *yamlpatch.Node, list bool) *Finding {
	var f Finding
	switch {
	case n.IsNull():
		return nil
	case list && n.Kind != yamlpatch.List:
		f = malformed(at, "is no list; write one, or remove it")
	case !list && n.Kind != yamlpatch.Map:
		f = malformed(at, "is no map; write one, or remove it")
	default:
		return nil
	}
	return &f
}

func malformed(at edit.Path, message string) Finding {
	return Finding{Severity: Error, Code: InvalidTemplate, Field: at.String(), Message: message}
}

// MisshapenMetadata finds what is wrong with the metadata of an object.
func MisshapenMetadata(root *yamlpatch.Node) []Finding {
	var found []Finding
	for _, path := range [][]string{{"metadata"}, {"metadata", "annotations"}} {
		if bad := wrongShape(edit.Fields(path...), root.Path(path...), false); bad != nil {
			found = append(found, *bad)
		}
	}
	return found
}
