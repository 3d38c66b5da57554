package manifest

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/krm-sidecars/krm-sidecars/pkg/edit"
	"github.com/krm-sidecars/krm-sidecars/pkg/yamlpatch"
)

// Object is one object of a stream: a document, or an item of a list. Its text
// is parsed on demand.
type Object struct {
	APIVersion string // "" when a glance could not tell, or the text has none
	Kind       string
	sure       bool // apiVersion and kind are known without parsing

	stream     *Stream
	doc        *document
	lead       int // offset of the marker or dash in front of it
	start, end int // its text in the stream
	col        int // column of its first byte
	form       form
	line       int // once lines were counted
	parsed     *yamlpatch.Doc

	text    *string // the new text, if any
	after   []string
	added   []edit.Value
	removed bool
}

// form is how an object is part of the stream.
type form uint8

const (
	inStream form = iota // a document
	inBlock              // an item of a block list
	inFlow               // an item of a flow list
)

// Position says where an object stands.
type Position struct {
	File     string
	Document int // from 1
	Line     int // from 1
	Source   string
}

func (p Position) String() string {
	var b strings.Builder
	if p.File != "" {
		b.WriteString(p.File + ", ")
	}
	fmt.Fprintf(&b, "document %d, line %d", p.Document, p.Line)
	if p.Source != "" {
		b.WriteString(" (# Source: " + p.Source + ")")
	}
	return b.String()
}

// Position returns where the object begins.
func (o *Object) Position() Position { return o.at(0) }

// at returns the position of a line of the object, from 1; 0 is its first.
func (o *Object) at(line int) Position {
	first := o.firstLine()
	if line == 0 {
		line = 1
		text := o.stream.src[o.start:o.end]
		first += strings.Count(text[:len(text)-len(firstToken(text))], "\n")
	}
	line = min(line, max(1, strings.Count(o.Original(), "\n"))) // an error at the end counts a line that is not there
	return Position{File: o.stream.Name, Document: o.doc.num, Line: first + line - 1, Source: o.source()}
}

// firstLine is the line of the stream in which the object's text begins. The
// lines of all objects are counted once: counting from the start for each would
// take the square of the time.
func (o *Object) firstLine() int {
	o.stream.lines.Do(func() {
		line, done := 1, 0
		for _, other := range o.stream.Objects {
			line += strings.Count(o.stream.src[done:other.start], "\n")
			done, other.line = other.start, line
		}
	})
	if o.line > 0 {
		return o.line
	}
	return 1 + strings.Count(o.stream.src[:o.start], "\n")
}

// source is the template that Helm names above a document.
func (o *Object) source() string {
	for line := range strings.Lines(o.stream.src[o.doc.start:o.doc.end]) {
		if !strings.HasPrefix(line, "#") {
			break
		}
		if name, ok := strings.CutPrefix(line, "# Source: "); ok {
			return strings.TrimSpace(name)
		}
	}
	return ""
}

// PositionOf returns where a node of the object's document stands.
func (o *Object) PositionOf(n *yamlpatch.Node) Position {
	if o.parsed == nil {
		return o.Position()
	}
	return o.at(o.parsed.Line(n))
}

// Original returns the object's text as it was read.
func (o *Object) Original() string { return o.stream.src[o.start:o.end] }

// Alone returns the object's text, changes included, as a document of its own.
func (o *Object) Alone() string { return strings.Repeat(" ", o.col) + o.Text() }

// Sure reports whether APIVersion and Kind are what the object has; if not, its
// Document has to tell.
func (o *Object) Sure() bool { return o.sure }

// Document returns the parsed object. Errors name file, document and line.
func (o *Object) Document() (*yamlpatch.Doc, error) { return o.DocumentIn(nil) }

// DocumentIn is Document for who releases the object before the room is cleared.
func (o *Object) DocumentIn(room *yamlpatch.Room) (*yamlpatch.Doc, error) {
	if o.parsed != nil {
		return o.parsed, nil
	}
	in := yamlpatch.Context{Anchors: o.foreignAnchors, WriteOut: o.form == inStream, Room: room}
	d, err := yamlpatch.ParseIn(o.Original(), o.col, in)
	if err != nil {
		return nil, o.wrap(err)
	}
	o.parsed = d
	if !o.sure {
		o.APIVersion, o.Kind = d.Root.Get("apiVersion").Str(), d.Root.Get("kind").Str()
		o.sure = true
	}
	return d, nil
}

