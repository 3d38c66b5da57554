package adversarial

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// item is a text as an item of a block list.
func item(text string) string {
	return "-" + indented(text)[1:]
}

// resourceList is what a host sends to a function.
func resourceList(config, items string) string {
	return "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nfunctionConfig:\n" + indented(config) + "items:\n" + items
}

// TestLists: Lists are taken apart wherever a host would do so.
func TestLists(t *testing.T) {
	list := func(items string) string { return "apiVersion: v1\nkind: List\nitems:\n" + items }
	whole := web("v", "")
	checkAll(t, []input{
		{"List in a List", list(item(list(item(whole)))), injected, "", ""},
		{"ten Lists", strings.Repeat("{apiVersion: v1, kind: List, items: [", 10) + strings.TrimSpace(inJSON("")) + strings.Repeat("]}", 10) + "\n", injected, "", ""},
		{"empty", list(""), passed, "", ""},
		{"null", "apiVersion: v1\nkind: List\nitems: null\n", passed, "", ""},
		{"a text for items", "apiVersion: v1\nkind: List\nitems: x\n", passed, "", ""},
		{"a map for items", "apiVersion: v1\nkind: List\nitems: {a: b}\n", passed, "", ""},
		{"odd items", list("- null\n- x\n- 1\n- []\n- {}\n" + item(whole)), injected, "", ""},
		{"items twice", list(item(whole)) + "items: []\n", refused, `key "items" is defined twice`, ""},
		{"items quoted", strings.Replace(list(item(whole)), "items", `"items"`, 1), injected, "", ""},
		{"an alias of an item", strings.Replace(list(item(whole)), "- api", "- &a\n  api", 1) + "- *a\n", injected, "", ""},
		{"an alias of what stands elsewhere", "x: &a " + strings.TrimSpace(inJSON("")) + "\n" + list("- *a\n- *a\n"), injected, "", ""},
		{"an alias out of order", "x: &a " + strings.TrimSpace(inJSON("")) + "\n" + list("- "+inJSON("")+"- *a\n"), refused, "cannot be told apart", ""},
		{"keys that only kyaml reads", "apiVersion: v1\nkind: List\n? items\n:\n" + indented(item(whole)), refused, "cannot be told apart", ""},
		{"a line separator in JSON", strings.Replace(lists(1), `"v1",`, "\"v1\", \"x\": \"a\u2028b\",", 1), refused, "cannot be told apart", ""},
		{"typed", "apiVersion: apps/v1\nkind: DeploymentList\nitems:\n" + item(strings.Replace(whole, "apiVersion: apps/v1\nkind: Deployment\n", "", 1)), injected, "", ""},
		{"typed, of another kind", "apiVersion: apps/v1\nkind: DeploymentList\nitems:\n" + item(note("")), passed, "", ""},
		{"items of a Deployment", whole + "items: []\n", injected, "", ""},
		{"ResourceList in a stream", resourceList(logs, item(whole)), injected, "", ""},
		{"ResourceList as an item", list(item(resourceList(logs, item(whole)))), injected, "", ""},
		{"ResourceList as the second document", note("") + "---\n" + resourceList(logs, item(whole)), injected, "", ""},
		{"ResourceList, empty", resourceList(logs, ""), passed, "", ""},
		{"the same object twice", whole + "---\n" + whole, injected, "", ""},
		{"a thousand times the same object", strings.Repeat(whole+"---\n", 1000), injected, "", ""},
		{"one namespace and none", whole + "---\n" + strings.Replace(whole, "name: web", "name: web\n  namespace: default", 1), injected, "", ""},
		{"100,000 documents", strings.Repeat(note("")+"---\n", 100_000), passed, "", ""},
		{"100,000 markers", strings.Repeat("---\n", 100_000), passed, "", ""},
		{"a million ends", whole + strings.Repeat("...\n", 1_000_000), injected, "", ""},
		{"10,000 items", list(strings.Repeat(item(note("")), 10_000) + item(whole)), injected, "", ""},
	})
}

