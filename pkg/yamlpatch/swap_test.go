package yamlpatch

import (
	"strings"
	"testing"

	"github.com/krm-sidecars/krm-sidecars/pkg/edit"
)

// TestSwapIsUndone swaps a value for another one and its source text back.
func TestSwapIsUndone(t *testing.T) {
	for name, src := range map[string]string{
		"flow list":           "a:\n  command: [x, 'y'] # why\n  next: 1\n",
		"block list":          "a:\n  command:\n  - x # first\n  # between\n  - 'y'\n  # below\n  next: 1\n",
		"indented list":       "a:\n  command: # why\n    - x\n\n    - y\n\n  next: 1\n",
		"scalar":              "a:\n  command: \"x\" # why\n",
		"folded scalar":       "a:\n  command: >-\n    x\n    y\n  next: 1\n",
		"literal, kept":       "a:\n  command: |+\n    x\n\n  next: 1\n",
		"literal scalar":      "a:\n  command: |\n    x\n    y\n  next: 1\n",
		"nothing":             "a:\n  command:\n  next: 1\n",
		"no final line end":   "a:\n  command:\n  - x",
		"CRLF":                "a:\r\n  command:\r\n  - x\r\n  - y\r\n  next: 1\r\n",
		"in flow":             "{\"a\": {\"command\": [\"x\", \"y\"], \"next\": 1}}\n",
		"multi-line flow":     "a: {\n  command: [\n    x, # c\n    y\n  ]}\n",
		"alias":               "b: &b [x]\na:\n  command: *b\n  next: 1\n",
		"nested maps in list": "a:\n  command:\n  - x: 1\n    y: [2]\n  -   z: 3\n",
	} {
		for kind, value := range map[string]edit.Value{
			"list":   edit.Seq(edit.Str("sh"), edit.Str("-c"), edit.Str("one\ntwo\n")),
			"scalar": edit.Str("other"),
		} {
			t.Run(name+" for "+kind, func(t *testing.T) { swapBack(t, src, value) })
		}
	}
}

// TestSwapIsUndoneElsewhere swaps the text back after a host has moved all lines.
func TestSwapIsUndoneElsewhere(t *testing.T) {
	src := "a:\n  command: # why\n  - x\n\n  # between\n  - |\n    y\n  next: 1\n"
	moved := strings.ReplaceAll(strings.ReplaceAll(src, "\n", "\n  "), "\n  \n", "\n\n")
	moved = strings.TrimSuffix(moved, "  ")
	at := edit.Fields("a", "command")
	apply := func(text string, col int, v edit.Value) string {
		t.Helper()
		d, err := Parse(text, col)
		if err != nil {
			t.Fatal(err)
		}
		res, err := d.Apply([]edit.Edit{{Op: edit.Swap, Path: at, Value: v}})
		if err != nil {
			t.Fatal(err)
		}
		return res.Text
	}
	source := func(text string, col int) string {
		t.Helper()
		d, err := Parse(text, col)
		if err != nil {
			t.Fatal(err)
		}
		return d.Source(d.Root.Get("a").Entries[0])
	}
	was := source(src, 0)
	if got := source(moved, 2); got != was {
		t.Errorf("the record differs: %q here, %q there", was, got)
	}
	if got := apply(apply(moved, 2, edit.Str("other")), 2, edit.Source(was)); got != moved {
		t.Errorf("got\n%s\nwant\n%s", got, moved)
	}
	shallow := "{\"a\": {\"command\":\n [\"x\"],\n \"next\": 1}}\n"
	if got := apply(apply(shallow, 0, edit.Str("other")), 0, edit.Source(source(shallow, 0))); got != shallow {
		t.Errorf("got\n%s\nwant\n%s", got, shallow)
	}
}

func swapBack(t *testing.T, src string, value edit.Value) {
	t.Helper()
	at := edit.Fields("a", "command")
	d, err := Parse(src, 0)
	if err != nil {
		t.Fatal(err)
	}
	entry := d.Root.Get("a").Entries[d.Root.Get("a").index("command")]
	was := d.Source(entry)
	there, err := d.Apply([]edit.Edit{{Op: edit.Swap, Path: at, Value: value}})
	if err != nil || !there.Changed {
		t.Fatalf("swapping: changed %v, %v", there.Changed, err)
	}
	again, err := Parse(there.Text, 0)
	if err != nil {
		t.Fatal(err)
	}
	if got := again.Root.Path("a", "command").Value(); !got.Equal(value) {
		t.Errorf("after the swap it is %s, want %s:\n%s", got, value, there.Text)
	}
	back, err := again.Apply([]edit.Edit{{Op: edit.Swap, Path: at, Value: edit.Source(was)}})
	if err != nil || back.Text != src {
		t.Errorf("swapped back (%v):\n%q\nwant\n%q\nvia\n%q", err, back.Text, src, there.Text)
	}
}
