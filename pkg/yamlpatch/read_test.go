package yamlpatch

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// agrees holds our reader against kyaml's: what ours takes, both must read alike.
func agrees(t *testing.T, src string) (taken bool) {
	t.Helper()
	root, _, err := read(src, 0, Context{Room: &Room{}})
	if err != nil {
		return false
	}
	y, err := decode(src, 0)
	if err != nil {
		return true // kyaml is stricter: Apply finds that out before it changes anything
	}
	if err := same(root, y); err != nil {
		t.Fatalf("we and kyaml differ: %v\n%s", err, src)
	}
	return true
}

func TestReadAgreesWithKyaml(t *testing.T) {
	files, err := filepath.Glob("testdata/read/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no inputs: %v", err)
	}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for doc := range strings.SplitSeq(string(raw), "\n---\n") {
			if !agrees(t, doc+"\n") {
				t.Errorf("%s: our reader does not take\n%s", file, doc)
			}
			agrees(t, strings.ReplaceAll(doc, "\n", "\r\n"))
			agrees(t, doc)
		}
	}
}

func TestReadCorpus(t *testing.T) {
	root := "../../../shared/corpus"
	if _, err := os.Stat(root); err != nil {
		t.Skip("the corpus of foreign manifests is not here:", err)
	}
	docs, taken := 0, 0
	err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		for doc := range strings.SplitSeq("\n"+string(raw), "\n---") {
			docs++
			if agrees(t, doc) {
				taken++
			} else {
				t.Log("not taken:", path)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d documents, our reader takes %d", docs, taken)
	if taken*100 < docs*98 {
		t.Errorf("our reader takes %d of %d documents, want at least 98 %%", taken, docs)
	}
}

func FuzzRead(f *testing.F) {
	files, _ := filepath.Glob("testdata/read/*.yaml")
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		for doc := range strings.SplitSeq(string(raw), "\n---\n") {
			f.Add(doc)
		}
	}
	f.Fuzz(func(t *testing.T, src string) {
		for line := range strings.Lines(src) {
			if strings.HasPrefix(line, "---") || strings.HasPrefix(line, "...") || strings.HasPrefix(line, "%") {
				t.Skip("package manifest cuts at document markers")
			}
		}
		agrees(t, src)
	})
}
