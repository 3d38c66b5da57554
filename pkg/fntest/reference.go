package fntest

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The file of a manual, and the lines around its reference.
const (
	manualFile     = "README.md"
	referenceBegin = "<!-- reference -->\n"
	referenceEnd   = "<!-- /reference -->\n"
)

// Reference checks that the README of the package under test holds the table of
// the fields of spec, a pointer to a config, between the comments
// <!-- reference --> and <!-- /reference -->. What fields mean is what their doc
// comments say. The fields of config.Common are left out: docs/config.md has
// them.
func Reference(t testing.TB, spec any) {
	t.Helper()
	data, err := os.ReadFile(manualFile)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, begins := strings.Cut(string(data), referenceBegin)
	have, after, ends := strings.Cut(rest, referenceEnd)
	if !begins || !ends {
		t.Fatalf("%s has no lines %s and %s", manualFile, strings.TrimSpace(referenceBegin), strings.TrimSpace(referenceEnd))
	}
	want := "\n" + table(fieldsOf(t, spec)) + "\n"
	if *update {
		text := before + referenceBegin + want + referenceEnd + after
		if err := os.WriteFile(manualFile, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(want, have); diff != "" {
		t.Errorf("the reference in %s is not that of the types; -update writes it (-types +%s):\n%s", manualFile, manualFile, diff)
	}
}

// table writes rows as a Markdown table.
func table(rows []field) string {
	var b strings.Builder
	b.WriteString("| field of `spec` | type | meaning |\n|---|---|---|\n")
	for _, r := range rows {
		b.WriteString("| `" + r.path + "` | " + cell(r.words) + " | " + cell(r.meaning) + " |\n")
	}
	return b.String()
}

// cell escapes what a Markdown table would take for markup.
func cell(text string) string { return strings.NewReplacer("|", `\|`, "<", `\<`).Replace(text) }
