package fntest

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/krm-sidecars/krm-sidecars/pkg/fntest/testdata/reference"
)

// TestReference: testdata/reference/README.md shows what becomes of every shape.
func TestReference(t *testing.T) {
	t.Chdir("testdata/reference")
	Reference(t, &reference.Config{})
}

// recorder is a test that may fail.
type recorder struct {
	testing.TB
	said string
}

func (r *recorder) Errorf(format string, args ...any) { r.said += fmt.Sprintf(format, args...) + "\n" }

func TestReferenceOutOfDate(t *testing.T) {
	if *update {
		t.Skip("writes it instead")
	}
	t.Chdir(t.TempDir())
	if err := os.WriteFile(manualFile, []byte(referenceBegin+"\nold\n\n"+referenceEnd), 0o644); err != nil {
		t.Fatal(err)
	}
	r := &recorder{TB: t}
	if Reference(r, &struct{}{}); !strings.Contains(r.said, "-update writes it") {
		t.Errorf("said %q", r.said)
	}
}

func TestFieldsNeedComments(t *testing.T) {
	r := &recorder{TB: t}
	if fieldsOf(r, &reference.Silent{}); !strings.Contains(r.said, "Silent.Field has no comment") {
		t.Errorf("said %q", r.said)
	}
}

func TestMeaning(t *testing.T) {
	for comment, want := range map[string]string{
		"TLS is how to\nconnect. Default off.": "how to connect. Default `off`.",
		"TLS are the settings.":                "the settings.",
		"TLS says how. Default 1.5. More.":     "says how. Default `1.5`. More.",
		"TLS of the server.":                   "tls of the server.",
		"How to connect. Default: as is.":      "How to connect. Default: as is.",
		"TLSConfig is another one.":            "TLSConfig is another one.",
	} {
		if got := meaning(comment, "TLS", "tls"); got != want {
			t.Errorf("meaning(%q) = %q, want %q", comment, got, want)
		}
	}
}
