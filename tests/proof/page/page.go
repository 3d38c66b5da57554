// Package page writes docs/proof.md.
package page

import (
	"fmt"
	"strings"

	"github.com/krm-sidecars/krm-sidecars/tests/proof/record"
)

const intro = `# Proof

What the README says was measured, with real programs wherever there are such. This page is written by a program from
what the tests found; each section says when, on what machine, and how to do it again.
`

// Of returns the page about the parts, by name. A section without a part says that
// nothing was measured.
func Of(parts map[string]record.Part) string {
	var b strings.Builder
	b.WriteString(intro)
	for _, s := range sections() {
		fmt.Fprintf(&b, "\n## %s\n\n%s\n", s.title, s.text)
		part, measured := parts[s.name]
		if !measured {
			b.WriteString("\nNot measured.\n")
			continue
		}
		writePart(&b, part)
		fmt.Fprintf(&b, "\n`%s`, %s, %s.\n", s.command, part.Date, machine(part.Machine))
	}
	return b.String()
}

func writePart(b *strings.Builder, part record.Part) {
	if len(part.Rows) > 0 {
		found := record.Table{Head: []string{"what", "found"}}
		for _, r := range part.Rows {
			found.Rows = append(found.Rows, []string{r.What, r.Result})
		}
		writeTable(b, found)
	}
	for _, t := range part.Tables {
		writeTable(b, t)
	}
}

func writeTable(b *strings.Builder, t record.Table) {
	b.WriteString("\n")
	if t.Caption != "" {
		b.WriteString(t.Caption + ":\n\n")
	}
	writeRow(b, t.Head)
	b.WriteString(strings.Repeat("|---", len(t.Head)) + "|\n")
	for _, row := range t.Rows {
		writeRow(b, row)
	}
}

func writeRow(b *strings.Builder, cells []string) {
	for _, cell := range cells {
		b.WriteString("| " + strings.NewReplacer("|", `\|`, "\n", " ").Replace(cell) + " ")
	}
	b.WriteString("|\n")
}

func machine(m record.Machine) string {
	return fmt.Sprintf("%d cores of %s, %s, %s, Go %s", m.Cores, m.CPU, m.Memory, m.Kernel, m.Go)
}
