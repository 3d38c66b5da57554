package yamlpatch

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/krm-sidecars/krm-sidecars/pkg/lazyre"
)

// Doc is a parsed document, or a part of one that is a value of its own, such
// as an item of a list.
type Doc struct {
	Root *Node // nil when the source holds no value

	src     string
	col     int  // column of the first byte of src
	exotic  bool // read by kyaml, positions unknown
	unusual bool // holds more than block collections, and scalars of one line
	borrows bool // holds aliases of anchors outside of it
	in      Context
}

// SyntaxError says where a text is not YAML.
type SyntaxError struct {
	Line int // from 1, within the text that was given; 0 when unknown
	Msg  string
}

func (e *SyntaxError) Error() string {
	if e.Line == 0 {
		return e.Msg
	}
	return fmt.Sprintf("line %d: %s", e.Line, e.Msg)
}

// UnknownAliasError says that an alias has no anchor in front of it. Such a
// text may still be part of a larger one that has the anchor.
type UnknownAliasError struct{ Name string }

func (e *UnknownAliasError) Error() string {
	return fmt.Sprintf("unknown anchor %q", e.Name)
}

// Parse reads the YAML value in src, whose first byte stands in column col.
// Errors are *SyntaxError and *UnknownAliasError.
func Parse(src string, col int) (*Doc, error) {
	return ParseIn(src, col, Context{})
}

// Context is what a text is part of.
type Context struct {
	Anchors  func() map[string]*Node // those that stand outside of the text
	WriteOut bool                    // the text has to do without them: their aliases are written out
	Room     *Room                   // where its trees go; nil: in one of their own
}

// has reports whether a node stands outside of the text.
func (in Context) has(n *Node) bool { return in.named(n.more().anchor) == n }

// named returns the node outside of the text that has the anchor.
func (in Context) named(anchor string) *Node {
	if in.Anchors == nil {
		return nil
	}
	return in.Anchors()[anchor]
}

// ParseIn is Parse for a text whose aliases may also mean anchors in front of
// it.
func ParseIn(src string, col int, in Context) (*Doc, error) {
	if in.Room == nil {
		in.Room = &Room{}
	}
	root, p, err := read(src, col, in)
	switch {
	case p.unknown != "":
		return nil, &UnknownAliasError{Name: p.unknown}
	case err != nil:
		return parseExotic(src, col)
	case p.aliases:
		if err := tooHeavy(root, src); err != nil {
			return nil, err
		}
	}
	return &Doc{Root: root, src: src, col: col, unusual: p.unusual, borrows: p.borrows, in: in}, nil
}

// Reread parses a text that has taken the place of the one that d was read from.
func (d *Doc) Reread(text string) (*Doc, error) { return ParseIn(text, d.col, d.in) }

// parseExotic reads with kyaml what our own reader does not take.
func parseExotic(src string, col int) (*Doc, error) {
	node, err := decode(src, col)
	if err != nil {
		return nil, err
	}
	d := &Doc{src: src, col: col, exotic: true, in: Context{Room: &Room{}}}
	if node != nil {
		d.Root = fromYAML(node, map[*yaml.Node]*Node{})
	}
	if err := tooHeavy(d.Root, src); err != nil {
		return nil, err
	}
	return d, nil
}

// decode reads src with kyaml: nil for a text without a value.
func decode(src string, col int) (*yaml.Node, error) {
	dec := yaml.NewDecoder(strings.NewReader(strings.Repeat(" ", col) + src))
	var doc yaml.Node
	if err := dec.Decode(&doc); err != nil {
		if errors.Is(err, io.EOF) {
			return nil, nil
		}
		return nil, syntaxError(err, src)
	}
	if err := dec.Decode(&yaml.Node{}); !errors.Is(err, io.EOF) {
		return nil, &SyntaxError{Msg: "more than one document where one was expected"}
	}
	if at := ownAlias(doc.Content[0], map[*yaml.Node]bool{}); at != nil {
		return nil, &SyntaxError{Line: at.Line, Msg: fmt.Sprintf("anchor %q holds itself", at.Value)}
	}
	if at := oddKey(doc.Content[0]); at != nil {
		return nil, &SyntaxError{Line: at.Line, Msg: "a map or list stands for a key" + renderFirst}
	}
	return doc.Content[0], nil
}

// ownAlias finds an alias inside of what it stands for, which go-yaml takes for
// trees.
func ownAlias(n *yaml.Node, open map[*yaml.Node]bool) *yaml.Node {
	if n.Kind == yaml.AliasNode && open[n.Alias] {
		return n
	}
	open[n] = true
	defer delete(open, n)
	for _, c := range n.Content {
		if at := ownAlias(c, open); at != nil {
			return at
		}
	}
	return nil
}

