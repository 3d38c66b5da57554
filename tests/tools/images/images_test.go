package main

import (
	"archive/tar"
	"bytes"
	"errors"
	"io"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTags(t *testing.T) {
	for version, want := range map[string][]string{
		"v0.1.2":     {"v0.1.2", "v0.1"},
		"v1.2.3":     {"v1.2.3", "v1.2", "v1"},
		"v1.2.3-rc1": {"v1.2.3-rc1"},
		"devel":      {"devel"},
	} {
		if d := cmp.Diff(want, tags(version)); d != "" {
			t.Errorf("%s (-want +got):\n%s", version, d)
		}
	}
}

func TestFunctions(t *testing.T) {
	got, err := functions("add-a  AddA  Adds a.\nadd-bcd  AddBCD  Adds b, c and d.\n")
	if err != nil {
		t.Fatal(err)
	}
	want := []function{{"add-a", "Adds a."}, {"add-bcd", "Adds b, c and d."}}
	if d := cmp.Diff(want, got, cmp.AllowUnexported(function{})); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if _, err := functions("usage: krm-sidecars\n"); err == nil {
		t.Error("what is no list is read as one")
	}
}

func TestOrdered(t *testing.T) {
	pack := func(names ...string) *bytes.Buffer {
		var b bytes.Buffer
		w := tar.NewWriter(&b)
		for _, name := range names {
			if err := errors.Join(w.WriteHeader(&tar.Header{Name: name, Size: int64(len(name))}), write(w, name)); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		return &b
	}
	got, err := ordered(pack("c", "a", "b"))
	if err != nil || !bytes.Equal(got, pack("a", "b", "c").Bytes()) {
		t.Errorf("%v, or another order", err)
	}
}

func write(w io.Writer, text string) error {
	_, err := io.WriteString(w, text)
	return err
}
