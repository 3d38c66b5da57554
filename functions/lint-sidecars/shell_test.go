package lint

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// shown is a script as the rules see it: a command each line, and what surrounds
// it.
func shown(s script) string {
	var b strings.Builder
	for _, c := range s.calls {
		fmt.Fprintf(&b, "%q", c.words)
		for _, file := range c.writes {
			b.WriteString(" > " + file)
		}
		for _, file := range c.appends {
			b.WriteString(" >> " + file)
		}
		if c.loop > 0 {
			b.WriteString(" in " + s.loops[c.loop-1].kind)
		}
		if c.guarded {
			b.WriteString(" guarded")
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// TestScripts: what rules see of a script.
func TestScripts(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"tail -f /logs/access.log", `["tail" "-f" "/logs/access.log"]`},
		{"a 'b c' \"d $e\" f\\ g # not this\nh", `["a" "b c" "d $e" "f g"]` + "\n" + `["h"]`},
		{"a && b || c; d", `["a"] guarded` + "\n" + `["b"] guarded` + "\n" + `["c"] guarded` + "\n" + `["d"]`},
		{"until nc -z db 1; do sleep 2; done; go", `["nc" "-z" "db" "1"] in until` + "\n" + `["sleep" "2"] in until` + "\n" + `["go"]`},
		{"while true\ndo\n  a | b\ndone", `["true"] in while` + "\n" + `["a"] in while` + "\n" + `["b"] in while`},
		{"if [ ! -d /x ]; then mkdir /x; fi; ls", `["[" "!" "-d" "/x" "]"] guarded` + "\n" + `["mkdir" "/x"] guarded` + "\n" + `["ls"]`},
		{"echo a > /x; echo b >> /y 2>&1; c 2>/dev/null", `["echo" "a"] > /x` + "\n" + `["echo" "b"] >> /y` + "\n" + `["c"]`},
		{"x=$(vault read pki/issue/web) && echo \"$(date +%s) $((1+2))\"", `["vault" "read" "pki/issue/web"]` + "\n" + `["x=$(vault read pki/issue/web)"] guarded` + "\n" +
			`["date" "+%s"]` + "\n" + `["echo" "$(date +%s) $((1+2))"] guarded`},
		{"cat <<EOF > /f\nmkdir /no\nEOF\nmkdir /yes", `["cat"] > /f` + "\n" + `["mkdir" "/yes"]`},
		{"exec /bin/app --x &\nwait $!", `["/bin/app" "--x"]` + "\n" + `["wait" "$!"]`},
		{"case $1 in a) b;; *) c;; esac", `["$1" "in" "a"] guarded` + "\n" + `["b"] guarded` + "\n" + `["*"] guarded` + "\n" + `["c"] guarded`},
		{"", ""},
	} {
		if have := strings.TrimSuffix(shown(parseScript(c.text)), "\n"); have != c.want {
			t.Errorf("%s\nis read as\n%s\nand not as\n%s", c.text, have, c.want)
		}
	}
}

// TestScriptIn: where a command line holds a script.
func TestScriptIn(t *testing.T) {
	for _, c := range []struct {
		words []string
		want  string
		at    int
	}{
		{[]string{"sh", "-c", "a"}, "a", 2},
		{[]string{"/bin/bash", "-ec", "a", "name"}, "a", 2},
		{[]string{"bash", "-euo", "pipefail", "-c", "a"}, "a", 4},
		{[]string{"tini", "--", "sh", "-c", "a"}, "a", 4},
		{[]string{"sh", "/run.sh"}, "", -1},
		{[]string{"sh", "-c"}, "", -1},
		{[]string{"nginx", "-g", "daemon off;"}, "", -1},
		{nil, "", -1},
	} {
		if text, at := scriptIn(c.words); text != c.want || at != c.at {
			t.Errorf("%q: have %q at %d, want %q at %d", c.words, text, at, c.want, c.at)
		}
	}
}

// FuzzScript: any text is read to its end, and loops that are closed have a text.
func FuzzScript(f *testing.F) {
	files, err := filepath.Glob("testdata/rules/*.txtar")
	if err != nil || len(files) == 0 {
		f.Fatal("no seeds", err)
	}
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(archive.Files[0].Data))
	}
	for _, text := range []string{"$(", "`", "<<", "<<-X\n", "2>", "a >&", "\\", "'", "\"\\", "${", "))", "done done", "$($($($($($(x", "<<<", "1>2>3"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		parsed := parseScript(text)
		for _, c := range parsed.calls {
			if len(c.words)+len(c.writes)+len(c.appends) == 0 {
				t.Error("a command of nothing")
			}
		}
		for _, l := range parsed.loops {
			if l.text != "" && (!strings.HasPrefix(l.text, l.kind) || !strings.HasSuffix(l.text, "done")) {
				t.Errorf("a %s loop is %q", l.kind, l.text)
			}
		}
	})
}

// TestFacts: every row of the tables is whole, and is found by an image of its kind.
func TestFacts(t *testing.T) {
	if rows := strings.Count(strings.TrimSpace(strings.ReplaceAll(factLines, "\n\n", "\n")), "\n") + 1; rows != len(facts()) {
		t.Errorf("%d lines make %d facts", rows, len(facts()))
	}
	roles := []role{noRole, logs, metrics, proxy, egress, syncing, secrets}
	for _, fact := range facts() {
		image := strings.ReplaceAll(fact.repository, "*", "some-")
		if have := factOf("registry.example.com/" + image + ":1"); have != fact {
			t.Errorf("%s is taken for %s", image, have.repository)
		}
		if !slices.Contains(roles, fact.role) || (fact.base == "") != (fact.tags == "") {
			t.Errorf("%s has an odd row", fact.repository)
		}
	}
	for _, d := range deadTable() {
		if problem, remedy, ok := strings.Cut(d.advice, "; "); !ok || problem == "" || remedy == "" {
			t.Errorf("%s has no advice of two parts", d.image)
		}
	}
}

// TestBases: what there is in an image depends on its tag.
func TestBases(t *testing.T) {
	for image, want := range map[string]string{
		"fluent/fluent-bit:5.1.1": "none", "fluent/fluent-bit:5.1.1-debug": "", "timberio/vector:0.57.0-alpine": "", "timberio/vector:0.57.0-distroless-static": "none",
		"quay.io/prometheus/memcached-exporter:v0.16.0": "busybox", "gcr.io/distroless/static-debian12:nonroot": "none", "gcr.io/distroless/base:debug": "",
		"localhost:5000/busybox:1.37.0": "busybox", "example.com/app:1": "", "oliver006/redis_exporter:v1-alpine": "", "": "",
	} {
		if have := baseOf(image); have != want {
			t.Errorf("%s: have %q, want %q", image, have, want)
		}
	}
}
