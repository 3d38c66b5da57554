package adversarial

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"
)

// web is a Deployment. What stands in its annotation x, and behind its containers,
// is for the inputs to say.
func web(x, more string) string {
	return "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\n  annotations:\n    x: " + x +
		"\nspec:\n  template:\n    spec:\n      containers:\n      - name: app\n        image: shop/web:1.4\n" + more
}

// note is an object without a pod template.
func note(more string) string {
	return "apiVersion: v1\nkind: Note\nmetadata:\n  name: note\n" + more
}

// inJSON is a Deployment in one line.
func inJSON(more string) string {
	return `{"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"}, ` + more +
		`"spec": {"template": {"spec": {"containers": [{"name": "app", "image": "shop/web:1.4"}]}}}}` + "\n"
}

// deep is the nesting that nobody writes, and 10 too many for go-yaml is more.
const deep, tooDeep = 9_000, 10_010

func around(open, inner, shut string, n int) string {
	return strings.Repeat(open, n) + inner + strings.Repeat(shut, n)
}

// stairs is a block map in a map in a map.
func stairs(n int) string {
	var b strings.Builder
	b.WriteString("stairs:\n")
	for i := range n {
		b.WriteString(strings.Repeat(" ", i+1) + "a:\n")
	}
	return b.String()
}

func TestNesting(t *testing.T) {
	const limit = "exceeded max depth"
	checkAll(t, []input{
		{"list", web("v", "y: "+around("[", "", "]", deep)+"\n"), injected, "formatted anew", ""},
		{"map", web("v", "y: "+around("{a: ", "1", "}", deep/2)+"\n"), injected, "formatted anew", ""},
		{"list too deep", web("v", "y: "+around("[", "", "]", tooDeep)+"\n"), refused, limit, ""},
		{"map too deep", web("v", "y: "+around("{a: ", "1", "}", tooDeep)+"\n"), refused, limit, ""},
		{"list without end", web("v", "y: "+strings.Repeat("[", tooDeep)+"\n"), refused, limit, ""},
		{"list of 100,000", web("v", "y: "+around("[", "", "]", 100_000)+"\n"), refused, limit, ""},
		{"block maps", web("v", stairs(600)), injected, "formatted anew", ""},
		{"block maps too deep", web("v", stairs(tooDeep)), refused, limit, ""},
		{"dashes", web("v", "y:\n"+strings.Repeat("- ", 600)+"a\n"), injected, "formatted anew", ""},
		{"dashes too deep", web("v", "y:\n"+strings.Repeat("- ", tooDeep)+"a\n"), refused, limit, ""},
		{"JSON", inJSON(`"y": ` + around(`[`, "1", `]`, deep) + ", "), injected, "formatted anew", ""},
		{"JSON too deep", inJSON(`"y": ` + around(`{"a": `, "1", "}", tooDeep) + ", "), refused, limit, ""},
		{"JSON without end", strings.Repeat(`{"a": `, tooDeep), refused, limit, ""},
		{"brackets alone", strings.Repeat("[", 1_000_000), refused, limit, ""},
		{"key of lists", web("v", around("[", "", "]", 600)+": y\n"), refused, "could not find expected ':'", ""},
		{"tags", web("v", "y: "+strings.Repeat("!a ", tooDeep)+"b\n"), refused, "did not find expected", ""},
		{"question marks", web("v", "y:\n "+strings.Repeat("? ", tooDeep)+"b\n"), refused, limit, ""},
		{"beside, not read", note("y: " + around("[", "", "]", tooDeep) + "\n"), passed, "selects no workload", ""},
		{"Lists in Lists", lists(200), injected, "", ""},
		{"Lists in Lists, deeper than our reader goes", lists(600), refused, "cannot be told apart", ""},
		{"Lists in Lists too deep", lists(tooDeep), refused, limit, ""},
	})
}

// lists is an object in a List in a List, as JSON.
func lists(n int) string {
	return strings.Repeat(`{"apiVersion": "v1", "kind": "List", "items": [`, n) + strings.TrimSpace(inJSON("")) + strings.Repeat("]}", n) + "\n"
}

// bomb is nine to the power of 40 texts, in 40 lines.
func bomb() string {
	return "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + nine("a%d: &a%d [%s]\n")
}

// mergeBomb is the same of maps that are merged.
func mergeBomb() string {
	return "a0: &a0 {x: x}\n" + nine("a%d: &a%d {<<: [%s]}\n")
}