// TestBig: what is long in one place, where the time must not grow with the square
// of the length.
func TestBig(t *testing.T) {
	const n = 20_000
	whole := web("v", "")
	checkAll(t, []input{
		{"keys", web("v", many(n, "k%d: v # %d\n")), injected, "", ""},
		{"annotations", web("v\n"+strings.TrimSuffix(many(n, "    k%d: v%d\n"), "\n"), ""), injected, "", ""},
		{"variables", web("v", "        env:\n"+many(n, "        - {name: E%d, value: v%d}\n")), injected, "", ""},
		{"mounts", web("v", "        volumeMounts:\n"+many(n, "        - {name: v%d, mountPath: /m/%d}\n")), injected, "", ""},
		{"volumes", web("v", "      volumes:\n"+many(n, "      - {name: v%d, emptyDir: {sizeLimit: %dMi}}\n")), injected, "", ""},
		{"containers", web("v", many(2000, "      - {name: c%d, image: i%d}\n")), injected, "", ""},
		{"JSON", inJSON(`"x": {` + strings.TrimSuffix(many(n, `"k%d": %d,`), ",") + "}, "), injected, "", ""},
		{"a plain text of many lines", web("v"+strings.Repeat("\n      w", 200_000), ""), injected, "", ""},
		{"a quoted text of many lines", web("'v"+strings.Repeat("\n\n      w", 200_000)+"'", ""), injected, "", ""},
		{"a quoted text without end", web("\""+strings.Repeat("v: w\n", 200_000), ""), refused, "", ""},
		{"a block text of many lines", web("|"+strings.Repeat("\n      w", 500_000), ""), injected, "", ""},
		{"a text of many escapes", web(`"`+strings.Repeat(`\n`, 500_000)+`"`, ""), injected, "", ""},
		{"one line", web(strings.Repeat("v", 8<<20), ""), injected, "", ""},
		{"one line of one list", web("v", "y: ["+strings.Repeat("a,", 500_000)+"]\n"), injected, "", ""},
		{"one line, no YAML", web("v", "y: ["+strings.Repeat("a,", 500_000)+"\n"), refused, "", ""},
		{"blanks behind a key", web(strings.Repeat(" ", 4<<20)+"v", ""), injected, "", ""},
		{"empty lines", whole + strings.Repeat("\n", 4<<20), injected, "", ""},
		{"comments in front", strings.Repeat("# c\n", 500_000) + whole, injected, "", ""},
		{"tabs", web("v"+strings.Repeat("\t", 500_000), ""), injected, "", ""},
		{"a word", strings.Repeat("v", 8<<20), passed, "", ""},
		{"a key", web("v", strings.Repeat("k", 4<<20)+": v\n"), refused, "", ""},
	})
}

