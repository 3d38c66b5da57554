package patches

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/krm-sidecars/krm-sidecars/pkg/emit"
)

const logs = `apiVersion: krm-sidecars.dev/v1alpha1
kind: AddLogSidecar
metadata: {name: logs}
spec:
  logs: [{paths: [/var/log/app/app.log]}]
`

// web is a Deployment with some metadata and spec.
func web(metadata, spec string) string {
	return fmt.Sprintf(`apiVersion: apps/v1
kind: Deployment
metadata: {%s}
spec:
  %s
  template:
    metadata:
      labels: {app: web}
    spec:
      containers:
      - name: app
        image: app
`, metadata, spec)
}

func stream(documents ...string) string { return strings.Join(documents, "---\n") }

// TestG2_Cases: what corpora do not hold.
func TestG2_Cases(t *testing.T) {
	for name, c := range map[string]struct{ config, text string }{
		"a dot in a name is no other character": {
			config: logs + "  target: {names: [web.v1]}\n",
			text:   stream(web("name: web.v1", "replicas: 1"), web("name: web-v1", "replicas: 2")),
		},
		"a name in several namespaces, and in none": {
			config: logs + "  target: {exclude: {namespaces: [a, b]}}\n",
			text:   stream(web("name: web, namespace: a", ""), web("name: web", ""), web("name: web, namespace: b", "")),
		},
		"a Service of the core and one of Knative": {
			config: read(t, "../properties/testdata/configs/exporter-service-monitor.yaml"),
			text: stream(strings.Replace(web("name: web", ""), "image: app", "image: redis:8", 1), `apiVersion: v1
kind: Service
metadata: {name: web, labels: {app: web}}
spec: {selector: {app: web}, ports: [{port: 80, name: http}]}
`, `apiVersion: serving.knative.dev/v1
kind: Service
metadata: {name: web}
spec: {ports: [{port: 80, name: http}]}
`),
		},
		"numbers and texts of YAML 1.1": {
			config: logs,
			text:   web(`name: web, annotations: {a: "0x10", b: 'yes', c: "~", d: 1e3x}`, "replicas: 0x2\n  revisionHistoryLimit: 012\n  paused: no"),
		},
		"anchors and merge keys": {
			config: logs,
			text: web("name: web", "minReadySeconds: &n 5") + `        env: &env
        - &one {name: A, value: x}
        - {<<: *one, name: B}
      - name: second
        image: app
        env: *env
`,
		},
		"configs among the items, which are dropped": {
			config: "apiVersion: krm-sidecars.dev/v1alpha1\nkind: InjectSidecars\nmetadata: {name: all}\nspec: {fromItems: {kinds: [AddLogSidecar], drop: true}}\n",
			text:   stream(web("name: web", ""), logs),
		},
		"a variable that is extended, with characters that JSON may escape": {
			config: read(t, "../properties/testdata/configs/exporter-jmx.yaml"),
			text:   web("name: web", "") + "        env:\n        - {name: JAVA_TOOL_OPTIONS, value: '-Da=<b>&c \u00e9 \u2028'}\n",
		},
		"an empty item": {
			config: logs,
			text:   web("name: web", "") + "        args: [a, ~, b]\n",
		},
		"an update of what an earlier run added": {
			config: logs + "  volume: {medium: Memory, sizeLimit: 1Gi}\n  placement: first\n",
			text:   injected(t, logs, web("name: web", "")),
		},
		"generated objects that go": {
			config: strings.Replace(agent, "kinds: [Deployment]", "names: [nobody]", 1),
			text:   injected(t, agent, web("name: web", "")),
		},
		"generated objects that change": {
			config: agent + "  fields: {team: shop}\n",
			text:   injected(t, agent, web("name: web", "")),
		},
	} {
		t.Run(name, func(t *testing.T) {
			var total figures
			if total.check(t, c.config, c.text); total.exact == 0 {
				t.Errorf("nothing was patched: %+v", total)
			}
		})
	}
}

// agent generates a ConfigMap.
const agent = `apiVersion: krm-sidecars.dev/v1alpha1
kind: AddLogSidecar
metadata: {name: logs}
spec:
  target: {kinds: [Deployment]}
  agent: fluent-bit
  logs: [{paths: [/var/log/app/app.log]}]
`

// injected is what an earlier run has made of a text.
func injected(t *testing.T, config, text string) string {
	t.Helper()
	out, report := engine(t, config).RunText("in.yaml", text)
	if report.Failed() || report.Changed() == 0 {
		t.Fatalf("the earlier run does nothing: %v", lines(report))
	}
	return out
}

