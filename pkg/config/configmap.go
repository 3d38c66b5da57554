package config

import (
	"cmp"
	"slices"
	"strconv"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/krm-sidecars/krm-sidecars/pkg/edit"
	"github.com/krm-sidecars/krm-sidecars/pkg/yamlpatch"
)

// configMap is a functionConfig that came as a ConfigMap.
type configMap struct {
	APIVersion string            `json:"apiVersion,omitempty"`
	Kind       string            `json:"kind,omitempty"`
	Metadata   metav1.ObjectMeta `json:"metadata,omitempty"`
	Immutable  bool              `json:"immutable,omitempty"`
	Data       *yamlpatch.Node   `json:"data,omitempty"`
	BinaryData *yamlpatch.Node   `json:"binaryData,omitempty"`
}

// configMap reads a ConfigMap: its keys are paths below spec, its values are
// texts whose meaning depends on the type of the field.
func (d *decoder) configMap(root *yamlpatch.Node, spec any) {
	var c configMap
	d.into(root, &c)
	if !c.BinaryData.IsEmpty() {
		d.below("binaryData", func() { d.errorf(c.BinaryData, "not read; put the settings under data as text") })
	}
	if c.Data.IsNull() {
		return
	}
	var tree *yamlpatch.Node
	d.below("data", func() { tree = d.tree(c.Data) })
	d.text = true
	d.below("spec", func() { d.into(tree, spec) })
	d.text = false
}

// tree turns the flat data of a ConfigMap into the map that its keys describe.
// Steps into lists become keys as well: only the type of the field tells
// whether the 0 of logs.0.paths is an index.
func (d *decoder) tree(data *yamlpatch.Node) *yamlpatch.Node {
	root := &yamlpatch.Node{Kind: yamlpatch.Map, Style: yamlpatch.Block, Start: -1}
	if !d.expect(data, shapeOf(data), ofMap) {
		return root
	}
	d.members(data, func(key string, e yamlpatch.Entry) {
		value := e.Value.Deref()
		if !d.expect(value, shapeOf(value), ofText) {
			return
		}
		path, err := edit.ParsePath(key)
		if err != nil {
			d.errorf(e.Key, "no path below spec, such as logs[0].paths: %s", err)
			return
		}
		d.plant(root, path, e.Key, value)
	})
	return root
}

// plant puts a value into the tree at path.
func (d *decoder) plant(n *yamlpatch.Node, path edit.Path, key, value *yamlpatch.Node) {
	for i, step := range path {
		name, ok := stepText(step)
		at := find(n.Entries, name)
		last := i == len(path)-1
		switch {
		case !ok:
			d.errorf(key, "no place in a config; address list elements by number, as in logs[0]")
			return
		case at >= 0 && (last || n.Entries[at].Value.Kind == yamlpatch.Scalar):
			d.errorf(key, "%s is given by another key as well; keep one of them", path[:i+1])
			return
		case last:
			n.Entries = append(n.Entries, branch(key, name, value))
		case at < 0:
			n.Entries = append(n.Entries, branch(key, name, &yamlpatch.Node{Kind: yamlpatch.Map, Style: yamlpatch.Block, Start: -1}))
			at = len(n.Entries) - 1
		}
		if !last {
			n = n.Entries[at].Value
		}
	}
}

// branch returns an entry whose key is found on the line of from.
func branch(from *yamlpatch.Node, name string, value *yamlpatch.Node) yamlpatch.Entry {
	key := *from.Deref()
	key.Text = name
	return yamlpatch.Entry{Key: &key, Value: value}
}

// stepText returns the key that stands for a step in a tree.
func stepText(s edit.Step) (string, bool) {
	if s.Kind == edit.ByIndex {
		return strconv.Itoa(s.Index), true
	}
	return s.Name, s.Kind == edit.ByName
}

// indexed turns a map of the tree, whose keys must be 0, 1, 2, ..., into the
// list that it means.
func (d *decoder) indexed(n *yamlpatch.Node) *yamlpatch.Node {
	list := &yamlpatch.Node{Kind: yamlpatch.List, Style: yamlpatch.Block, Start: -1}
	order := map[*yamlpatch.Node]int{}
	for _, e := range n.Entries {
		i, err := strconv.Atoi(e.Key.Text)
		if err != nil {
			d.below(e.Key.Text, func() { d.errorf(e.Key, "no number of a list element, such as 0") })
			continue
		}
		order[e.Key] = i
		list.Entries = append(list.Entries, e)
	}
	slices.SortFunc(list.Entries, func(a, b yamlpatch.Entry) int { return cmp.Compare(order[a.Key], order[b.Key]) })
	for i, e := range list.Entries {
		if order[e.Key] != i {
			d.errorf(e.Key, "element %d is given but not %d; number the elements from 0 on", order[e.Key], i)
			return &yamlpatch.Node{Kind: yamlpatch.List, Start: -1}
		}
	}
	return list
}
