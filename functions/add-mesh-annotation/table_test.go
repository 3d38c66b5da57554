package meshannotation

import (
	"slices"
	"strings"
	"testing"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
)

// TestWords: every key can be one, and has a place and a format.
func TestWords(t *testing.T) {
	for _, m := range meshes() {
		for key, w := range m.words() {
			if wrong := config.LabelKey(strings.TrimSuffix(key, "-")); wrong != "" {
				t.Errorf("%s: %s %s", m.name, key, wrong)
			}
			if w.pod == nowhere && w.namespace == nowhere {
				t.Errorf("%s: %s stands nowhere", m.name, key)
			}
			if len(w.format.words) == 0 && w.format.check == nil {
				t.Errorf("%s: %s has no format", m.name, key)
			}
		}
	}
}

// TestMeshes: what the table says of a mesh fits together.
func TestMeshes(t *testing.T) {
	for _, m := range meshes() {
		words := m.words()
		for _, key := range []string{m.native, m.nameKey} {
			if w := words[key]; key != "" && w.field == "" {
				t.Errorf("%s: no field stands for %s", m.name, key)
			}
		}
		for _, tg := range []toggle{m.pod, m.namespace} {
			if on, known := tg.means(tg.value(true)); tg.key != "" && (!on || !known) {
				t.Errorf("%s: %s is not on", m.name, tg.value(true))
			}
			if on, known := tg.means(tg.value(false)); tg.key != "" && (on || !known) {
				t.Errorf("%s: %s is not off", m.name, tg.value(false))
			}
		}
		if m.redirects && len(m.proxy.Ports) == 0 {
			t.Errorf("%s: has no ports", m.name)
		}
	}
}

// TestDeprecations: an old key is not a word of its mesh, and a new one is.
func TestDeprecations(t *testing.T) {
	for _, d := range deprecations() {
		m, ok := meshNamed(d.mesh)
		words := m.words()
		if _, isWord := words[d.key]; !ok || isWord {
			t.Errorf("%s of %s is in use", d.key, d.mesh)
		}
		w, isWord := words[d.by]
		if (d.by == "") == (d.advice == "") || d.by != "" && !isWord {
			t.Errorf("%s: %q is no way out", d.key, d.instead())
		}
		for old, value := range d.values {
			if wrong := w.format.value(d.value(old)); wrong != "" {
				t.Errorf("%s: %s, which stands for %s, %s", d.key, value, old, wrong)
			}
		}
		if d.unit != "" && w.format.value(d.value("16")) != "" {
			t.Errorf("%s: 16%s is no value of %s", d.key, d.unit, d.by)
		}
	}
}

// TestAliases: other names lead to meshes, or to why there is none.
func TestAliases(t *testing.T) {
	for alias, name := range aliases() {
		if _, dead := unusable()[name]; !dead && !slices.Contains(meshNames(), name) {
			t.Errorf("%s leads to %s, which is nothing", alias, name)
		}
	}
}

func TestFormats(t *testing.T) {
	for _, c := range []struct{ format, good, bad string }{
		{"ports", "8200, 9090", "8200,"},
		{"ports", "65535", "8000-8100"},
		{"ports-or-all", "*", "*,80"},
		{"ports-or-all", "", "70000"},
		{"port-ranges", "80,8000-8100", "8100-8000"},
		{"port-ranges", "1-65535", "1-70000"},
		{"port-names", "mysql,3306,1-2", "my_sql"},
		{"cidrs", "10.0.0.0/8,2001:db8::/32", "10.0.0.0/8, 10.1.0.0/16"},
		{"cidrs-or-all", "", "10.0.0.1"},
		{"addresses", "10.0.0.1,10.0.0.0/8", "host"},
		{"quantity", "0.5", "0"},
		{"duration", "1m30s", "30"},
		{"ratio", "1", "0"},
		{"component-levels", "http:debug,upstream:info", "http=debug"},
		{"component-levels", "http:off", "http:quiet"},
		{"env-commas", "A=1,B=2", "A"},
		{"env-semicolons", "A=1;B=2", "A=1;B"},
		{"env-semicolons", "A=1", "A=1=2"},
		{"mounts", "data:/data,logs:/logs", "data"},
		{"upstreams", "db:5432,cache.shop:6379:dc2,prepared_query:near:1234", "db:x"},
		{"host-ports", "a:1,b:2", "a"},
		{"ports-of-users", "tcp:80,443:1000;udp:53:1000-1010;1000;*:*:0", "tcp:80"},
		{"ports-of-users", "80-90:106,108", "tcp:80:app"},
		{"choice", "True", "-x"},
		{"choice", "shop/otel", "Shop"},
		{"app-id", strings.Repeat("a", 58), "shop.web"},
		{"json", `[{"name": "data"}]`, "[{"},
		{"parsed-bool", "T", "yes"},
		{"truth", "yes", "ja"},
		{"kuma-bool", "no", "No"},
		{"kuma-switch", "enabled", "on"},
		{"a|b", "b", "c"},
	} {
		f := formatOf(c.format, formats())
		if wrong := f.value(c.good); wrong != "" {
			t.Errorf("%s refuses %q: %s", c.format, c.good, wrong)
		}
		if f.value(c.bad) == "" {
			t.Errorf("%s takes %q", c.format, c.bad)
		}
	}
}

// TestMended: what is certain is mended, and nothing else.
func TestMended(t *testing.T) {
	for _, c := range []struct{ format, text, want string }{
		{"true|false", "True", "true"},
		{"true|false", "yes", "true"},
		{"true|false", " off ", "false"},
		{"true|false", "ture", ""},
		{"enabled|disabled", "true", "enabled"},
		{"enabled|disabled", "0", "disabled"},
		{"REDIRECT|TPROXY|NONE", "tproxy", "TPROXY"},
		{"REDIRECT|TPROXY|NONE", "off", ""},
		{"cidrs", "10.0.0.0/8, 10.1.2.3", "10.0.0.0/8,10.1.2.3/32"},
		{"cidrs", "10.0.0.0/8, shop", ""},
		{"quantity", " 100m", "100m"},
		{"quantity", "100 m", ""},
		{"ports", "80;81", ""},
	} {
		got, ok := formatOf(c.format, formats()).mended(c.text)
		if got != c.want || ok != (c.want != "") {
			t.Errorf("%s: %q is mended to %q, want %q", c.format, c.text, got, c.want)
		}
	}
}
