package inject

import (
	"bytes"
	"fmt"
	"hash/fnv"
	"maps"
	"slices"
	"strings"

	"github.com/krm-sidecars/krm-sidecars/pkg/edit"
)

// sum returns a short checksum of the content of items, as look finds it below
// the template. It is equal for equal data, however that is written, and whatever
// kustomize has put around the names of the generated objects.
func (t *template) sum(it *Items, objects []string, look func(edit.Path) edit.Value) string {
	h := fnv.New32a()
	text := make([]byte, 0, 1024)
	add := func(p edit.Path) {
		text = append(look(p).AppendString(text[:0]), '\n')
		h.Write(bareNames(text, objects))
	}
	spec := edit.Fields("spec")
	for _, name := range slices.Sorted(maps.Keys(it.Containers)) {
		at := spec.With(edit.Name("initContainers"), edit.Elem("name", name))
		if look(at).Kind == edit.Null {
			at = spec.With(edit.Name("containers"), edit.Elem("name", name))
		}
		add(at)
	}
	for _, name := range it.Volumes {
		add(spec.With(edit.Name("volumes"), edit.Elem("name", name)))
	}
	for _, name := range it.Mounts {
		container, path := split(name)
		add(t.memberPath(container).With(edit.Name("volumeMounts"), edit.Elem("mountPath", path)))
	}
	for _, name := range it.Env {
		container, env := split(name)
		add(t.memberPath(container).With(edit.Name("env"), edit.Elem("name", env)))
	}
	for _, name := range it.Labels {
		add(edit.Fields("metadata", "labels", name))
	}
	for _, name := range it.Annotations {
		add(edit.Fields("metadata", "annotations", name))
	}
	return fmt.Sprintf("%08x", h.Sum32())
}

// bareNames takes prefixes and suffixes off the names of generated objects: every
// JSON string that holds a name becomes the name.
func bareNames(text []byte, objects []string) []byte {
	for _, o := range objects {
		_, name, _ := strings.Cut(o, "/")
		for from := 0; ; {
			i := bytes.Index(text[from:], []byte(name))
			if i < 0 {
				break
			}
			i += from
			start := bytes.LastIndexByte(text[:i], '"') + 1
			end := len(text)
			if quote := bytes.IndexByte(text[i+len(name):], '"'); quote >= 0 {
				end = i + len(name) + quote
			}
			text = slices.Replace(text, start, end, []byte(name)...)
			from = start + len(name)
		}
	}
	return text
}

// memberPath is the place of one of the user's containers, below the template.
func (t *template) memberPath(container string) edit.Path {
	at, ok := t.containerPath(t.view, container)
	if !ok {
		return edit.Fields("spec", "containers").With(edit.Elem("name", container))
	}
	return at[len(t.view.Path):]
}