// TestResourceList: what hosts send, and should not. The answer is a list with the
// same items, or none at all.
func TestResourceList(t *testing.T) {
	whole := item(web("v", ""))
	inner := item(resourceList(logs, whole))
	cases := []struct {
		name, list string
		want       verdict
		says       string
	}{
		{"no functionConfig", "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n" + whole, refused, "there is no functionConfig"},
		{"null functionConfig", "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nfunctionConfig: null\nitems:\n" + whole, refused, "functionConfig"},
		{"a text for the functionConfig", "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nfunctionConfig: x\nitems:\n" + whole, refused, "functionConfig"},
		{"a list for the functionConfig", "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nfunctionConfig: [x]\nitems:\n" + whole, refused, "functionConfig"},
		{"two functionConfigs", resourceList(logs, whole) + "functionConfig: {}\n", refused, `key "functionConfig" is defined twice`},
		{"a functionConfig of no function", resourceList(note(""), whole), refused, `kind "Note" names no function`},
		{"a functionConfig that is a workload", resourceList(web("v", ""), whole), refused, `kind "Deployment" names no function`},
		{"a ResourceList for the functionConfig", resourceList(resourceList(logs, ""), whole), refused, `kind "ResourceList" names no function`},
		{"a ResourceList in a ResourceList", resourceList(logs, inner), injected, ""},
		{"three of them", resourceList(logs, item(resourceList(logs, inner))), injected, ""},
		{"two documents", resourceList(logs, whole) + "---\n" + resourceList(logs, whole), injected, ""},
		{"the config is an item too", resourceList(logs, item(logs)+whole), injected, ""},
		{"a config that targets itself", resourceList(strings.Replace(logs, "spec:", "spec:\n  target: {kinds: [AddLogSidecar], templatePaths: [{group: krm-sidecars.dev, kind: AddLogSidecar, path: spec}]}", 1), item(logs)), injected, "no-containers"},
		{"items: null", strings.Replace(resourceList(logs, ""), "items:\n", "items: null\n", 1), injected, "selects no workload"},
		{"items: text", strings.Replace(resourceList(logs, ""), "items:\n", "items: x\n", 1), refused, "items"},
		{"items: map", strings.Replace(resourceList(logs, ""), "items:\n", "items: {}\n", 1), refused, "items"},
		{"no items", strings.Replace(resourceList(logs, ""), "items:\n", "", 1), injected, "selects no workload"},
		{"items twice", resourceList(logs, whole) + "items: []\n", refused, `key "items" is defined twice`},
		{"results that are a text", resourceList(logs, whole) + "results: x\n", injected, ""},
		{"results that are broken", resourceList(logs, whole) + "results: [\n", refused, ""},
		{"JSON", `{"apiVersion": "config.kubernetes.io/v1", "kind": "ResourceList", "functionConfig": {"apiVersion": "krm-sidecars.dev/v1alpha1", "kind": "AddLogSidecar", "metadata": {"name": "logs"}, "spec": {"logs": [{"paths": ["/a/b.log"]}]}}, "items": [` + strings.TrimSpace(inJSON("")) + "]}", injected, ""},
		{"JSON that only kyaml reads", `{"apiVersion": "config.kubernetes.io/v1", "kind": "ResourceList", "x": {a}, "items": [` + strings.TrimSpace(inJSON("")) + "]}", refused, "cannot be told apart"},
		{"JSON that was cut off", `{"apiVersion": "config.kubernetes.io/v1", "kind": "ResourceList", "items": [`, refused, ""},
		{"a stream", web("v", ""), refused, "expected a ResourceList"},
		{"nothing", "", refused, "no input"},
		{"a text", "hello", refused, "expected a ResourceList"},
		{"bytes", "\x00\x01\xff", refused, ""},
		{"an alias bomb", resourceList(logs, whole) + bomb(), injected, ""},
		{"an alias bomb in an item", resourceList(logs, item(web("v", bomb()))), refused, "aliases stand for"},
		{"an alias bomb in the functionConfig", resourceList(logs+bomb(), whole), refused, "aliases stand for"},
		{"an item that is no YAML", resourceList(logs, whole+item(web("v", "y: [\n"))), refused, ""},
		{"an item that is null", resourceList(logs, whole+"- null\n"), injected, ""},
		{"an item that is a list", resourceList(logs, whole+"- [a]\n"), injected, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t, nil)
			a := d.run(strings.NewReader(c.list))
			got := d.answers(c.list, a)
			counted.add(got)
			if got != c.want || !strings.Contains(a.stderr, c.says) {
				t.Errorf("%s, want %s and %q:\n%.600s", got, c.want, c.says, a.stderr)
			}
		})
	}
}

// answers judges the answer to a ResourceList.
func (d *desk) answers(list string, a answer) verdict {
	d.t.Helper()
	if a.code != 0 {
		if a.stdout != "" && !strings.HasPrefix(a.stdout, strings.TrimRight(strings.SplitN(list, "results:", 2)[0], "]}\n")) {
			d.t.Errorf("refused, and the items are not as they came:\n%.600s", cmp.Diff(list, a.stdout))
		}
		return refused
	}
	if strings.TrimSpace(a.stdout) == "" {
		d.t.Error("exit 0 without an answer is an order to delete everything")
	}
	if a.stdout == list {
		return passed
	}
	if again := d.run(strings.NewReader(a.stdout)); again.code != 0 || again.stdout != a.stdout {
		d.t.Errorf("a second run, exit %d, changes (-once +twice):\n%.600s", again.code, cmp.Diff(a.stdout, again.stdout))
	}
	if !isYAML(a.stdout) {
		d.t.Errorf("the answer is no YAML:\n%.600s", a.stdout)
	}
	return injected
}

