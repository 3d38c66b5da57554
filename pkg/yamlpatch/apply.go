package yamlpatch

import (
	"errors"
	"fmt"

	"github.com/krm-sidecars/krm-sidecars/pkg/edit"
)

// Result is what Apply made of a document.
type Result struct {
	Text      string // the whole text, the source itself when Changed is false
	Changed   bool
	Anchors   []string // whose content has changed: aliases elsewhere may mean them
	Reencoded bool     // the document was encoded whole: its comments stay, its looks may not
}

// DuplicateKeyError says that a document which was to be changed holds a key
// twice in one map, so that it has no certain meaning.
type DuplicateKeyError struct{ Duplicate }

func (e *DuplicateKeyError) Error() string {
	return fmt.Sprintf("key %q is defined twice", e.Key)
}

// Apply carries out edits, in order, and returns the new text. Edits that
// cancel out leave the text as it is. Errors: an edit that does not fit the
// document, a *DuplicateKeyError, a *SyntaxError when the text turns out to be
// no YAML.
func (d *Doc) Apply(edits []edit.Edit) (Result, error) {
	same := Result{Text: d.src}
	root, err := d.edited(edits)
	if err != nil && !errors.Is(err, errShared) {
		return same, err
	}
	if err == nil && root == d.Root {
		return same, nil
	}
	if twice := d.Duplicates(); len(twice) > 0 {
		return same, &DuplicateKeyError{twice[0]}
	}
	if err == nil && !d.exotic {
		if text, err := d.spliced(root); err == nil {
			return Result{Text: text, Changed: true, Anchors: touched(root)}, nil
		}
	}
	return d.reencode(edits)
}

func (d *Doc) edited(edits []edit.Edit) (*Node, error) {
	root, err := editTree(d.Root, edits)
	if err != nil {
		return nil, err
	}
	if root = reconcile(root); root != d.Root && d.in.WriteOut {
		root = d.in.writtenOut(root)
	}
	return root, nil
}

// WriteOut returns the text with the aliases of the given anchors written out,
// which stand in front of it.
func (d *Doc) WriteOut(anchors []string) (Result, error) {
	in := Context{Anchors: map[string]*Node{}}
	for _, name := range anchors {
		in.Anchors[name] = d.in.Anchors[name]
	}
	text, err := d.spliced(in.writtenOut(d.Root))
	return Result{Text: text, Changed: err == nil}, err
}

// writtenOut returns the tree with the aliases of the context written out.
func (in Context) writtenOut(n *Node) *Node {
	for i, e := range n.Entries {
		value := e.Value
		if value.Kind == Alias && value.more().target != nil && in.Anchors[value.Text] == value.more().target {
			value = value.copied()
		} else {
			value = in.writtenOut(value)
		}
		if value != e.Value {
			n = n.own()
			n.Entries[i].Value = value
		}
	}
	return n
}

// touched returns the anchors of nodes that were edited.
func touched(n *Node) []string {
	var names []string
	n.walk(func(m *Node) {
		if name := m.more().anchor; name != "" && m.from != nil {
			names = append(names, name)
		}
	})
	return names
}

func (d *Doc) spliced(root *Node) (string, error) {
	text, err := d.print(root)
	if err != nil {
		return "", err
	}
	borrows := d.in.Anchors != nil && !d.in.WriteOut // kyaml cannot read such a text alone
	if err := reread(text, d.col, d.in, root); err != nil || !d.unusual || borrows {
		return text, err
	}
	return text, verify(text, d.col, root)
}

// reencode edits the tree that kyaml reads and lets kyaml print it.
func (d *Doc) reencode(edits []edit.Edit) (Result, error) {
	same := Result{Text: d.src}
	exotic, err := parseExotic(d.src, d.col)
	if err != nil {
		return same, err
	}
	exotic.Root.unshare()
	root, err := exotic.edited(edits)
	if err != nil {
		return same, err
	}
	text, err := exotic.encode(root)
	if err != nil {
		return same, err
	}
	if err := verify(text, d.col, root); err != nil {
		return same, fmt.Errorf("checking the new text: %w", err)
	}
	return Result{Text: text, Changed: true, Reencoded: true}, nil
}

// unshare writes out every alias of a collection, so that an edit of one place
// leaves the others alone.
func (n *Node) unshare() {
	if n == nil {
		return
	}
	for i, e := range n.Entries {
		if target := e.Value.Deref(); e.Value.Kind == Alias && target != nil && target.Kind != Scalar {
			n.Entries[i].Value = e.Value.copied()
		}
		n.Entries[i].Value.unshare()
	}
}
