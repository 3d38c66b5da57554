package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

const root = "../../.."

func generated(t *testing.T) ([]function, map[string][]byte) {
	t.Helper()
	functions, err := find(root)
	if err != nil {
		t.Fatal(err)
	}
	files, err := generate(root, functions)
	if err != nil {
		t.Fatal(err)
	}
	return functions, files
}

// TestFresh: the files in the repository are those that the types give.
func TestFresh(t *testing.T) {
	_, files := generated(t)
	for name, want := range files {
		have, err := os.ReadFile(filepath.Join(root, name))
		if err != nil || !bytes.Equal(have, want) {
			t.Errorf("%s is out of date; run make schemas (%v)", name, err)
		}
	}
}

// TestPatternsAreUsed: the table has no pattern that nobody asks for.
func TestPatternsAreUsed(t *testing.T) {
	functions, files := generated(t)
	for name, pattern := range patterns() {
		quoted, err := json.Marshal(pattern)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.ContainsFunc(functions, func(f function) bool { return bytes.Contains(files[f.schema()], quoted) }) {
			t.Errorf("no field has a text of the form %s", name)
		}
	}
}

// TestDeterministic: the same types give the same bytes.
func TestDeterministic(t *testing.T) {
	_, first := generated(t)
	_, second := generated(t)
	for name := range first {
		if !bytes.Equal(first[name], second[name]) {
			t.Errorf("%s differs from run to run", name)
		}
	}
}
