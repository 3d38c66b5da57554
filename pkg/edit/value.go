package edit

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

// Kind is the type of a Value.
type Kind uint8

// The kinds of a Value. Raw is source text that is put back as it was.
const (
	Null Kind = iota
	Bool
	Number
	String
	Map
	List
	Raw
)

// Value is a tree of plain data whose maps keep the order of their fields.
type Value struct {
	Kind   Kind
	Text   string  // scalars: the text without quotes; Raw: source text from behind the colon on
	Fields []Field // Map
	Items  []Value // List
}

// Field is one entry of a Map.
type Field struct {
	Name  string
	Value Value
}

// Str returns s as a Value.
func Str(s string) Value { return Value{Kind: String, Text: s} }

// Source returns a Value that stands for source text which is put back
// verbatim, white space in front of it included.
func Source(text string) Value { return Value{Kind: Raw, Text: text} }

// Obj returns a Map of the given fields.
func Obj(fields ...Field) Value { return Value{Kind: Map, Fields: fields} }

// Texts returns a Map of the pairs of names and strings that are not empty.
func Texts(pairs ...string) Value {
	v := Obj()
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			v.Fields = append(v.Fields, Field{Name: pairs[i], Value: Str(pairs[i+1])})
		}
	}
	return v
}

// Seq returns a List of the given items.
func Seq(items ...Value) Value { return Value{Kind: List, Items: items} }

// Get returns the named field of a Map.
func (v Value) Get(name string) (Value, bool) {
	for _, f := range v.Fields {
		if f.Name == name {
			return f.Value, true
		}
	}
	return Value{}, false
}

// Empty reports whether v is null or a collection without members.
func (v Value) Empty() bool {
	return v.Kind == Null || (v.Kind == Map && len(v.Fields) == 0) || (v.Kind == List && len(v.Items) == 0)
}

// With returns v with another value at a path. Where the path leads nowhere, v is
// returned as it is; a last step that is not there adds a member.
func (v Value) With(path Path, to Value) Value {
	if len(path) == 0 {
		return to
	}
	step, rest := path[0], path[1:]
	at, adds := v.find(step), len(rest) == 0
	switch {
	case v.Kind == Map && at >= 0:
		v.Fields = slices.Clone(v.Fields)
		v.Fields[at].Value = v.Fields[at].Value.With(rest, to)
	case v.Kind == List && at >= 0:
		v.Items = slices.Clone(v.Items)
		v.Items[at] = v.Items[at].With(rest, to)
	case v.Kind == Map && adds && step.Kind == ByName:
		v.Fields = append(slices.Clip(v.Fields), Field{Name: step.Name, Value: to})
	case v.Kind == List && adds && step.Kind == ByKey:
		v.Items = append(slices.Clip(v.Items), to)
	}
	return v
}

// find returns the place of the member that a step leads to, or -1.
func (v Value) find(step Step) int {
	switch {
	case v.Kind == Map && step.Kind == ByName:
		return slices.IndexFunc(v.Fields, func(f Field) bool { return f.Name == step.Name })
	case v.Kind == List && step.Kind == ByIndex && step.Index < len(v.Items):
		return step.Index
	case v.Kind == List && step.Kind == ByKey:
		return slices.IndexFunc(v.Items, func(item Value) bool {
			key, ok := item.Get(step.Key)
			return ok && key.Text == step.Name
		})
	}
	return -1
}

// Size returns the number of bytes of all names and texts in v.
func (v Value) Size() int {
	size := len(v.Text)
	for _, f := range v.Fields {
		size += len(f.Name) + f.Value.Size()
	}
	for _, item := range v.Items {
		size += item.Size()
	}
	return size
}

// Equal reports whether v and w are the same data. The order of map fields
// does not count, the order of list items does.
func (v Value) Equal(w Value) bool {
	if v.Kind != w.Kind || v.Text != w.Text || len(v.Fields) != len(w.Fields) {
		return false
	}
	for _, f := range v.Fields {
		if other, ok := w.Get(f.Name); !ok || !f.Value.Equal(other) {
			return false
		}
	}
	return slices.EqualFunc(v.Items, w.Items, Value.Equal)
}

// Arrange sorts the fields of v's top map by their place in order; fields that
// order does not name keep their order, behind the others. It changes what v
// shares its fields with.
func (v Value) Arrange(order []string) {
	done := 0
	for _, name := range order {
		at := slices.IndexFunc(v.Fields[done:], func(f Field) bool { return f.Name == name })
		if at < 0 {
			continue
		}
		field := v.Fields[done+at]
		copy(v.Fields[done+1:], v.Fields[done:done+at])
		v.Fields[done] = field
		done++
	}
}

// String returns v as compact JSON, with map fields sorted by name: a form
// that is equal for equal values.
func (v Value) String() string { return string(v.append(nil, true)) }

// JSON returns v as compact JSON, with map fields in their order.
func (v Value) JSON() string { return string(v.append(nil, false)) }

// AppendString appends what String returns to b.
func (v Value) AppendString(b []byte) []byte { return v.append(b, true) }

func (v Value) append(b []byte, sorted bool) []byte {
	switch v.Kind {
	case Map:
		b = append(b, '{')
		var room [24]int // most maps have no more fields
		for i, at := range v.order(room[:0], sorted) {
			b = comma(b, i)
			b = append(quote(b, v.Fields[at].Name), ':')
			b = v.Fields[at].Value.append(b, sorted)
		}
		return append(b, '}')
	case List:
		b = append(b, '[')
		for i, item := range v.Items {
			b = item.append(comma(b, i), sorted)
		}
		return append(b, ']')
	case String, Raw:
		return quote(b, v.Text)
	case Null:
		return append(b, "null"...)
	default:
		return append(b, v.Text...)
	}
}

// order appends the places of the fields, sorted by their names if that is asked for.
func (v Value) order(places []int, sorted bool) []int {
	for i := range v.Fields {
		places = append(places, i)
	}
	if sorted {
		slices.SortStableFunc(places, func(a, b int) int { return strings.Compare(v.Fields[a].Name, v.Fields[b].Name) })
	}
	return places
}

func comma(b []byte, i int) []byte {
	if i > 0 {
		return append(b, ',')
	}
	return b
}

// Quote returns s as a JSON string, without the escapes for HTML that
// encoding/json adds by default.
func Quote(s string) string {
	if plainASCII(s) {
		return `"` + s + `"`
	}
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(s); err != nil {
		return strconv.Quote(s)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// quote appends s as a JSON string.
func quote(b []byte, s string) []byte {
	if !plainASCII(s) {
		return append(b, Quote(s)...)
	}
	b = append(b, '"')
	b = append(b, s...)
	return append(b, '"')
}

// plainASCII reports whether s needs no escapes in JSON.
func plainASCII(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			return false
		}
	}
	return true
}
