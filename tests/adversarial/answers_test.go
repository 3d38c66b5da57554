package adversarial

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// checkAnswers is checkAll for inputs that are made by the hundred: the answers that
// are expected stand in a file, one a line.
func checkAnswers(t *testing.T, file string, inputs []input) {
	t.Helper()
	answers := make([]string, len(inputs))
	t.Run("inputs", func(t *testing.T) {
		for i, in := range inputs {
			t.Run(fmt.Sprintf("%03d", i), func(t *testing.T) {
				t.Parallel()
				got, said := in.judge(t)
				answers[i] = fmt.Sprintf("%q: %s%s", in.name, got, reason(said))
			})
		}
	})
	compare(t, file, strings.Join(answers, "\n")+"\n")
}

// compare holds answers against those in testdata.
func compare(t *testing.T, file, got string) {
	t.Helper()
	path := "testdata/" + file + ".txt"
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("other answers than in %s (-want +got); with -update they are written:\n%s", path, diff)
	}
}

var firstError = regexp.MustCompile(`(?m)^[-a-z]+: error (.*)$|^[-a-z]+: error: (.*)$`)

// reason is the first error that was told.
func reason(said string) string {
	m := firstError.FindStringSubmatch(said)
	if m == nil {
		return ""
	}
	text := long.ReplaceAllStringFunc(m[1]+m[2], func(same string) string { return fmt.Sprintf("n*%d", len(same)) })
	text, _, _ = strings.Cut(text, "; ") // what is wrong; the rest is what to do
	return ": " + place.ReplaceAllString(text, "")
}

// place is where in which file, which says nothing that the name of the input does not.
var place = regexp.MustCompile(` \((in|config)\.yaml, [^)]*\)$`)

var long = regexp.MustCompile(`n{50,}`)
