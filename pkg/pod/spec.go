package pod

import (
	"encoding/json"

	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/pkg/edit"
	"github.com/krm-sidecars/krm-sidecars/pkg/yamlpatch"
)

// Spec returns the whole pod spec in Kubernetes' types, as the document has it. A
// field whose value is not of its type is left out, alone. It is decoded with each
// call, which takes far longer than a look at the View.
func (v *View) Spec() *corev1.PodSpec {
	spec := &corev1.PodSpec{}
	lists := map[string]*[]corev1.Container{"initContainers": &spec.InitContainers, "containers": &spec.Containers}
	for _, f := range v.doc.node.Get("spec").Value().Fields {
		list := lists[f.Name]
		if list == nil {
			decodeField(f, spec)
			continue
		}
		for _, item := range f.Value.Items {
			var c corev1.Container
			for _, field := range item.Fields {
				decodeField(field, &c)
			}
			*list = append(*list, c)
		}
	}
	return spec
}

// decodeField decodes one field of a map into a struct. What is of a wrong type is
// for the API server to refuse.
func decodeField(f edit.Field, into any) {
	_ = json.Unmarshal([]byte(edit.Obj(f).JSON()), into)
}

// LineOf returns the line, from 1 on in the text of a document, on which what is
// at a path begins; where nothing is there, of what would hold it. 0: unknown.
func LineOf(d *yamlpatch.Doc, path edit.Path) int {
	n := d.Root
	at := n
	for _, step := range path {
		e, ok := entry(n.Deref(), step)
		if !ok {
			break
		}
		n, at = e.Value, e.Value
		if e.Key != nil {
			at = e.Key
		}
	}
	return d.Line(at)
}
