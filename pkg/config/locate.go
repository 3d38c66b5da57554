package config

import (
	"slices"
	"strconv"

	"github.com/krm-sidecars/krm-sidecars/pkg/edit"
	"github.com/krm-sidecars/krm-sidecars/pkg/yamlpatch"
)

// Locate returns es, ordered by line, with the lines of errors that have none
// yet because they were found on Go data: the line of the field in doc, or of
// the nearest one around it that is there.
func (es Errors) Locate(doc *yamlpatch.Doc) Errors {
	if doc == nil || doc.Root == nil {
		return es
	}
	root := doc.Root
	if ReadHeader(root).IsConfigMap() {
		root = specOf(root)
	}
	es = slices.Clone(es)
	for i, e := range es {
		path, err := edit.ParsePath(e.Path)
		if err == nil && e.Line == 0 {
			es[i].Line = lineOf(doc, root, path)
		}
	}
	return es.sorted()
}

// specOf returns a map whose spec is what the data of a ConfigMap means.
func specOf(root *yamlpatch.Node) *yamlpatch.Node {
	all := entries(root)
	i := find(all, "data")
	if i < 0 {
		return root
	}
	d := newDecoder("") // its errors are those that Decode has reported
	spec := branch(all[i].Key, "spec", d.tree(all[i].Value))
	return &yamlpatch.Node{Kind: yamlpatch.Map, Entries: []yamlpatch.Entry{spec}, Start: -1}
}

// lineOf returns the line of the last step of path that is there.
func lineOf(doc *yamlpatch.Doc, n *yamlpatch.Node, path edit.Path) int {
	line := 0
	for _, step := range path {
		name, _ := stepText(step)
		at, next := member(n, name)
		if next == nil {
			break
		}
		line, n = doc.Line(at), next
	}
	return line
}

// member returns a field or an element of n, and the node that tells where it
// stands.
func member(n *yamlpatch.Node, name string) (at, value *yamlpatch.Node) {
	all := entries(n)
	if i := find(all, name); i >= 0 {
		return all[i].Key, all[i].Value
	}
	items := n.Items()
	if i, err := strconv.Atoi(name); err == nil && i >= 0 && i < len(items) {
		return items[i], items[i]
	}
	return nil, nil
}
