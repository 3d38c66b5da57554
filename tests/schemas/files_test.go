package schemas_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/krm-sidecars/krm-sidecars/functions"
	"github.com/krm-sidecars/krm-sidecars/pkg/lazyre"
	"github.com/krm-sidecars/krm-sidecars/pkg/schema"
)

// TestFiles: schemas/ holds what `krm-sidecars schema` prints, for every kind and
// no other.
func TestFiles(t *testing.T) {
	want := map[string]string{}
	for _, f := range functions.All() {
		text, err := schema.JSON(f.Schema)
		check(t, err)
		want[f.Kind+".json"] = text
	}
	files, err := filepath.Glob(root + "/schemas/*")
	check(t, err)
	have := map[string]string{}
	for _, file := range files {
		data, err := os.ReadFile(file)
		check(t, err)
		have[filepath.Base(file)] = string(data)
	}
	if diff := cmp.Diff(have, want); diff != "" {
		t.Errorf("schemas/ is out of date; run make schemas (-files +wanted)\n%s", diff)
	}
}

// remark is a comment that is more than a field that is not used.
var remark = lazyre.New(`^  # ([^:]*|[^:]* [^:]*:.*)$`)

// unused is a field in a comment, to be used by those who want it.
var unused = lazyre.New(`(?m)^ *# *(?:- )?([A-Za-z]+):(?: |$)`)

// TestExamplesAreCommented: the example of a function has a comment on every
// field that it shows right below spec, on the name, and at its top. What it shows
// in comments are fields, too.
func TestExamplesAreCommented(t *testing.T) {
	for _, f := range functions.All() {
		t.Run(f.Kind, func(t *testing.T) {
			lines := strings.Split(f.Example, "\n")
			if i := slices.IndexFunc(lines, func(l string) bool { return !strings.HasPrefix(l, "# yaml-language-server:") }); !strings.HasPrefix(lines[i], "# ") {
				t.Errorf("the example begins with %q, and does not say what it is for", lines[i])
			}
			for _, m := range unused().FindAllStringSubmatch(f.Example, -1) {
				if !strings.Contains(f.Schema, `"`+m[1]+`":{`) {
					t.Errorf("the comment %q names no field", strings.TrimSpace(m[0]))
				}
			}
			shown := 0
			for i, line := range lines {
				if !strings.HasPrefix(line, "  ") || strings.TrimLeft(line[2:], " #-") != line[2:] {
					continue
				}
				shown++
				if !strings.Contains(line, " # ") && !remark().MatchString(lines[i-1]) {
					t.Errorf("line %d: %q has no comment, behind it or above", i+1, line)
				}
			}
			if shown < 3 {
				t.Errorf("%d fields", shown)
			}
		})
	}
}
