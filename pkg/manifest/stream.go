package manifest

import (
	"cmp"
	"io"
	"slices"
	"strings"
	"sync"

	"github.com/krm-sidecars/krm-sidecars/pkg/yamlpatch"
)

// Stream is a text that holds objects.
type Stream struct {
	Name    string    // file name for messages; "" when the text has none
	Objects []*Object // in the order of the text, items of lists in place of the lists
	Others  []*Object // documents that are no objects: they have no kind and no apiVersion
	List    *ResourceList

	src   string
	docs  []*document
	lines sync.Once
}

// document is a part of a stream between two markers.
type document struct {
	num        int // from 1, documents without content not counted
	lead       int // offset of the marker in front of it
	start, end int // its text
	objects    []*Object
	once       sync.Once
	anchors    map[string]*yamlpatch.Node // once an object needs them
}

const bom = "\ufeff"

// Read cuts src into objects. Text that is no YAML passes, unless it had to be
// read: an error names the document and line.
func Read(name, src string) (*Stream, error) {
	s := &Stream{Name: name, src: src}
	if strings.HasPrefix(src, "\xff\xfe") || strings.HasPrefix(src, "\xfe\xff") {
		return nil, &ReadError{Position: Position{File: name, Document: 1, Line: 1}, Msg: "this is UTF-16; save it as UTF-8"}
	}
	s.docs = cutDocuments(src)
	for _, d := range s.docs {
		if err := s.cut(d); err != nil {
			return nil, err
		}
		s.Objects = append(s.Objects, d.objects...)
	}
	if len(s.Objects) == 0 && s.List == nil {
		return s, s.judge()
	}
	return s, nil
}

// judge parses a text in which no object was found: it may not be YAML at all.
func (s *Stream) judge() error {
	for _, d := range s.docs {
		o := &Object{stream: s, doc: d, start: d.start, end: d.end}
		if _, err := o.Document(); err != nil {
			return err
		}
	}
	return nil
}

// cutDocuments cuts at the document markers. A line that begins with one is a
// marker wherever it stands: YAML allows it nowhere else.
func cutDocuments(src string) []*document {
	var docs []*document
	lead, start := 0, 0
	add := func(end int) {
		start = end - len(strings.TrimLeft(src[start:end], bom)) // files that were put together may each have one
		if hasContent(src[start:end]) {
			docs = append(docs, &document{num: len(docs) + 1, lead: lead, start: start, end: end})
		}
	}
	marks := []*mark{{text: "\n---", at: -1}}
	if strings.Contains(src, "...") { // rare, and looking for it everywhere takes time
		marks = append(marks, &mark{text: "\n...", at: -1})
	}
	at := len(src) - len(strings.TrimLeft(src, bom))
	if !isMarker(src[at:]) {
		at = nextMarker(src, at, marks)
	}
	for at < len(src) {
		add(at)
		lead, start = at, behindMarker(src, at)
		at = nextMarker(src, at+len("---"), marks)
	}
	add(len(src))
	return docs
}

// mark is one of the two document markers, and where the next one of them is.
type mark struct {
	text string
	at   int
}

// nextMarker returns the offset of the next line at or behind pos that is a
// document marker, or the end.
func nextMarker(src string, pos int, marks []*mark) int {
	next := len(src)
	for _, m := range marks {
		for at := pos; m.at < pos; {
			off := strings.Index(src[at:], m.text)
			if off < 0 {
				m.at = len(src)
				break
			}
			if at += off + 1; isMarker(src[at:]) {
				m.at = at
			}
		}
		next = min(next, m.at)
	}
	return next
}

func isMarker(line string) bool {
	if !strings.HasPrefix(line, "---") && !strings.HasPrefix(line, "...") {
		return false
	}
	return len(line) == 3 || strings.IndexByte(" \t\r\n", line[3]) >= 0
}

// behindMarker is where the text of a document starts: on the next line, or on
// that of the marker when it holds more than a comment.
func behindMarker(src string, at int) int {
	line := src[at:]
	if i := strings.IndexByte(line, '\n'); i >= 0 {
		line = line[:i+1]
	}
	if hasContent(line[3:]) {
		return at + 3
	}
	return at + len(line)
}

// hasContent reports whether a text holds more than blanks, comments and
// directives.
func hasContent(text string) bool {
	for line := range strings.Lines(text) {
		line = strings.TrimLeft(line, " \t\r\n")
		if line != "" && line[0] != '#' && line[0] != '%' {
			return true
		}
	}
	return false
}

// String returns the text of the stream with all changes in it.
func (s *Stream) String() string {
	if !s.Changed() {
		return s.src
	}
	var out strings.Builder
	out.Grow(len(s.src) + s.growth())
	_ = s.Write(&out) // a Builder takes everything
	return out.String()
}

// growth is the number of bytes by which the text grows, about.
func (s *Stream) growth() int {
	n := 0
	for _, o := range s.parts() {
		if o.text != nil {
			n += len(*o.text) - (o.end - o.start)
		}
		for _, text := range o.after {
			n += len(text)
		}
	}
	return max(n, 0)
}

// Changed reports whether any object was changed, added or removed.
func (s *Stream) Changed() bool {
	return slices.ContainsFunc(s.parts(), (*Object).changed)
}

// Write writes the text of the stream with all changes in it.
func (s *Stream) Write(w io.Writer) error {
	out := &tailWriter{w: w}
	done := 0
	for _, o := range s.parts() {
		if !o.changed() {
			continue
		}
		out.write(s.src[done:max(done, o.lead)])
		done = o.writeTo(out, done)
	}
	out.write(s.src[done:])
	return out.close(s.Changed() && !strings.HasSuffix(s.src, "\n"))
}

// tailWriter holds the last text back: it may have to lose its line end, where
// the source has none.
type tailWriter struct {
	w    io.Writer
	held string
	err  error
}

func (t *tailWriter) write(text string) {
	if text == "" {
		return
	}
	t.flush()
	t.held = text
}

func (t *tailWriter) flush() {
	if t.err == nil && t.held != "" {
		_, t.err = io.WriteString(t.w, t.held)
	}
}

func (t *tailWriter) close(trim bool) error {
	if trim {
		t.held = strings.TrimSuffix(strings.TrimSuffix(t.held, "\n"), "\r")
	}
	t.flush()
	return t.err
}

// parts returns everything that may have changed, in the order of the text.
func (s *Stream) parts() []*Object {
	if s.List == nil || s.List.results == nil {
		return s.Objects
	}
	parts := append(slices.Clone(s.Objects), s.List.results)
	slices.SortStableFunc(parts, func(a, b *Object) int { return cmp.Compare(a.lead, b.lead) })
	return parts
}
