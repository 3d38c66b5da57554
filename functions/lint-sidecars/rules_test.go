package lint

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	meshannotation "github.com/krm-sidecars/krm-sidecars/functions/add-mesh-annotation"
	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
)

// A case of a rule is testdata/rules/<id>.txtar. Each of its files bad*.yaml has
// findings of the rule, no file good*.yaml has any; findings holds them all. A
// config.yaml, if there is one, is the config, in which other rules are off then.

// TestRules checks that every rule finds what it should, and that only.
func TestRules(t *testing.T) {
	for _, r := range table() {
		t.Run(r.id, func(t *testing.T) {
			file := filepath.Join("testdata", "rules", r.id+".txtar")
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			checkRule(t, r, file, archive)
		})
	}
}

// TestCasesHaveRules: a rule that went leaves no case behind.
func TestCasesHaveRules(t *testing.T) {
	files, err := filepath.Glob("testdata/rules/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("there are no cases", err)
	}
	for _, file := range files {
		id := strings.TrimSuffix(filepath.Base(file), ".txtar")
		if r, ok := find(id); !ok || r.id != id {
			t.Errorf("%s is for no rule", file)
		}
	}
}

func checkRule(t *testing.T, r rule, file string, archive *txtar.Archive) {
	t.Helper()
	config := "apiVersion: krm-sidecars.dev/v1alpha1\nkind: LintSidecars\nmetadata: {name: x}\n"
	var all strings.Builder
	kept := 0
	for i, f := range archive.Files {
		switch f.Name {
		case "config.yaml":
			config = string(f.Data)
		case "findings":
			continue
		default:
			found := findings(t, r, config, f.Name, string(f.Data))
			if good := strings.HasPrefix(f.Name, "good"); good == (found != "") {
				t.Errorf("%s has the findings:\n%s", f.Name, found)
			}
			all.WriteString(found)
		}
		kept = i + 1
	}
	if flag.Lookup("update").Value.String() == "true" {
		archive.Files = append(archive.Files[:kept], txtar.File{Name: "findings", Data: []byte(all.String())})
		if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want := ""
	if last := archive.Files[len(archive.Files)-1]; last.Name == "findings" {
		want = string(last.Data)
	}
	if diff := cmp.Diff(want, all.String()); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}

// findings runs one rule on a text.
func findings(t *testing.T, r rule, config, name, text string) string {
	t.Helper()
	instances, err := krm.ReadConfigs([]krm.Function{Function(meshannotation.Mistakes)}, "config.yaml", config)
	if err != nil {
		t.Fatal(err)
	}
	for _, in := range instances {
		only(in.Config.(*Config), r)
	}
	e, err := krm.NewEngine(instances, "")
	if err != nil {
		t.Fatal(err)
	}
	_, report := e.RunText(name, text)
	var b strings.Builder
	for _, res := range report.Results {
		if res.Rule != r.id {
			t.Errorf("something else is wrong: %s", res.Line())
			continue
		}
		fmt.Fprintf(&b, "%s:%d: %s %s %s: %s\n", res.Source, res.AtLine, res.Severity, res.Ref, res.Field, res.Message)
	}
	return b.String()
}

// only turns all other rules off.
func only(c *Config, r rule) {
	for _, active := range c.active {
		if active.id == r.id {
			c.active = []rule{active}
			return
		}
	}
	c.active = []rule{r}
}