// nine are lines of which each has nine aliases of the one before.
func nine(line string) string {
	var b strings.Builder
	for i := range 40 {
		fmt.Fprintf(&b, line, i+1, i+1, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d, ", i), 9), ", "))
	}
	return b.String()
}

func TestAliases(t *testing.T) {
	const heavy = "aliases stand for more than"
	inPod := func(more string) string { return "      " + more + "\n" }
	checkAll(t, []input{
		{"bomb beside", web("v", bomb()), refused, heavy, ""},
		{"bomb in another object", note(bomb()) + "---\n" + web("v", ""), injected, "", ""},
		{"bomb in the pod", bomb() + web("v", inPod("volumes: *a40")), refused, heavy, ""},
		{"bomb in the labels", bomb() + strings.Replace(web("v", ""), "  annotations:", "  labels: *a40\n  annotations:", 1), refused, heavy, ""},
		{"bomb for containers", bomb() + strings.Replace(web("v", ""), "containers:\n      - name: app\n        image: shop/web:1.4", "containers: *a40", 1), refused, heavy, ""},
		{"bomb of merges", mergeBomb() + web("v", ""), refused, heavy, ""},
		{"bomb of merges in a container", mergeBomb() + web("v", "        <<: *a40\n"), refused, heavy, ""},
		{"bomb in a List", "apiVersion: v1\nkind: List\n" + bomb() + "items:\n- *a40\n", refused, "", ""},
		{"bomb in JSON", `{"kind": "Pod", "x": &a [1], "y": [*a, *a], "metadata": {"name": "p"}, "apiVersion": "v1", "spec": {"containers": [{"name": "a"}]}}`, injected, "", ""},
		{"itself", web("v", "y: &y\n  z: *y\n"), refused, `unknown anchor "y"`, ""},
		{"itself in a list", web("v", "y: &y [*y]\n"), refused, `unknown anchor "y"`, ""},
		{"itself as pod", strings.Replace(web("v", "      y: *p\n"), "    spec:", "    spec: &p", 1), refused, `unknown anchor "p"`, ""},
		{"itself, quoted elsewhere", web("\"a \\\n      b\"", "y: &y {z: *y}\n"), refused, "anchor", ""},
		{"each other", web("v", "y: &y {z: *z}\nz: &z {y: *y}\n"), refused, `unknown anchor "z"`, ""},
		{"unknown", web("*nobody", ""), refused, `unknown anchor "nobody"`, ""},
		{"from another document", "a: &a v\n---\n" + web("*a", ""), refused, `unknown anchor "a"`, ""},
		{"twice the same anchor", web("&a v", "y: &a w\nz: *a\n"), injected, "", ""},
		{"on nothing", web("&a", "y: *a\n"), injected, "", ""},
		{"without a name", web("& v", ""), refused, "", ""},
		{"alias without a name", web("* v", ""), refused, "", ""},
		{"alias with an anchor", web("&a v", "y: &b *a\n"), refused, "", ""},
		{"alias for a key", web("&a v", "*a : y\n"), injected, "", ""},
		{"merge of a text", web("v", "        <<: text\n"), injected, "", ""},
		{"merge of itself", web("v", "      &s\n      <<: *s\n"), refused, "", ""},
		{"merge twice", web("v", "y: &y {a: 1}\nz:\n  <<: *y\n  <<: *y\n"), injected, "", ""},
		{"10,000 anchors", web("v", many(10_000, "k%d: &n%d v\n")), injected, "", ""},
		{"10,000 aliases", web("&a v", many(10_000, "k%d: *a # %d\n")), injected, "", ""},
	})
}

func many(n int, line string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, line, i, i)
	}
	return b.String()
}

func inUTF16(s string, little bool) string {
	out := []byte{0xfe, 0xff}
	if little {
		out = []byte{0xff, 0xfe}
	}
	for _, u := range utf16.Encode([]rune(s)) {
		if little {
			out = append(out, byte(u), byte(u>>8))
		} else {
			out = append(out, byte(u>>8), byte(u))
		}
	}
	return string(out)
}

func inUTF32(s string) string {
	out := []byte{0, 0, 0xfe, 0xff}
	for _, r := range s {
		out = append(out, byte(r>>24), byte(r>>16), byte(r>>8), byte(r))
	}
	return string(out)
}