// Peek parses the object as it was read, apart from what others do with it. It
// may be called at the same time as everything else.
func (o *Object) Peek() (*yamlpatch.Doc, error) {
	return yamlpatch.ParseIn(o.Original(), o.col, yamlpatch.Context{Anchors: o.foreignAnchors, WriteOut: o.form == inStream})
}

// Release forgets the parsed document, which takes much more room than its
// text.
func (o *Object) Release() { o.parsed = nil }

// LineOf turns a line of the object's text, from 1, into one of the stream.
func (o *Object) LineOf(line int) int { return o.at(line).Line }

// wrap makes an error that begins with the object's position.
func (o *Object) wrap(err error) error {
	pos := o.Position()
	msg := err.Error()
	var syntax *yamlpatch.SyntaxError
	if errors.As(err, &syntax) && syntax.Line > 0 {
		pos, msg = o.at(syntax.Line), syntax.Msg
	}
	return &ReadError{Position: pos, Msg: msg, err: err}
}

// ReadError says where a text could not be read.
type ReadError struct {
	Position Position
	Msg      string
	err      error
}

func (e *ReadError) Error() string { return fmt.Sprintf("reading %s: %s", e.Position, e.Msg) }

func (e *ReadError) Unwrap() error { return e.err }

// Removed reports whether the object was taken out.
func (o *Object) Removed() bool { return o.removed }

// SetText replaces the object's text.
func (o *Object) SetText(text string) { o.text = &text }

// Text returns the object's text, changes included.
func (o *Object) Text() string {
	if o.text != nil {
		return *o.text
	}
	return o.Original()
}

// Remove takes the object out of the stream.
func (o *Object) Remove() { o.removed = true }

func (o *Object) changed() bool { return o.text != nil || o.removed || len(o.after) > 0 }

// writeTo writes the object with its marker or dash, and what was inserted
// behind it. It returns the offset up to which the source is done with.
func (o *Object) writeTo(out *tailWriter, done int) int {
	if o.removed {
		return o.writeRemoved(done)
	}
	out.write(o.stream.src[max(done, o.lead):o.start])
	if len(o.after) == 0 {
		out.write(o.Text())
		return o.end
	}
	body, trailing := o.Text(), ""
	if o.form == inBlock {
		if end, comments := contentEnd(body, o.col); comments {
			body, trailing = body[:end], body[end:]
		}
	}
	out.write(body)
	if o.form != inFlow && !strings.HasSuffix(body, "\n") {
		out.write(o.eol())
	}
	for _, text := range o.after {
		out.write(text)
	}
	out.write(trailing)
	return o.end
}

// writeRemoved keeps the comments behind a removed item: they belong to the
// next one.
func (o *Object) writeRemoved(done int) int {
	if o.form == inBlock {
		end, _ := contentEnd(o.Original(), math.MaxInt)
		return o.start + end
	}
	noMarker := o.doc.lead == o.doc.start || done > o.lead
	if next := o.stream.src[o.end:]; noMarker && isMarker(next) { // the first document had no marker, the next one needs none
		return behindMarker(o.stream.src, o.end)
	}
	return o.end
}

// contentEnd is the offset at which the content of an item ends, and whether
// comments follow that belong to the next one: those in front of column col.
func contentEnd(text string, col int) (end int, comments bool) {
	for pos := 0; pos < len(text); {
		next := len(text)
		if i := strings.IndexByte(text[pos:], '\n'); i >= 0 {
			next = pos + i + 1
		}
		switch line := strings.TrimLeft(text[pos:next], " \t\r\n"); {
		case line == "":
		case line[0] == '#' && pos > 0 && strings.IndexByte(text[pos:next], '#') < col:
			comments = true
		default:
			end, comments = next, false
		}
		pos = next
	}
	return end, comments
}
