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
	var b strings.Builder
	size := 2
	for _, s := range p {
		size += len(s.Key) + len(s.Name) + 3
	}
	b.Grow(size)
	for i, s := range p {
		switch {
		case s.Kind == ByKey && strings.ContainsAny(s.Name, `]"`):
			bracket(&b, s.Key, "=", strconv.Quote(s.Name))
		case s.Kind == ByKey:
			bracket(&b, s.Key, "=", s.Name)
		case s.Kind == ByIndex:
			bracket(&b, strconv.Itoa(s.Index))
		case s.Kind == AnyItem:
			b.WriteString("[*]")
		case s.Kind == ByName && (s.Name == "" || strings.ContainsAny(s.Name, `.[]"*`)):
			bracket(&b, Quote(s.Name))
		default:
			if i > 0 {
				b.WriteByte('.')
			}
			b.WriteString(s.text())
		}
	}
	return b.String()
}

func bracket(b *strings.Builder, texts ...string) {
	b.WriteByte('[')
	for _, text := range texts {
		b.WriteString(text)
	}
	b.WriteByte(']')
}

func (s Step) text() string {
	if s.Kind == AnyName {
		return "*"
	}
	return s.Name
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
