package lint

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/krm-sidecars/krm-sidecars/functions"
	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
)

var update = flag.Bool("update", false, "write the table of rules anew")

const manual = "../../docs/lint.md"

// TestManual: the table in docs/lint.md is that of the rules. -update writes it.
func TestManual(t *testing.T) {
	const begin, end = "<!-- rules -->\n", "<!-- /rules -->\n"
	data, err := os.ReadFile(manual)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, _ := strings.Cut(string(data), begin)
	have, after, ok := strings.Cut(rest, end)
	if !ok {
		t.Fatalf("%s has no lines %s and %s", manual, begin, end)
	}
	want := ruleTable(known(t))
	if *update {
		if err := os.WriteFile(manual, []byte(before+begin+want+end+after), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if d := cmp.Diff(want, have); d != "" {
		t.Errorf("%s is out of date; -update writes it (-rules +manual):\n%s", manual, d)
	}
}

// known are the rules of the one function that judges.
func known(t *testing.T) []krm.Rule {
	t.Helper()
	for _, f := range functions.All() {
		if judge, ok := f.New().(krm.Judge); ok {
			return judge.Known()
		}
	}
	t.Fatal("no function judges")
	return nil
}

func ruleTable(rules []krm.Rule) string {
	var b strings.Builder
	b.WriteString("\n| rule | name | severity | what is wrong | what to do |\n|---|---|---|---|---|\n")
	for _, r := range rules {
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", r.ID, r.Name, r.Severity, r.About, strings.ReplaceAll(r.Remedy, "|", `\|`))
	}
	return b.String() + "\n"
}

// TestRulesAreWords: rules say in one sentence what is wrong, and in words without
// a full stop what to do; ids and names are unlike each other.
func TestRulesAreWords(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range known(t) {
		for _, name := range []string{r.ID, r.Name} {
			if seen[name] {
				t.Errorf("%s: another rule is called %s", r.ID, name)
			}
			seen[name] = true
		}
		if !strings.HasSuffix(r.About, ".") || strings.Contains(strings.TrimSuffix(r.About, "."), ". ") {
			t.Errorf("%s: %q is not one sentence", r.ID, r.About)
		}
		if r.Remedy == "" || strings.HasSuffix(r.Remedy, ".") || r.Remedy != strings.ToLower(r.Remedy[:1])+r.Remedy[1:] {
			t.Errorf("%s: %q is no remedy that can stand behind a message", r.ID, r.Remedy)
		}
		if r.Severity == "" {
			t.Errorf("%s has no severity", r.ID)
		}
	}
}
