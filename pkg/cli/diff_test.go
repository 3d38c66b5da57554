package cli

import (
	"bytes"
	"os"
	"strings"
	"testing"
)

func TestColoured(t *testing.T) {
	const diff = "--- a\n+++ b\n@@ -1 +1 @@\n same\n-old\n+new\n"
	got := coloured(diff)
	for _, want := range []string{"\x1b[36m@@ -1 +1 @@\x1b[m\n", "\n same\n", "\x1b[31m-old\x1b[m\n", "\x1b[32m+new\x1b[m\n"} {
		if !strings.Contains(got, want) {
			t.Errorf("coloured() = %q, want %q in it", got, want)
		}
	}
}

// TestIsTerminal: colour and help are for terminals alone; /dev/null is a
// character device, and none.
func TestIsTerminal(t *testing.T) {
	null, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = null.Close() })
	if isTerminal(null) || isTerminal(&bytes.Buffer{}) {
		t.Error("the null device or a buffer is taken for a terminal")
	}
	terminal, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skip("there is no pseudo terminal here:", err)
	}
	t.Cleanup(func() { _ = terminal.Close() })
	if !isTerminal(terminal) {
		t.Error("a pseudo terminal is not taken for one")
	}
}
