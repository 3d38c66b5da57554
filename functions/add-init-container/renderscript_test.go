package initcontainer

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
)

// TestRenderScript: values stay what they are, whatever they hold; what is not
// listed stays in the template; a second run replaces the files.
func TestRenderScript(t *testing.T) {
	templates, into := t.TempDir(), filepath.Join(t.TempDir(), "a b", "it's $(c)")
	writeFile(t, filepath.Join(templates, "app.conf"), "a=${HOSTILE};b=$PLAIN;$PLAINER ${PLAIN\nhost=$host ${OTHER} $$ \\$PLAIN $(x) `y`\n\n$PLAIN")
	writeFile(t, filepath.Join(templates, "empty"), "")
	for range 2 {
		out, err := render(t, templates, into, "HOSTILE", "PLAIN")
		if err != nil || strings.Count(out, "name: made ") != 2 {
			t.Fatalf("%v: %s", err, out)
		}
	}
	data, err := os.ReadFile(filepath.Join(into, "app.conf"))
	want := "a=" + hostile + ";b=v;$PLAINER ${PLAIN\nhost=$host ${OTHER} $v \\v $(x) `y`\n\nv\n"
	want = strings.Replace(want, "$v \\v", "$$ \\v", 1)
	if err != nil || string(data) != want {
		t.Errorf("the file holds %q, not %q: %v", data, want, err)
	}
	entries, _ := os.ReadDir(into)
	if info, err := os.Stat(filepath.Join(into, "app.conf")); err != nil || info.Mode().Perm() != 0o640 || len(entries) != 2 {
		t.Errorf("mode %v, %d files: %v", info.Mode(), len(entries), err)
	}
}

// TestRenderScriptFails: without a variable that has to be set, nothing is made.
func TestRenderScriptFails(t *testing.T) {
	templates, into := t.TempDir(), t.TempDir()
	writeFile(t, filepath.Join(templates, "app.conf"), "$NOWHERE\n")
	out, err := render(t, templates, into, "PLAIN", "NOWHERE", "NOWHERE_ELSE")
	if entries, _ := os.ReadDir(into); err == nil || len(entries) > 0 || out != "name: not set: NOWHERE NOWHERE_ELSE\n" {
		t.Errorf("%d files, %v: %s", len(entries), err, out)
	}
	if out, err := render(t, into, into, "PLAIN"); err == nil || !strings.Contains(out, "cannot make") {
		t.Errorf("without templates: %v %s", err, out)
	}
}

// hostile is a value that a shell, awk or a template could stumble over.
const hostile = "\\1 & \\n \"'$PLAIN ${HOSTILE} $(touch /x) `y` |/\nsecond line"

func render(t *testing.T, templates, into string, names ...string) (string, error) {
	t.Helper()
	r := &Render{Engine: engineEnvsubst}
	cmd := inBusybox(t, 5, func(_ *plan, c *corev1.Container) {
		shell(c, r.script(), "name", append([]string{"5", templates, into, "0640"}, names...)...)
	})
	cmd.Env = append(cmd.Env, "PLAIN=v", "HOSTILE="+hostile)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func writeFile(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
