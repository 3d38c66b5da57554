package yamlpatch

import (
	"go.yaml.in/yaml/v3"
)

// Kind is what a Node is.
type Kind uint8

// The kinds of nodes.
const (
	Scalar Kind = iota
	Map
	List
	Alias
)

// Style is how a Node is written in the source.
type Style uint8

// The styles. Plain scalars and block collections are what Kubernetes
// manifests mostly hold.
const (
	Plain Style = iota
	SingleQuoted
	DoubleQuoted
	Literal
	Folded
	Block
	Flow
)

// Node is one value of a document. Nodes of the source know their byte span,
// nodes made by an edit have Start -1.
type Node struct {
	Kind    Kind
	Style   Style
	isRaw   bool    // prints as extra.raw
	Col     int     // column of the first byte, from 0
	Start   int     // offset of the first byte, properties included; -1: not from the source
	End     int     // offset behind the last byte, without the line end
	Text    string  // scalars: the value; aliases: the anchor's name
	Entries []Entry // members of a Map or List

	from  *Node // the source node of which this is an edited copy
	extra *rare
}

// rare is what few nodes have.
type rare struct {
	tag    string     // explicit, "!!str"
	anchor string     // without the &
	target *Node      // Alias: what it stands for, nil when unknown
	orig   *yaml.Node // the kyaml node that this was read from, if any
	raw    string     // source text to print as it is
	whole  bool       // takes the place of all text of what it replaces
}

// more returns what few nodes have.
func (n *Node) more() rare {
	if n.extra == nil {
		return rare{}
	}
	return *n.extra
}

// Tag returns the explicit tag of n, such as "!!str".
func (n *Node) Tag() string { return n.more().tag }

// Entry is a member of a collection.
type Entry struct {
	Key   *Node // nil in a List
	Value *Node
	Start int // offset of the key or the dash; negative: not from the source
	Mark  int // offset behind the colon or the dash
}

// end is the offset behind the entry's last byte.
func (e Entry) end() int {
	return max(e.Mark, e.Value.End)
}

const mergeKey = "<<"

// Deref returns the node that n stands for: n itself unless it is an alias. It
// is nil for an alias that nothing in the document explains.
func (n *Node) Deref() *Node {
	for n != nil && n.Kind == Alias {
		n = n.more().target
	}
	return n
}

// index returns the place of the entry with the given key, or -1.
func (n *Node) index(key string) int {
	for i := range n.Entries {
		if n.Entries[i].Key.Text == key {
			return i
		}
	}
	return -1
}

// Get returns the value of a key, looking through aliases and merge keys. It
// is nil when n is no map or has no such key.
func (n *Node) Get(key string) *Node {
	n = n.Deref()
	if n == nil || n.Kind != Map {
		return nil
	}
	if i := n.index(key); i >= 0 {
		return n.Entries[i].Value.Deref()
	}
	return n.merged(key)
}

// maxMerges bounds how many merge keys in a row are followed: they may form a
// circle.
const maxMerges = 20

// merged looks a key up in what the map's merge key brings in.
func (n *Node) merged(key string) *Node { return n.mergedWithin(key, maxMerges) }

func (n *Node) mergedWithin(key string, limit int) *Node {
	i := n.index(mergeKey)
	if i < 0 || limit == 0 {
		return nil
	}
	sources := n.Entries[i].Value.Items()
	if from := n.Entries[i].Value.Deref(); from != nil && from.Kind == Map {
		sources = []*Node{from}
	}
	for _, from := range sources {
		if from.Kind != Map {
			continue
		}
		if at := from.index(key); at >= 0 {
			return from.Entries[at].Value.Deref()
		}
		if v := from.mergedWithin(key, limit-1); v != nil {
			return v
		}
	}
	return nil
}

// Path follows field names down from n; nil when one is not there.
func (n *Node) Path(keys ...string) *Node {
	for _, key := range keys {
		if n = n.Get(key); n == nil {
			return nil
		}
	}
	return n
}

// Items returns the values of a list's elements, aliases resolved; nothing
// when n is no list.
func (n *Node) Items() []*Node {
	n = n.Deref()
	if n == nil || n.Kind != List {
		return nil
	}
	items := make([]*Node, 0, len(n.Entries))
	for _, e := range n.Entries {
		if v := e.Value.Deref(); v != nil {
			items = append(items, v)
		}
	}
	return items
}

// Str returns the text of a scalar that is not null, else "".
func (n *Node) Str() string {
	n = n.Deref()
	if n == nil || n.Kind != Scalar || n.IsNull() {
		return ""
	}
	return n.Text
}

// IsNull reports whether n is absent or a null scalar.
func (n *Node) IsNull() bool {
	n = n.Deref()
	return n == nil || (n.Kind == Scalar && n.Style == Plain && isNull(n.Text) && (n.Tag() == "" || n.Tag() == "!!null"))
}

// IsEmpty reports whether n is null or a collection without entries.
func (n *Node) IsEmpty() bool {
	if n.IsNull() {
		return true
	}
	n = n.Deref()
	return n.Kind != Scalar && len(n.Entries) == 0
}

// Strings returns the scalars of a map by key; empty when n is no map.
func (n *Node) Strings() map[string]string {
	m := map[string]string{}
	if n = n.Deref(); n != nil && n.Kind == Map {
		for _, e := range n.Entries {
			m[e.Key.Text] = e.Value.Str()
		}
	}
	return m
}
