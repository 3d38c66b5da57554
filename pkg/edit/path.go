package edit

import (
	"fmt"
	"strconv"
	"strings"
)

// StepKind says how a Step finds its member.
type StepKind uint8

// The kinds of steps.
const (
	ByName  StepKind = iota // field of a map
	ByKey                   // list element whose field Key has the value Name
	ByIndex                 // list element by its place, from 0
	AnyItem                 // every element of a list; patterns only
	AnyName                 // every field of a map; patterns only
)

// Step is one step down a tree.
type Step struct {
	Kind  StepKind
	Name  string
	Key   string
	Index int
}

// Path names a place in a document, such as
//
//	spec.template.spec.containers[name=app].volumeMounts[mountPath=/logs]
//
// Fields whose names hold dots, brackets or quotes are written ["a.b/c"], list
// elements also [2]. In patterns, [*] is every element and .* every field.
type Path []Step

// Name is the step to a map's field.
func Name(name string) Step { return Step{Kind: ByName, Name: name} }

// Elem is the step to the list element whose field key is value.
func Elem(key, value string) Step { return Step{Kind: ByKey, Key: key, Name: value} }

// Index is the step to the element at place i, from 0.
func Index(i int) Step { return Step{Kind: ByIndex, Index: i} }

// Fields returns the path through maps of the given names.
func Fields(names ...string) Path {
	p := make(Path, len(names))
	for i, name := range names {
		p[i] = Name(name)
	}
	return p
}

// With returns p followed by steps; p itself stays as it is.
func (p Path) With(steps ...Step) Path {
	return append(p[:len(p):len(p)], steps...)
}

// Parent returns p without its last step.
func (p Path) Parent() Path { return p[:len(p)-1] }

// Last returns the last step of p.
func (p Path) Last() Step { return p[len(p)-1] }

func (p Path) String() string {
	var room [128]byte
	b := room[:0]
	for _, s := range p {
		b = s.append(b)
	}
	return string(b)
}

// Texts returns what String says of the first step of p, of the first two, and so on.
func (p Path) Texts() []string {
	text, texts := p.String(), make([]string, len(p))
	var room [64]byte
	b, end := room[:0], 0
	for i, s := range p {
		b = s.append(b[:min(i, 1)]) // a step looks like any other behind the first
		end += len(b) - min(i, 1)
		texts[i] = text[:end]
	}
	return texts
}

// append writes a step behind others.
func (s Step) append(b []byte) []byte {
	switch {
	case s.Kind == ByKey && strings.ContainsAny(s.Name, `]"`):
		return bracket(b, s.Key, "=", strconv.Quote(s.Name))
	case s.Kind == ByKey:
		return bracket(b, s.Key, "=", s.Name)
	case s.Kind == ByIndex:
		return bracket(b, strconv.Itoa(s.Index))
	case s.Kind == AnyItem:
		return append(b, "[*]"...)
	case s.Kind == ByName && !isBare(s.Name):
		return bracket(b, Quote(s.Name))
	}
	if len(b) > 0 {
		b = append(b, '.')
	}
	if s.Kind == AnyName {
		return append(b, '*')
	}
	return append(b, s.Name...)
}

// isBare reports whether the name of a field needs no brackets.
func isBare(name string) bool {
	for i := range len(name) {
		switch name[i] {
		case '.', '[', ']', '"', '*':
			return false
		}
	}
	return name != ""
}

func bracket(b []byte, texts ...string) []byte {
	b = append(b, '[')
	for _, text := range texts {
		b = append(b, text...)
	}
	return append(b, ']')
}

// ParsePath reads what Path.String writes.
func ParsePath(text string) (Path, error) {
	var p Path
	for rest := text; rest != ""; {
		step, after, err := nextStep(rest)
		if err != nil {
			return nil, fmt.Errorf("reading path %q: %w", text, err)
		}
		p, rest = append(p, step), after
	}
	if len(p) == 0 {
		return nil, fmt.Errorf("reading path %q: it is empty", text)
	}
	return p, nil
}

func nextStep(rest string) (Step, string, error) {
	if rest[0] == '[' {
		return nextBracket(rest[1:])
	}
	name := rest
	if i := strings.IndexAny(rest, ".["); i >= 0 {
		name = rest[:i]
	}
	if name == "" {
		return Step{}, "", fmt.Errorf("a field name is missing before %q", rest)
	}
	after := rest[len(name):]
	if strings.HasPrefix(after, ".") {
		if after = after[1:]; after == "" {
			return Step{}, "", fmt.Errorf("it ends in a dot")
		}
	}
	if name == "*" {
		return Step{Kind: AnyName}, after, nil
	}
	return Name(name), after, nil
}

func nextBracket(rest string) (Step, string, error) {
	if strings.HasPrefix(rest, `"`) {
		quoted, err := strconv.QuotedPrefix(rest)
		if err != nil || !strings.HasPrefix(rest[len(quoted):], "]") {
			return Step{}, "", fmt.Errorf("a quoted field name is not closed")
		}
		name, err := strconv.Unquote(quoted)
		return Name(name), strings.TrimPrefix(rest[len(quoted)+1:], "."), err
	}
	if key, value, ok := strings.Cut(rest, `="`); ok && !strings.Contains(key, "]") {
		quoted, err := strconv.QuotedPrefix(`"` + value)
		if err != nil || !strings.HasPrefix(value[len(quoted)-1:], "]") {
			return Step{}, "", fmt.Errorf("a quoted value is not closed")
		}
		value, err := strconv.Unquote(quoted)
		return Elem(key, value), strings.TrimPrefix(rest[len(key)+1+len(quoted)+1:], "."), err
	}
	inner, after, ok := strings.Cut(rest, "]")
	if !ok {
		return Step{}, "", fmt.Errorf("a bracket is not closed")
	}
	after = strings.TrimPrefix(after, ".")
	if inner == "*" || inner == "" {
		return Step{Kind: AnyItem}, after, nil
	}
	if key, value, ok := strings.Cut(inner, "="); ok {
		return Elem(key, value), after, nil
	}
	i, err := strconv.Atoi(inner)
	if err != nil || i < 0 {
		return Step{}, "", fmt.Errorf("[%s] is no index, key=value or *", inner)
	}
	return Index(i), after, nil
}
