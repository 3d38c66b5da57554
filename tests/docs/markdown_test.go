package docs_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

// block is a fenced block of a document.
type block struct {
	lang string
	text string
	line int // of the fence, from 1
	directive
}

// directive is what the HTML comment in front of a block says about it:
//
//	<!-- run in DIR -->       a sh block; those of an example run in its own folder without it.
//	                          new/HOST is an empty folder with the program of that host
//	<!-- setup -->            a sh block that prepares the example, or the new folders of a document
//	<!-- with HOST -->        a sh block for a host; it gives the objects of the example's first block
//	<!-- not run: WHY -->     a text block with commands for the reader
//	<!-- output -->           what the sh block before it prints
//	<!-- messages -->         what the sh block before it says on stderr
//	<!-- file: PATH -->       what a file of the repository holds
//	<!-- new file: PATH -->   what a file would hold that the text tells to write
//
// In quotes, a line "..." stands for any lines, and '{...}' for a record.
type directive struct{ verb, arg string }

var (
	comment   = regexp.MustCompile(`^<!-- (run in|with|setup|not run|output|messages|file|new file):? ?(.*?) ?-->$`)
	languages = []string{"sh", "text", "yaml", "diff", "go"}
)

// blocks cuts the fenced blocks out of a document.
func blocks(t *testing.T, name string) []block {
	t.Helper()
	var all []block
	var said directive
	var open *block
	for i, line := range strings.Split(read(t, name), "\n") {
		fence, isFence := strings.CutPrefix(line, "```")
		switch {
		case open != nil && isFence:
			all, open = append(all, *open), nil
		case open != nil:
			open.text += line + "\n"
		case isFence:
			open, said = &block{lang: fence, line: i + 1, directive: said}, directive{}
			if !slices.Contains(languages, fence) {
				t.Errorf("%s:%d: a block of %q; use one of %v", name, i+1, fence, languages)
			}
		case comment.MatchString(line):
			m := comment.FindStringSubmatch(line)
			said = directive{m[1], m[2]}
		case line != "":
			said = directive{}
		}
	}
	if open != nil {
		t.Errorf("%s:%d: the block does not end", name, open.line)
	}
	return all
}

var record = regexp.MustCompile(`'\{"(changes|made|objects|templates|was)".*\}'`)

// shortened writes records as documents do.
func shortened(text string) string { return record.ReplaceAllLiteralString(text, `'{...}'`) }

// quotes reports whether want quotes got: the same lines, but for "..." lines,
// which stand for any.
func quotes(want, got string) bool {
	parts := strings.Split("\n"+strings.TrimRight(want, "\n")+"\n", "\n...\n")
	got = "\n" + strings.TrimRight(shortened(got), "\n") + "\n"
	if len(parts) == 1 {
		return parts[0] == got
	}
	for i, part := range parts {
		if i > 0 {
			part = "\n" + part
		}
		if i < len(parts)-1 {
			part += "\n"
		}
		at := strings.Index(got, part)
		if at < 0 || i == 0 && at > 0 || i == len(parts)-1 && !strings.HasSuffix(got, part) {
			return false
		}
		got = got[at+len(part)-1:]
	}
	return true
}

func TestQuotes(t *testing.T) {
	const text = "a\nb\nc\nd\ne\n"
	for want, is := range map[string]bool{
		text: true, "a\n...\ne\n": true, "a\n...\nc\n...\ne\n": true, "...\nd\ne\n": true, "a\n...\n": true, "...\nc\n...\n": true,
		"a\nb\n": false, "b\n...\ne\n": false, "a\n...\nd\n": false, "a\n...\nx\n...\ne\n": false,
	} {
		if quotes(want, text) != is {
			t.Errorf("quotes(%q) = %v", want, !is)
		}
	}
	if !quotes("k: '{...}'\n", `k: '{"made":["a"]}'`+"\n") {
		t.Error("a record is not shortened")
	}
}
