package cases

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// changed returns the lines that differ between two texts, each behind - or +,
// in the order of the texts. Line ends count.
func changed(before, after string) string {
	a, b := split(before), split(after)
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	common := longest(a, b)
	var out strings.Builder
	for i, j := 0, 0; i < len(a) || j < len(b); {
		switch {
		case i < len(a) && j < len(b) && a[i] == b[j]:
			i, j = i+1, j+1
		case i < len(a) && (j == len(b) || common[i+1][j] >= common[i][j+1]):
			out.WriteString("-" + a[i] + "\n")
			i++
		default:
			out.WriteString("+" + b[j] + "\n")
			j++
		}
	}
	return out.String()
}

func split(text string) []string {
	lines := strings.SplitAfter(text, "\n")
	for i, line := range lines {
		lines[i] = strings.TrimSuffix(line, "\n")
	}
	if lines[len(lines)-1] == "" {
		return lines[:len(lines)-1]
	}
	lines[len(lines)-1] += "<no line end>"
	return lines
}

// longest returns the lengths of the longest common subsequences of all tails.
func longest(a, b []string) [][]int {
	table := make([][]int, len(a)+1)
	table[len(a)] = make([]int, len(b)+1)
	for i := len(a) - 1; i >= 0; i-- {
		table[i] = make([]int, len(b)+1)
		for j := len(b) - 1; j >= 0; j-- {
			if table[i][j] = max(table[i+1][j], table[i][j+1]); a[i] == b[j] {
				table[i][j] = table[i+1][j+1] + 1
			}
		}
	}
	return table
}

func TestChanged(t *testing.T) {
	for _, c := range []struct{ before, after, want string }{
		{"a\nb\n", "a\nb\n", ""},
		{"a\nb\n", "a\nx\nb\n", "+x\n"},
		{"a\nb\n", "a\nB\n", "-b\n+B\n"},
		{"a\nb", "a\nb\n", "-b<no line end>\n+b\n"},
		{"a\r\n", "a\n", "-a\r\n+a\n"},
		{"", "a\n", "+a\n"},
	} {
		if diff := cmp.Diff(c.want, changed(c.before, c.after)); diff != "" {
			t.Errorf("changed(%q, %q) (-want +got):\n%s", c.before, c.after, diff)
		}
	}
}