// oddKey finds a key that is no scalar. Kubernetes has none, and a template that
// was not rendered reads like one.
func oddKey(n *yaml.Node) *yaml.Node {
	for i, c := range n.Content {
		key := c
		if key.Kind == yaml.AliasNode {
			key = key.Alias
		}
		if n.Kind == yaml.MappingNode && i%2 == 0 && key.Kind != yaml.ScalarNode {
			return c
		}
		if at := oddKey(c); at != nil {
			return at
		}
	}
	return nil
}

var (
	errorLine   = lazyre.New(`^yaml: (?:line (\d+): )?(.*)$`)
	errorAnchor = lazyre.New(`unknown anchor '([^']*)' referenced`)
)

// renderFirst is what to do about a template.
const renderFirst = "; templates, such as {{ .Values.x }}, have to be rendered first"

func syntaxError(err error, src string) error {
	if m := errorAnchor().FindStringSubmatch(err.Error()); m != nil {
		return &UnknownAliasError{Name: m[1]}
	}
	m := errorLine().FindStringSubmatch(err.Error())
	if m == nil {
		return &SyntaxError{Msg: err.Error()}
	}
	line, _ := strconv.Atoi(m[1])
	if fromParser(m[2]) {
		line++
	}
	msg := m[2] + remedy(m[2])
	if strings.Contains(src, "{{") {
		msg += renderFirst
	}
	return &SyntaxError{Line: line, Msg: msg}
}

// remedy says what to look for where go-yaml only says what it did not find.
func remedy(msg string) string {
	for _, r := range []struct{ part, remedy string }{
		{"tab character", "; indent with spaces"},
		{"cannot start any token", "; indent with spaces, and quote texts that begin with @, ` or %"},
		{"did not find expected", " in what begins here; look for a wrong indentation or an open bracket in the lines that follow"},
		{"mapping values are not allowed", "; quote a text that holds a colon and a blank, or look for a wrong indentation"},
	} {
		if strings.Contains(msg, r.part) {
			return r.remedy
		}
	}
	return ""
}

// fromParser reports whether go-yaml's parser wrote an error message: it counts
// lines from 0, its scanner from 1.
func fromParser(msg string) bool {
	rest, ok := strings.CutPrefix(msg, "did not find expected ")
	return ok && (strings.HasPrefix(rest, "<") || strings.HasPrefix(rest, "'") || rest == "key" || rest == "node content")
}

// Line returns the line of a node, from 1, within the text that was parsed; 0
// when it is not known.
func (d *Doc) Line(n *Node) int {
	if n != nil && n.more().orig != nil {
		return n.more().orig.Line
	}
	if d.exotic || n == nil || n.Start < 0 {
		return 0
	}
	return 1 + strings.Count(d.src[:n.Start], "\n")
}

// Source returns the text of a node as it stands in the source, with the white
// space behind its key: what edit.Source puts back. Its lines are indented from
// that of the key on. It is "" for nodes without a place.
func (d *Doc) Source(e Entry) string {
	if d.exotic || e.Start < 0 || e.Value.End < e.Mark {
		return ""
	}
	return relative(d.src[e.Mark:e.Value.End], d.indentAt(e.Start))
}

// indentAt is the number of blanks that the line around an offset begins with.
func (d *Doc) indentAt(off int) int {
	start := strings.LastIndexByte(d.src[:off], '\n') + 1
	line := d.src[start:]
	indent := len(line) - len(strings.TrimLeft(line, " "))
	if start == 0 {
		indent += d.col
	}
	return indent
}

// Duplicate is a key that a map holds twice.
type Duplicate struct {
	Key  string
	Line int
}

// Duplicates returns the keys that stand more than once in one map.
func (d *Doc) Duplicates() []Duplicate {
	var found []Duplicate
	d.duplicates(d.Root, &found)
	return found
}

func (d *Doc) duplicates(n *Node, found *[]Duplicate) {
	if n == nil {
		return
	}
	first := n.firsts()
	for i, e := range n.Entries {
		if e.Key != nil && n.twice(i, first) && e.Key.Text != mergeKey {
			*found = append(*found, Duplicate{Key: e.Key.Text, Line: d.Line(e.Key)})
		}
		d.duplicates(e.Value, found)
	}
}

// manyKeys is the size from which a map of the keys is worth its making.
const manyKeys = 64

// firsts returns where the keys of a map stand first, nil for one that is as quickly
// looked through.
func (n *Node) firsts() map[string]int {
	if len(n.Entries) < manyKeys || n.Kind != Map {
		return nil
	}
	first := make(map[string]int, len(n.Entries))
	for i, e := range slices.Backward(n.Entries) {
		first[e.Key.Text] = i
	}
	return first
}

// twice tells whether the key of an entry stands in front of it, too.
func (n *Node) twice(i int, firsts map[string]int) bool {
	key := n.Entries[i].Key.Text
	if firsts == nil {
		return n.index(key) < i
	}
	return firsts[key] < i
}

// Anchors returns the nodes that have anchors in a text, by name; as far as our
// own reader gets.
func Anchors(src string) map[string]*Node {
	_, p, _ := read(src, 0, Context{Room: &Room{}})
	return p.anchors
}
