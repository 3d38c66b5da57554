package cli

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/rogpeppe/go-internal/diff"
)

// printDiff prints the differences of all inputs, in colour on a terminal.
func (a *app) printDiff(inputs []*input) error {
	colour := isTerminal(a.out) && os.Getenv("NO_COLOR") == ""
	for _, in := range inputs {
		if in.out == in.src {
			continue
		}
		text := string(diff.Diff(side("a", in.name), []byte(in.src), side("b", in.name), []byte(in.out)))
		_, text, _ = strings.Cut(text, "\n") // a "diff a b" line that no tool needs
		if colour {
			text = coloured(text)
		}
		if err := a.write(text); err != nil {
			return err
		}
	}
	return nil
}

// side names a file on one side of a diff, as git does.
func side(prefix, name string) string {
	return prefix + "/" + strings.TrimPrefix(filepath.ToSlash(name), "/")
}

// coloured paints the lines of a diff as git does.
func coloured(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		code := map[byte]string{'+': "32", '-': "31", '@': "36"}[line[0]]
		if code == "" {
			b.WriteString(line)
			continue
		}
		b.WriteString("\x1b[" + code + "m" + strings.TrimSuffix(line, "\n") + "\x1b[m\n")
	}
	return b.String()
}
