package exporter

import (
	"flag"
	"os"
	"path"
	"strconv"
	"strings"
	"testing"

	"github.com/krm-sidecars/krm-sidecars/pkg/images"
)

// The lines around the table of presets in the manual.
const (
	tableBegin = "<!-- presets -->\n"
	tableEnd   = "<!-- /presets -->\n"
)

// TestPresetsInManual: README.md holds the table of presets; -update writes it.
func TestPresetsInManual(t *testing.T) {
	before, rest, begins := strings.Cut(readme, tableBegin)
	have, after, ends := strings.Cut(rest, tableEnd)
	if !begins || !ends {
		t.Fatalf("README.md has no lines %s and %s", tableBegin, tableEnd)
	}
	want := manualTable()
	if flag.Lookup("update").Value.String() == "true" {
		if err := os.WriteFile("README.md", []byte(before+tableBegin+want+tableEnd+after), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if have != want {
		t.Errorf("README.md has another table of presets; -update writes it:\n%s\nand should have\n%s", have, want)
	}
}

func manualTable() string {
	var b strings.Builder
	b.WriteString("\n| preset | image | port and path | reads | keys of the Secret | file | the app needs |\n|---|---|---|---|---|---|---|\n")
	for _, p := range presets() {
		image := "yours"
		switch {
		case p.image != "":
			image = "`" + images.Get(p.image).String() + "`"
		case p.native:
			image = "none"
		}
		b.WriteString("| `" + strings.Join(p.names, "`, `") + "` | " + image + " | " + strconv.Itoa(int(p.port)) + " `" + p.metricsPath() + "` | " +
			reads(p) + " | " + keys(p) + " | " + configured(p) + " | " + p.needs + " |\n")
	}
	return b.String() + "\n"
}

// reads is where the exporter finds the app, with the values of a usual pod.
func reads(p preset) string {
	usual := map[string]string{"ip": "127.0.0.1", "status": strconv.Itoa(int(p.expose.port)), "address": "{appAddress}"}
	if p.address != "" {
		usual["address"] = filled(p.address, usual)
	}
	if p.uri == "" {
		return ""
	}
	return "`" + filled(p.uri, usual) + "`"
}

func keys(p preset) string {
	var words []string
	for _, l := range p.logins {
		word := string(l.role)
		if l.key != "" {
			word += ": `" + l.key + "`"
		}
		words = append(words, word)
	}
	if p.needsLogin {
		return strings.Join(words, ", ") + "; required"
	}
	return strings.Join(words, ", ")
}

func configured(p preset) string {
	switch {
	case p.file.path == "":
		return ""
	case p.file.required:
		return "`" + path.Base(p.file.path) + "`, required"
	default:
		return "`" + path.Base(p.file.path) + "`"
	}
}

// TestPresets holds the table to its own rules.
func TestPresets(t *testing.T) {
	seen := map[string]bool{}
	for _, p := range presets() {
		for _, name := range p.names {
			if seen[name] || refused()[name] != "" {
				t.Errorf("%s is there twice, or refused", name)
			}
			seen[name] = true
		}
		p.name = p.names[0]
		image := images.Get(p.image)
		for wrong, is := range map[string]bool{
			"has no image in pkg/images, with a user": !p.native && !p.needsJar() && (image.Repository == "" || image.UID == 0),
			"has no port":                                    p.port == 0,
			"does not say what the app needs":                p.needs == "",
			"needs credentials and takes none":               p.needsLogin && len(p.logins) == 0,
			"has files for the exporter and app in a volume": p.file.path != "" && p.expose.dir != "",
		} {
			if is {
				t.Errorf("%s %s", p.name, wrong)
			}
		}
	}
	if want := strings.Count(strings.TrimSpace(nativeApps), "\n") + 1; len(natives()) != want {
		t.Errorf("%d of %d native apps can be read", len(natives()), want)
	}
}