func TestBytes(t *testing.T) {
	const control = "control characters are not allowed"
	inputs := []input{
		{"UTF-16 big", inUTF16(web("v", ""), false), refused, "this is UTF-16", ""},
		{"UTF-16 little", inUTF16(web("v", ""), true), refused, "this is UTF-16", ""},
		{"UTF-32", inUTF32(web("v", "")), refused, control, ""},
		{"BOM", "\ufeff" + web("v", ""), injected, "", ""},
		{"BOM in the middle", web("a\ufeffb", ""), injected, "", ""},
		{"BOM in front of a key", web("v", "\ufeffy: 1\n"), injected, "formatted anew", ""},
		{"BOM behind a marker", "---\n\ufeff" + web("v", ""), injected, "", ""},
		{"BOM alone", "\ufeff", passed, "", ""},
		{"lone CR for line ends", strings.ReplaceAll(web("v", ""), "\n", "\r"), injected, "", ""},
		{"CR CR LF", strings.ReplaceAll(web("v", ""), "\n", "\r\r\n"), injected, "", ""},
		{"LF CR", strings.ReplaceAll(web("v", ""), "\n", "\n\r"), injected, "", ""},
		{"CRLF, one LF", strings.Replace(strings.ReplaceAll(web("v", ""), "\n", "\r\n"), "\r\n", "\n", 1), injected, "", ""},
		{"tab for indentation", strings.Replace(web("v", ""), "  name", "\tname", 1), refused, "cannot start any token", ""},
		{"tab in front of a dash", strings.Replace(web("v", ""), "      - name", "\t- name", 1), refused, "", ""},
		{"tab behind a colon", strings.Replace(web("v", ""), "kind: ", "kind:\t", 1), injected, "", ""},
		{"tab behind a dash", strings.Replace(web("v", ""), "- name", "-\tname", 1), refused, "cannot start any token", ""},
		{"tabs between lines", strings.ReplaceAll(web("v", ""), "\n", "\t\n"), injected, "", ""},
		{"form feed", web("a\fb", ""), refused, control, ""},
		{"C1", web("a\u0080b", ""), refused, control, ""},
		{"DEL", web("a\x7fb", ""), refused, control, ""},
		{"NEL", web("a\u0085b", ""), refused, "could not find expected", ""},
		{"line separator", web("a\u2028b", ""), refused, "could not find expected", ""},
		{"paragraph separator", web("a\u2029b", ""), refused, "could not find expected", ""},
		{"surrogate", web("a\xed\xa0\x80b", ""), refused, "invalid Unicode character", ""},
		{"overlong", web("a\xc0\xafb", ""), refused, "UTF-8", ""},
		{"beyond Unicode", web("a\xf5\x80\x80\x80b", ""), refused, "invalid Unicode character", ""},
		{"cut rune", web("a\xe2\x82", ""), refused, "UTF-8", ""},
		{"U+FFFE", web("a\ufffeb", ""), refused, control, ""},
		{"U+FFFF", web("a\uffffb", ""), refused, control, ""},
		{"right to left", web("a\u202eb", ""), injected, "", ""},
		{"zero width key", strings.Replace(web("v", ""), "template:", "templ\u200bate:", 1), passed, "", ""},
		{"invalid where nobody reads", note("y: \xff\n"), passed, "", ""},
		{"NUL where nobody reads", note("y: a\x00b\n"), passed, "", ""},
		{"NULs alone", strings.Repeat("\x00", 1000), refused, control, ""},
		{"invalid in a key", web("v", "\xff: y\n"), refused, "UTF-8", ""},
		{"invalid in a comment", web("v", "# \xff\n"), refused, "UTF-8", ""},
		{"NUL in a comment", web("v", "# \x00\n"), refused, control, ""},
		{"an ELF binary", "\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00>\x00", refused, control, ""},
		{"a gzip file", "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xcbH\xcd\xc9\xc9\x07\x00", refused, "", ""},
	}
	for c := range 0x20 {
		if s := string(rune(c)); !strings.ContainsAny(s, "\t\n\r\f") {
			inputs = append(inputs, input{fmt.Sprintf("control %02x", c), web("a"+s+"b", ""), refused, control, ""})
		}
	}
	for _, b := range []byte{0x80, 0xbf, 0xc1, 0xe0, 0xf8, 0xfe, 0xff} {
		inputs = append(inputs, input{fmt.Sprintf("byte %02x", b), web("a"+string([]byte{b})+"b", ""), refused, "UTF-8", ""})
	}
	checkAll(t, inputs)
}
