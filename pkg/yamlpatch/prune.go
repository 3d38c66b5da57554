package yamlpatch

import (
	"strings"

	"github.com/krm-sidecars/krm-sidecars/pkg/edit"
)

// prune takes away the member that e names when nothing is left of it, or puts
// the source text back that it once was. anchored finds nodes by their anchors.
func (n *Node) prune(e edit.Edit, anchored func(string) *Node) error {
	at := n.find(e.Path.Last())
	if at < 0 || !n.spent(at, e.Value, anchored) {
		return nil
	}
	if e.Value.Kind != edit.Raw {
		n.Entries = append(n.Entries[:at:at], n.Entries[at+1:]...)
		return nil
	}
	value, err := buildRaw(e.Value.Text)
	if err != nil {
		return err
	}
	if value.Kind == Alias {
		value.extra.target = anchored(value.Text)
	}
	n.Entries[at].Value = value
	return nil
}

// spent reports whether a member is empty, or says no more than the text, the
// alias or the merge key that once stood there.
func (n *Node) spent(at int, was edit.Value, anchored func(string) *Node) bool {
	value := n.Entries[at].Value
	if value.IsEmpty() {
		return true
	}
	if name, ok := strings.CutPrefix(strings.TrimSpace(was.Text), "*"); ok && was.Kind == edit.Raw {
		target := anchored(name)
		return target != nil && equal(value, target.copied())
	}
	if was.Kind == edit.Raw {
		raw, err := buildRaw(was.Text)
		return err == nil && raw.Kind == Scalar && value.Kind == Scalar && (equal(raw, value) || raw.IsNull() && value.Text == "")
	}
	if n.Kind != Map {
		return false
	}
	from := n.merged(n.Entries[at].Key.Text)
	return from != nil && equal(value, from.copied())
}

// anchorNamed finds the node below n that has the anchor.
func (n *Node) anchorNamed(name string) *Node {
	var found *Node
	n.walk(func(m *Node) {
		if m.more().anchor == name && m.Kind != Alias {
			found = m
		}
	})
	return found
}
