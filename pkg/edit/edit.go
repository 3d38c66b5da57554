package edit

import "fmt"

// Op is what an Edit does at its path.
type Op uint8

// The operations.
const (
	Insert  Op = iota // the path must not be there yet, its parent must
	Replace           // the path must be there
	Delete            // the path must be there
	Ensure            // put Value, an empty collection, where nothing is yet
	Swap              // Replace with all of the source text, comments inside included; it can be undone by swapping that back
	Prune             // if nothing is left at the path, delete it, or put Value back when that is source text
)

func (o Op) String() string {
	return [...]string{"insert", "replace", "delete", "ensure", "swap", "prune"}[o]
}

// Edit is one change of a document. Edits of a list apply in order, each one
// sees what those before it did.
type Edit struct {
	Op    Op
	Path  Path  // the field or list element itself, for Insert the one to be made
	Value Value // all but Delete
	Where Where // Insert and Ensure
}

func (e Edit) String() string {
	if e.Op == Delete {
		return fmt.Sprintf("%s %s", e.Op, e.Path)
	}
	return fmt.Sprintf("%s %s: %s", e.Op, e.Path, e.Value)
}

// Where places an inserted field or element among its siblings. Siblings are
// named by field name, or by the value of the list's merge key. The zero Where
// appends.
type Where struct {
	Before []string // in front of the first of these that is there; wins over After
	After  []string // behind the last of these that is there
	First  bool     // in front of everything, when neither of the above is there
	Stay   bool     // if edits before this one removed the same member, back in its place
}
