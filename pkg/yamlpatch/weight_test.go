package yamlpatch

import (
	"fmt"
	"strings"
	"testing"
)

// laughs returns nine levels of values, each of which holds the one before ten
// times.
func laughs(open, end string) string {
	var b strings.Builder
	b.WriteString("a: &a {x: y}\n")
	for c := 'b'; c < 'k'; c++ {
		fmt.Fprintf(&b, "%c: &%c %s%s%s\n", c, c, open, strings.Repeat(fmt.Sprintf("*%c, ", c-1), 10), end)
	}
	return b.String()
}

// TestAliasesOfTooMuch: our own reader and kyaml's, which takes what has a tag in
// front of a key.
func TestAliasesOfTooMuch(t *testing.T) {
	for name, src := range map[string]string{
		"lists": laughs("[", "]"), "merges": laughs("{<<: [", "]}"), "read by kyaml": "!!str z: 1\n" + laughs("[", "]"),
	} {
		if _, err := Parse(src, 0); err == nil || !strings.Contains(err.Error(), "aliases stand for more than") {
			t.Errorf("%s: error = %v", name, err)
		}
	}
	if _, err := Parse("a: &a {x: y}\nb: ["+strings.Repeat("*a, ", 3000)+"]\n", 0); err != nil {
		t.Errorf("aliases of little: %v", err)
	}
}

// TestDeepFlow: what is nested deeper than our own reader follows is kyaml's.
func TestDeepFlow(t *testing.T) {
	deep := strings.Repeat("[", maxDepth+100)
	if d, err := Parse(deep+strings.ReplaceAll(deep, "[", "]"), 0); err != nil || !d.exotic {
		t.Errorf("error = %v, want kyaml's reading", err)
	}
	if _, err := Parse(deep, 0); err == nil {
		t.Error("brackets without an end were read")
	}
}