// TestG2_Refused: where kustomize cannot do what the functions do, that is told,
// and it is true.
func TestG2_Refused(t *testing.T) {
	dummy := "patches: [{target: {kind: Deployment}, patch: '- {op: add, path: /spec/paused, value: true}'}]\n"
	for name, c := range map[string]struct{ config, text, said, kustomize string }{
		"no name":       {logs, web("generateName: web-", ""), "has no metadata.name", "missing metadata.name"},
		"twice":         {logs, stream(web("name: web", ""), web("name: web, namespace: default", "")), "more than once", "already registered id"},
		"large numbers": {logs, web("name: web", "x: 9007199254740993"), "the number 9007199254740993 at spec.x", "9007199254740992"},
		"an item without a kind": {
			logs, "apiVersion: apps/v1\nkind: DeploymentList\nitems:\n- metadata: {name: web}\n  spec: {template: {spec: {containers: [{name: app, image: app}]}}}\n",
			"leaves its kind to the list", "missing kind in object",
		},
		"a list with more than items": {
			logs + "  target: {kinds: [example.com/WorkerList], templatePaths: [{group: example.com, kind: WorkerList, path: template}]}\n",
			"apiVersion: example.com/v1\nkind: WorkerList\nmetadata: {name: all}\nitems: []\ntemplate: {spec: {containers: [{name: app, image: app}]}}\n",
			"a kind that ends in List", "map[] <nil>",
		},
	} {
		t.Run(name, func(t *testing.T) {
			emitted, told := forms(t, c.config, c.text)
			if emitted[emit.Patches] != "" || refusals(told) == 0 || !strings.Contains(strings.Join(lines(told), "\n"), c.said) {
				t.Errorf("not refused for %q: %v", c.said, lines(told))
			}
			got, err := build(t, map[string]string{"in.yaml": c.text, kustomization: "resources: [in.yaml]\n" + dummy}, "")
			if shown := fmt.Sprint(got, err); !strings.Contains(shown, c.kustomize) {
				t.Errorf("kustomize does not say %q: %s", c.kustomize, shown)
			}
		})
	}
}

// TestG2_ChangedInput: patches that no longer fit fail. They do not hit another
// container, and do not overwrite what is there now.
func TestG2_ChangedInput(t *testing.T) {
	const mesh = "      - name: proxy\n        image: proxy\n"
	before := web("name: web", "")
	emitted, _ := forms(t, logs, before)
	for name, c := range map[string]struct{ text, said string }{
		"another container in front": {strings.Replace(before, "      - name: app\n", mesh+"      - name: app\n", 1), "testing value /spec/template/spec/containers/0/name failed"},
		"another name":               {strings.ReplaceAll(before, "name: app\n", "name: main\n"), "testing value /spec/template/spec/containers/0/name failed"},
		"volumes of its own":         {before + "      volumes:\n      - name: data\n        emptyDir: {}\n", "testing value /spec/template/spec/volumes failed"},
		"init containers of its own": {before + "      initContainers:\n      - name: init\n        image: init\n", "testing value /spec/template/spec/initContainers failed"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := withComponent(t, c.text, emitted)
			if err == nil || !strings.Contains(err.Error(), c.said) {
				t.Errorf("kustomize builds %v, %v; want an error with %q", got, err, c.said)
			}
		})
	}
}

// TestG2_OtherMetadata: labels and annotations that came since the patches were
// written stay.
func TestG2_OtherMetadata(t *testing.T) {
	emitted, _ := forms(t, logs, web("name: web", ""))
	later := web("name: web, annotations: {a: b}, labels: {c: d}", "")
	out, _ := engine(t, logs).RunText("in.yaml", later)
	want, err := alone(t, strings.Replace(out, `{"templates"`, `{"made":["metadata.annotations"],"templates"`, 1))
	if err != nil {
		t.Fatal(err)
	}
	got, err := withComponent(t, later, emitted)
	if d := cmp.Diff(want, got); d != "" || err != nil {
		t.Errorf("(-function +patches):\n%s%v", d, err)
	}
}

// TestG2_Nothing: a Component without patches changes nothing.
func TestG2_Nothing(t *testing.T) {
	text := web("name: web", "")
	emitted, _ := forms(t, logs+"  target: {names: [nobody]}\n", text)
	want, err := alone(t, text)
	if err != nil {
		t.Fatal(err)
	}
	got, err := withComponent(t, text, emitted)
	if d := cmp.Diff(want, got); d != "" || err != nil {
		t.Errorf("(-alone +component):\n%s%v", d, err)
	}
}
