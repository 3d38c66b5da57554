package initcontainer

import (
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/krm-sidecars/krm-sidecars/pkg/images"
)

// TestTablesInManual: README.md holds the tables of waits and of tools; -update
// writes them.
func TestTablesInManual(t *testing.T) {
	for name, want := range map[string]string{"waits": waitTable(), "tools": toolTable()} {
		data, err := os.ReadFile("README.md")
		if err != nil {
			t.Fatal(err)
		}
		begin, end := "<!-- "+name+" -->\n", "<!-- /"+name+" -->\n"
		before, rest, begins := strings.Cut(string(data), begin)
		have, after, ends := strings.Cut(rest, end)
		switch {
		case !begins || !ends:
			t.Errorf("README.md has no lines %s and %s", begin, end)
		case flag.Lookup("update").Value.String() == "true":
			if err := os.WriteFile("README.md", []byte(before+begin+want+end+after), 0o600); err != nil {
				t.Fatal(err)
			}
		case have != want:
			t.Errorf("README.md has another table of %s; -update writes it:\n%s\nand should have\n%s", name, have, want)
		}
	}
}

func toolTable() string {
	var b strings.Builder
	b.WriteString("\n| `tool` | image | command | variables |\n|---|---|---|---|\n")
	for _, t := range migrationTools() {
		variables := []string{"`" + t.url + "`"}
		if t.user != "" {
			variables = append(variables, "`"+t.user+"`", "`"+t.password+"`")
		}
		command := strings.NewReplacer("{dir}", t.dir, "{changelog}", defaultChangelog).Replace(t.command)
		b.WriteString("| `" + t.name + "` | `" + images.Get(t.name).String() + "` | `" + command + "` | " + strings.Join(variables, ", ") + " |\n")
	}
	return b.String() + "\n"
}

func waitTable() string {
	var b strings.Builder
	b.WriteString("\n| wait | until | usual port | container |\n|---|---|---|---|\n")
	for _, k := range kinds() {
		for _, c := range clients() {
			image := c.image
			if k.name == "grpc" {
				image = "curl"
			}
			if c.name == k.client {
				b.WriteString("| `" + k.name + "` | " + k.until + " | " + k.port + " | `" + images.Get(image).String() + "` |\n")
			}
		}
	}
	b.WriteString("| `resource` | the object exists, has the `condition`, or fits the `jsonPath` |  | `" + images.Get("kubectl").String() + "` |\n")
	return b.String() + "\n"
}
