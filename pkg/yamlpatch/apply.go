package yamlpatch

import (
	"fmt"

	"github.com/krm-sidecars/krm-sidecars/pkg/edit"
)

// Result is what Apply made of a document.
type Result struct {
	Text      string // the whole text, the source itself when Changed is false
	Changed   bool
	Anchors   []string // whose content has changed: aliases elsewhere may mean them
	Expanded  bool     // aliases of what has changed were written out
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
	root, expanded, err := d.edited(edits)
	if err != nil || root == d.Root {
		return same, err
	}
	if twice := d.Duplicates(); len(twice) > 0 {
		return same, &DuplicateKeyError{twice[0]}
	}
	if !d.exotic {
		if text, err := d.spliced(root); err == nil {
			return Result{Text: text, Changed: true, Anchors: touched(root), Expanded: expanded}, nil
		}
	}
	return d.reencode(edits)
}

func (d *Doc) edited(edits []edit.Edit) (root *Node, expanded bool, err error) {
	root, expanded, err = d.in.editTree(d.Root, edits)
	if err != nil {
		return nil, false, err
	}
	if root = reconcile(root); root != d.Root && d.in.WriteOut && d.borrows {
		root = d.in.Room.writtenOut(root, d.in.has)
	}
	return root, expanded, nil
}

// WriteOut returns the text with the aliases of the given anchors written out,
// which stand in front of it.
func (d *Doc) WriteOut(anchors []string) (Result, error) {
	if !d.borrows {
		return Result{Text: d.src}, nil
	}
	outside := map[string]*Node{}
	for _, name := range anchors {
		outside[name] = d.in.named(name)
	}
	in := Context{Anchors: func() map[string]*Node { return outside }}
	text, err := d.spliced(d.in.Room.writtenOut(d.Root, in.has))
	return Result{Text: text, Changed: err == nil}, err
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
	borrows, err := reread(text, d.col, d.in, root)
	if err != nil || !d.unusual || borrows { // kyaml cannot read a text that borrows
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
	root, expanded, err := exotic.edited(edits)
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
	return Result{Text: text, Changed: true, Expanded: expanded, Reencoded: true}, nil
}
