package adversarial

import (
	"strings"
	"testing"
)

// TestYAML: what is YAML, but not what anybody means; and what nearly is.
func TestYAML(t *testing.T) {
	whole := web("v", "")
	checkAll(t, []input{
		{"1e3", web("1e3", ""), injected, "", ""},
		{"yes", web("yes", ""), injected, "", ""},
		{"off", web("off", ""), injected, "", ""},
		{"date", web("2026-01-01", ""), injected, "", ""},
		{"sexagesimal", web("12:30:45", ""), injected, "", ""},
		{"octal", web("0o17", ""), injected, "", ""},
		{"huge number", web(strings.Repeat("9", 5000), ""), injected, "", ""},
		{"infinity", web(".inf", ""), injected, "", ""},
		{"null", web("~", ""), injected, "", ""},
		{"binary", web("!!binary aGVsbG8=", ""), injected, "", ""},
		{"broken binary", web("!!binary ###", ""), injected, "", ""},
		{"foreign tag", web("!include secrets.yaml", ""), injected, "", ""},
		{"Python's tag", web("!!python/object/apply:os.system ['touch canary']", ""), injected, "", ""},
		{"tag of a type that it is not", web("!!int abc", ""), injected, "", ""},
		{"set", web("v", "y: !!set {a, b}\n"), injected, "", ""},
		{"ordered map", web("v", "y: !!omap [a: 1, b: 2]\n"), injected, "", ""},
		{"complex key", web("v", "? [a, b]\n: c\n"), refused, "stands for a key", ""},
		{"map for a key", web("v", "? {a: b}\n: c\n"), refused, "stands for a key", ""},
		{"null key", web("v", ": c\n"), refused, "did not find expected key", ""},
		{"number for a key", web("v", "1: c\n"), injected, "", ""},
		{"merge key alone", web("v", "<<: {a: b}\n"), injected, "", ""},
		{"kind in a merge", "x: &x {apiVersion: v1, kind: Pod}\n<<: *x\nmetadata: {name: p}\nspec: {containers: [{name: a}]}\n", injected, "", ""},
		{"key of 2,000", web("v", strings.Repeat("k", 2000)+": v\n"), refused, "could not find expected ':'", ""},
		{"quoted key of 2,000", web("v", `"`+strings.Repeat("k", 2000)+"\": v\n"), refused, "could not find expected ':'", ""},
		{"explicit key of 2,000", web("v", "? "+strings.Repeat("k", 2000)+"\n: v\n"), injected, "formatted anew", ""},
		{"empty key", web("v", "\"\": v\n"), injected, "", ""},
		{"duplicate key", web("v", "spec: {}\n"), refused, `key "spec" is defined twice`, ""},
		{"duplicate kind", web("v", "kind: Deployment\n"), refused, `key "kind" is defined twice`, ""},
		{"duplicate containers", web("v", "      containers: []\n"), refused, `key "containers" is defined twice`, ""},
		{"duplicate, quoted", web("v", "\"spec\": {}\n"), refused, `key "spec" is defined twice`, ""},
		{"duplicate in flow", web("{a: 1, a: 2}", ""), refused, `key "a" is defined twice`, ""},
		{"duplicate in JSON", inJSON(`"spec": {}, `), refused, `key "spec" is defined twice`, ""},
		{"marker in a block text", web("|\n      a\n      ---\n      b", ""), injected, "", ""},
		{"marker in a quoted text", web("\"a\n---\nb\"", ""), refused, "found unexpected end of stream", ""},
		{"marker at the end", whole + "---\n", injected, "", ""},
		{"markers alone", "---\n---\n---\n", passed, "", ""},
		{"dots alone", "...\n...\n", passed, "", ""},
		{"dots behind", whole + "...\n", injected, "", ""},
		{"dots, then another", whole + "...\n" + whole, injected, "", ""},
		{"marker with a tag", "--- !!map\n" + whole, injected, "", ""},
		{"marker with an anchor", "--- &a\n" + whole, injected, "", ""},
		{"marker with a text", "--- text\n---\n" + whole, injected, "", ""},
		{"four dashes", "----\n" + whole, refused, "", ""},
		{"dashes and dots", "---...\n" + whole, refused, "", ""},
		{"directive", "%YAML 1.1\n---\n" + whole, injected, "", ""},
		{"directive of another version", "%YAML 9.9\n---\n" + whole, injected, "", ""},
		{"directive without a document", "%YAML 1.1\n", passed, "", ""},
		{"directive twice", "%YAML 1.1\n%YAML 1.1\n---\n" + whole, injected, "", ""},
		{"tag directive", "%TAG ! tag:example.com,2000:\n---\n" + whole, injected, "", ""},
		{"unknown directive", "%FOO bar\n---\n" + whole, injected, "", ""},
		{"JSON with comments", "{\n  // a comment\n  \"kind\": \"Pod\"\n}\n", refused, "", ""},
		{"JSON with a comma too many", strings.Replace(inJSON(""), "]}}}}", "],}}}}", 1), injected, "", ""},
		{"JSON with single quotes", strings.ReplaceAll(inJSON(""), `"`, `'`), injected, "", ""},
		{"JSON in two lines", inJSON("") + inJSON(""), refused, "", ""},
		{"JSON with NaN", inJSON(`"x": NaN, `), injected, "", ""},
		{"JSON with a surrogate", inJSON(`"x": "\ud83d\ude00", `), refused, "", ""},
		{"JSON with a slash", inJSON(`"x": "a\/b", `), refused, "unknown escape", ""},
		{"JSON with tabs", strings.ReplaceAll(inJSON(""), " ", "\t"), injected, "formatted anew", ""},
		{"flow without end", web("v", "y: [a, b\n"), refused, "", ""},
		{"flow with another end", web("v", "y: [a, b}\n"), refused, "", ""},
		{"flow with commas", web("v", "y: [a,, b]\n"), refused, "", ""},
		{"flow over lines", web("v", "y: [a,\n  b]\n"), injected, "", ""},
		{"flow, indented less", web("[a,\nb]", ""), injected, "", ""},
		{"quote without end", web(`"v`, ""), refused, "", ""},
		{"single quote without end", web(`'v`, ""), refused, "", ""},
		{"text behind a quote", web(`"v" w`, ""), refused, "", ""},
		{"unknown escape", web(`"\q"`, ""), refused, "", ""},
		{"colon in a text", web("a: b", ""), refused, "", ""},
		{"backquote", web("`a`", ""), refused, "", ""},
		{"at sign", web("@a", ""), refused, "", ""},
		{"percent", web("%a", ""), refused, "", ""},
		{"Go template", web("{{ .Values.x }}", ""), refused, "have to be rendered first", ""},
		{"Go template around", "{{- if .x }}\n" + whole + "{{- end }}\n", refused, "", ""},
		{"Go template in an object that nobody reads", note("y: {{ .x }}\n"), passed, "", ""},
		{"shell", "#!/bin/sh\nset -eu\necho $HOME\n", passed, "", ""},
		{"HTML", "<!DOCTYPE html>\n<html><body>404: not found</body></html>\n", refused, "", ""},
		{"a text alone", "hello\n", passed, "", ""},
		{"a list alone", "- a\n- b\n", passed, "", ""},
		{"a number alone", "1\n", passed, "", ""},
		{"a comment alone", "# nothing\n", passed, "", ""},
		{"nothing", "", passed, "", ""},
		{"blanks", " \n\t\n  ", passed, "", ""},
		{"indented", indented(whole), injected, "", ""},
		{"indented behind a marker", "---\n" + indented(whole), injected, "", ""},
		{"indented less and less", "    a: 1\n  b: 2\n", refused, "", ""},
		{"indented too far", strings.Replace(whole, "  name: web", "     name: web", 1), refused, "", ""},
		{"indentation of one list", strings.Replace(whole, "      - name", "    - name", 1), refused, "", ""},
		{"indicator too large", web("|9\n      a", ""), refused, "", ""},
		{"indicator 0", web("|0\n      a", ""), refused, "", ""},
		{"chomped twice", web("|+-\n      a", ""), refused, "", ""},
		{"block text of blanks", web("|\n         \n      a", ""), refused, "", ""},
		{"folded text", web(">-\n      a\n\n\n      b", ""), injected, "", ""},
		{"kept line ends", web("|+\n      a\n\n\n", ""), injected, "", ""},
		{"no line end", strings.TrimSuffix(whole, "\n"), injected, "", ""},
		{"line ends behind", whole + strings.Repeat("\n", 1000), injected, "", ""},
		{"comments behind", whole + strings.Repeat("# c\n", 1000), injected, "", ""},
		{"hidden kind", "apiVersion: v1\n\"\\u006bind\": Pod\nmetadata: {name: p}\nspec: {containers: [{name: a}]}\n", injected, "", ""},
		{"kind with a tag", "apiVersion: v1\n!!str kind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: a}]}\n", injected, "", ""},
		{"kind by an alias", "apiVersion: v1\nx: &k kind\n*k : Pod\nmetadata: {name: p}\nspec: {containers: [{name: a}]}\n", passed, "", ""},
		{"kind on the next line", strings.Replace(whole, "kind: ", "kind:\n  ", 1), injected, "", ""},
		{"kind in a quoted text", "apiVersion: v1\nx: \"\nkind: Note\n\"\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: a}]}\n", injected, "", ""},
	})
}

func indented(text string) string {
	return "  " + strings.ReplaceAll(strings.TrimSuffix(text, "\n"), "\n", "\n  ") + "\n"
}

// TestCut: a file that ends at any of its lines is half a document. Whatever is
// left of it is YAML, or is not.
func TestCut(t *testing.T) {
	whole := note("") + "---\n" + web("v", "        ports:\n        - {containerPort: 80}\n      volumes: []\n")
	var inputs []input
	for end := 25; end < len(whole); end += 13 {
		inputs = append(inputs, input{name: whole[max(0, end-8):end], text: whole[:end]})
	}
	checkAnswers(t, "cut", inputs)
}
