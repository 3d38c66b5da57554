//go:build e2e

package e2e

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// sidecar is the name of the container that AddLogSidecar adds.
const sidecar = "log-sidecar"

// sameLength stops a test that is about to compare two lists one by one.
func sameLength(t *testing.T, before, after []string) {
	t.Helper()
	if len(before) != len(after) {
		t.Fatalf("%d elements became %d:\n%s", len(before), len(after), cmp.Diff(before, after))
	}
}

// trim takes the indentation and a list's dash away.
func trim(line string) string {
	return strings.TrimPrefix(strings.TrimSpace(line), "- ")
}

// count counts lines, indentation and list dashes aside.
func count(text, line string) int {
	n := 0
	for l := range strings.Lines(text) {
		if trim(l) == line {
			n++
		}
	}
	return n
}

var (
	separator = regexp.MustCompile(`(?m)^---.*\n`)
	kindLine  = regexp.MustCompile(`(?m)^kind: (\S+)`)
	nameLine  = regexp.MustCompile(`(?m)^metadata:\r?\n(?: .*\n)*?  name: (\S+)`)
)

// sidecars lists Kind/name of the documents of a stream, once for each sidecar in it.
func sidecars(stream string) []string {
	var found []string
	for _, doc := range documents(stream) {
		for range count(doc, "name: "+sidecar) {
			found = append(found, identity(doc))
		}
	}
	return found
}

func documents(stream string) []string {
	docs := separator.Split(stream, -1)
	return slices.DeleteFunc(docs, func(d string) bool { return strings.TrimSpace(d) == "" })
}

func identity(doc string) string {
	kind, name := kindLine.FindStringSubmatch(doc), nameLine.FindStringSubmatch(doc)
	switch {
	case kind == nil:
		return "?"
	case name == nil: // a List
		return kind[1]
	}
	return kind[1] + "/" + name[1]
}

// onlyAdded asserts that after is before plus lines, and returns these lines.
func onlyAdded(t *testing.T, what, before, after string) []string {
	t.Helper()
	old := strings.SplitAfter(before, "\n")
	var added []string
	for line := range strings.SplitAfterSeq(after, "\n") {
		if len(old) > 0 && old[0] == line {
			old = old[1:]
			continue
		}
		added = append(added, line)
	}
	if len(old) > 0 {
		t.Errorf("%s: a line is gone or changed, from %q on (-before +after):\n%s", what, old[0], cmp.Diff(before, after))
	}
	return added
}

// sortedLines is for hosts that put the keys of a map into an order of their own.
func sortedLines(text string) []string {
	var lines []string
	for l := range strings.Lines(text) {
		lines = append(lines, strings.TrimSpace(l))
	}
	slices.Sort(lines)
	return lines
}

// linesWith returns the lines, trimmed, that hold a text.
func linesWith(text, part string) []string {
	var found []string
	for l := range strings.Lines(text) {
		if strings.Contains(l, part) {
			found = append(found, trim(l))
		}
	}
	return found
}