// TestNames: names of objects and containers at and beyond their limits, and those
// that mean something elsewhere.
func TestNames(t *testing.T) {
	var inputs []input
	for _, n := range []int{1, 62, 63, 64, 252, 253, 254, 255, 1000, 5000} {
		long := strings.Repeat("n", n)
		inputs = append(inputs,
			input{name: fmt.Sprint("object ", n), text: strings.Replace(web("v", ""), "name: web", "name: "+long, 1)},
			input{name: fmt.Sprint("namespace ", n), text: strings.Replace(web("v", ""), "name: web", "name: web\n  namespace: "+long, 1)},
			input{name: fmt.Sprint("container ", n), text: strings.Replace(web("v", ""), "name: app", "name: "+long, 1)},
			input{name: fmt.Sprint("label ", n), text: strings.Replace(web("v", ""), "  annotations", "  labels: {"+long+": "+long+"}\n  annotations", 1)},
			input{name: fmt.Sprint("config ", n), text: web("v", ""), config: strings.Replace(logs, "name: logs", "name: "+long, 1)},
			input{name: fmt.Sprint("sidecar ", n), text: web("v", ""), config: logs + "  container: {name: " + long + "}\n"},
			input{name: fmt.Sprint("path ", n), text: web("v", ""), config: strings.Replace(logs, "/var/log/app", "/var/log/"+long, 1)},
			input{name: fmt.Sprint("exporter of ", n), text: strings.NewReplacer("name: web", "name: "+long, "  template:", "  template:\n    metadata: {labels: {app: web}}").Replace(web("v", "")), config: exporter("preset: redis, discovery: {podMonitor: {}}")},
		)
	}
	for _, odd := range []string{`""`, "null", "1", "true", "[]", "{}", `"a b"`, "A", "a_b", "a..b", "../../etc/passwd", "a/b", "-a", "a-", `"\n"`, `"a\u0000b"`, "ü", "🚀", `"*"`, "$(NAME)", "${NAME}", `"{{ .Name }}"`, "'%s%n'"} {
		inputs = append(inputs,
			input{name: "object " + odd, text: strings.Replace(web("v", ""), "name: web", "name: "+odd, 1)},
			input{name: "container " + odd, text: strings.Replace(web("v", ""), "name: app", "name: "+odd, 1)},
			input{name: "config " + odd, text: web("v", ""), config: strings.Replace(logs, "name: logs", "name: "+odd, 1)},
			input{name: "sidecar " + odd, text: web("v", ""), config: logs + "  container: {name: " + odd + "}\n"},
			input{name: "path " + odd, text: web("v", ""), config: strings.Replace(logs, "/var/log/app/app.log", odd, 1)},
		)
	}
	checkAnswers(t, "names", inputs)
}

func exporter(spec string) string {
	return "apiVersion: krm-sidecars.dev/v1alpha1\nkind: AddExporter\nmetadata: {name: metrics}\nspec: {" + spec + "}\n"
}

// TestPorts: numbers that are no ports.
func TestPorts(t *testing.T) {
	var inputs []input
	for _, port := range []string{"0", "1", "-1", "65535", "65536", "1000000000", "4294967296", "9223372036854775807", "9223372036854775808", "99999999999999999999",
		"1e9", "1e2", "9121.0", "9121.5", "0x50", "08080", "0o20", "1_000", `"9121"`, `" 9121"`, "+9121", "auto", "http", "null", "true", "[9121]", "{port: 9121}", "9121abc", ".inf", ".nan", `"９１２１"`} {
		inputs = append(inputs,
			input{name: "exporter " + port, text: web("v", ""), config: exporter("preset: redis, port: " + port)},
			input{name: "native " + port, text: web("v", ""), config: exporter("preset: native, port: " + port)},
			input{name: "app has " + port, text: web("v", "        ports: [{containerPort: "+port+"}]\n"), config: exporter("preset: redis")},
			input{name: "app has " + port + ", auto", text: web("v", "        ports: [{containerPort: "+port+"}]\n"), config: exporter("preset: redis, port: auto")},
			input{name: "mesh " + port, text: web("v", ""), config: "apiVersion: krm-sidecars.dev/v1alpha1\nkind: AddMeshAnnotation\nmetadata: {name: mesh}\nspec: {mesh: istio, istio: {excludeInboundPorts: [" + port + "]}}\n"},
		)
	}
	checkAnswers(t, "ports", inputs)
}
