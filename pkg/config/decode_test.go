package config_test

import (
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
	"github.com/krm-sidecars/krm-sidecars/pkg/yamlpatch"
)

func TestDecode(t *testing.T) {
	yes, size := true, resource.MustParse("512Mi")
	want := testSpec{
		Common: config.Common{
			Target:            config.Target{Selection: config.Selection{Kinds: []string{"Deployment"}}, Exclude: &config.Selector{Selection: config.Selection{Names: []string{"db"}}}, Required: true},
			KubernetesVersion: "1.35",
			Placement:         config.Placement{Word: "first"},
			Container: &corev1.Container{
				Image: "busybox:1.37.0",
				Resources: corev1.ResourceRequirements{Limits: corev1.ResourceList{
					"cpu": resource.MustParse("1"), "memory": resource.MustParse("64Mi"),
				}},
				LivenessProbe: &corev1.Probe{ProbeHandler: corev1.ProbeHandler{HTTPGet: &corev1.HTTPGetAction{Path: "/", Port: intstr.FromInt32(80)}}},
			},
		},
		Logs:      []testLog{{Container: "app", Paths: []string{"/var/log/a.log", "/var/log/b.log"}}, {}},
		Agent:     "no",
		Role:      "web",
		Port:      0o17,
		Count:     16,
		Ratio:     0.5,
		Readiness: &yes,
		Size:      &size,
		Interval:  metav1.Duration{Duration: 90 * time.Second},
		Listen:    intstr.FromString("http"),
		Fields:    map[string]string{"a.b/c": "1", "team": "shop"},
		Extra:     map[string]any{"list": []any{int64(1), 1.5, true, nil, "x"}, "map": map[string]any{"n": int64(-3)}},
	}
	src := ours(`target: {kinds: [Deployment], exclude: {names: [db]}, required: true}
kubernetesVersion: "1.35"
placement: first
container:
  image: busybox:1.37.0
  resources: {limits: {cpu: 1, memory: 64Mi}}
  livenessProbe: {httpGet: {path: /, port: 80}}
logs:
- &log
  container: app
  paths: [/var/log/a.log, '/var/log/b.log']
- {}
agent: no   # text for YAML 1.2
role: web
port: 017
count: 0x10
ratio: .5
readiness: true
size: 512Mi
interval: 90s
listen: http
fields: {a.b/c: !!str 1, team: shop}
extra: {list: [1, 1.5, true, ~, x], map: {n: -3}}
volume:
`)
	var got testSpec
	if errs := config.Decode(parse(t, src), &got); errs != nil {
		t.Fatal(errs)
	}
	diff(t, "Decode()", want, got)
}

func TestDecodeNothing(t *testing.T) {
	docs := map[string]*yamlpatch.Doc{
		"no document":         nil,
		"empty":               parse(t, ""),
		"null":                parse(t, "null\n"),
		"ConfigMap, no data":  parse(t, "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: function-input}\n"),
		"ConfigMap, {}":       parse(t, "apiVersion: v1\nkind: ConfigMap\ndata: {}\n"),
		"no spec":             parse(t, ours("# nothing")),
		"empty collections":   parse(t, ours("target: {}\nlogs: []\nfields:\n")),
		"optional and absent": parse(t, ours("agent: ~\nport:\nreadiness: null\n")),
	}
	for name, doc := range docs {
		t.Run(name, func(t *testing.T) {
			got := testSpec{Agent: "kept"}
			if errs := config.Decode(doc, &got); errs != nil {
				t.Fatal(errs)
			}
			got.Logs = nil // an empty list or none
			diff(t, "Decode()", testSpec{Agent: "kept"}, got)
		})
	}
}

func TestDecodeAliases(t *testing.T) {
	src := ours(`fields: &base {a: x, b: y}
extra: {<<: *base, b: z}
logs:
- &log {container: app, paths: [/a]}
- {<<: [*log, *base], container: other}
- *log
`)
	var got testSpec
	errs := config.Decode(parse(t, src), &got)
	diff(t, "errors", []string{
		"5: spec.logs[1].a: unknown field; the fields here are container, paths",
		"5: spec.logs[1].b: unknown field; the fields here are container, paths",
	}, lines(errs))
	diff(t, "extra", map[string]any{"a": "x", "b": "z"}, got.Extra)
	diff(t, "logs", []testLog{{"app", []string{"/a"}}, {"other", []string{"/a"}}, {"app", []string{"/a"}}}, got.Logs)
}

var decodeErrors = map[string]struct {
	src  string
	want []string
}{
	"many at once": {ours(`logz: []
injectas: auto
kubernetesVersion: 1.35
logs:
- paths: [/a, 7, null]
  pats: [/b]
port: "80"
role:
`), []string{
		"5: spec.logz: unknown field; did you mean logs?",
		"6: spec.injectas: unknown field; did you mean injectAs?",
		"7: spec.kubernetesVersion: a number where text is expected; quote it",
		"9: spec.logs[0].paths[1]: a number where text is expected; quote it",
		"9: spec.logs[0].paths[2]: empty; give it a value or leave it out",
		"10: spec.logs[0].pats: unknown field; did you mean paths?",
		"11: spec.port: text where a number is expected; drop the quotes",
		"12: spec.role: empty; give it a value or leave it out",
	}},
	"shapes": {ours(`logs: {paths: []}
agent: [a]
fields: [a]
readiness: yes
volume: 5Gi
placement: [first]
target: all
extra: text
`), []string{
		"5: spec.logs: a map where a list is expected; put it in a list: [...]",
		"6: spec.agent: a list where text is expected",
		"7: spec.fields: a list where a map is expected",
		"8: spec.readiness: text where a boolean is expected; write true or false",
		"9: spec.volume: text where a map is expected; the fields here are sizeLimit",
		"10: spec.placement: a list where a map is expected; the fields here are before, after",
		"11: spec.target: text where a map is expected; the fields here are exclude, containers, templatePaths, includeHelmHooks, required, kinds, names, namespaces, labels, annotations",
		"12: spec.extra: text where a map is expected",
	}},
	"ranges": {ours("port: 3000000000\ncount: -1\nratio: big\n"), []string{
		"5: spec.port: 3000000000 is out of range",
		"6: spec.count: -1 is out of range",
		"7: spec.ratio: text where a number is expected",
	}},
	"fractions": {ours("port: 1.5\ncount: 99999999999999999999\n"), []string{
		"5: spec.port: 1.5 is no whole number in range",
		"6: spec.count: 99999999999999999999 is no whole number in range",
	}},
	"numbers that are none": {ours("extra: {a: .nan}\nratio: 1e999\nsize: .inf\nvolume: {sizeLimit: -.inf}\nport: 0x1_0\nlisten: 0o17\ninterval: ~\n"), []string{
		"7: spec.size: cannot be read: json: unsupported value: +Inf",
		"8: spec.volume.sizeLimit: cannot be read: json: unsupported value: -Inf",
	}},
	"types that read JSON": {ours("size: 64Mx\ninterval: 30\nlisten: [80]\nvolume: {sizeLimit: {a: b}}\n"), []string{
		`5: spec.size: "64Mx" is not a quantity, such as 100m, 0.5 or 64Mi`,
		`6: spec.interval: "30" is not a duration, such as 30s or 5m`,
		"7: spec.listen: a list where a number or a name is expected",
		"8: spec.volume.sizeLimit: a map where a quantity, such as 100m, 0.5 or 64Mi is expected",
	}},
	"beginnings": {ours("kube: x\nagentName: y\nxy: z\nratio: 1\n"), []string{
		"5: spec.kube: unknown field; did you mean kubernetesVersion?",
		"6: spec.agentName: unknown field; did you mean agent?",
		"7: spec.xy: unknown field; remove it",
	}},
	"duplicates": {ours("agent: a\nrole: x\nagent: b\nfields: {a: x, a: y}\nextra: {m: {b: 1, b: 2}}\n"), []string{
		"7: spec.agent: given twice; keep one",
		"8: spec.fields.a: given twice; keep one",
		"9: spec.extra.m.b: given twice; keep one",
	}},
	"inside a container": {ours("container:\n  imge: x\n  ports:\n  - containerPort: http\n  env: [{name: A, value: 1, valuFrom: {}}]\n"), []string{
		"6: spec.container.imge: unknown field; did you mean image?",
		"8: spec.container.ports[0].containerPort: text where a number is expected",
		"9: spec.container.env[0].value: a number where text is expected; quote it",
		"9: spec.container.env[0].valuFrom: unknown field; did you mean valueFrom?",
	}},
	"odd keys": {ours("a.b: 1\nfields: {\"x.y\": 1}\nHidden: x\n\"-\": x\n"), []string{
		`5: spec["a.b"]: unknown field; remove it`,
		`6: spec.fields["x.y"]: a number where text is expected; quote it`,
		"7: spec.Hidden: unknown field; remove it",
		"8: spec.-: unknown field; remove it",
	}},
	"words": {ours("placement: frist\n"), []string{
		`5: spec.placement: "frist" is none of first, last; or write {before: [...], after: [...]}`,
	}},
	"envelope": {"apiVersion: krm-sidecars.dev/v9\nkind: AddLogSidecar\nmetadata: {nmae: x}\nstatus: {}\n", []string{
		`1: apiVersion: "krm-sidecars.dev/v9" is not known here; write krm-sidecars.dev/v1alpha1`,
		"3: metadata.nmae: unknown field; did you mean name?",
		"3: metadata.name: missing; name this use of the function, such as web-logs",
		"4: status: unknown field; the fields here are apiVersion, kind, metadata, spec",
	}},
	"nothing of the envelope": {"spec: {agent: 1}\n", []string{
		"1: apiVersion: missing; write krm-sidecars.dev/v1alpha1",
		"1: kind: missing; name the kind of the function's config, such as AddLogSidecar",
		"1: metadata.name: missing; name this use of the function, such as web-logs",
		"1: spec.agent: a number where text is expected; quote it",
	}},
	"envelope of other types": {"apiVersion: 1\nkind: [x]\nmetadata: {name: 5}\nspec: []\n", []string{
		"1: apiVersion: a number where text is expected; quote it",
		"2: kind: a list where text is expected",
		"3: metadata.name: a number where text is expected; quote it",
		"4: spec: a list where a map is expected; the fields here are logs, agent, role, port, count, ratio, readiness, size, interval, listen, fields, extra and others",
	}},
	"bad name": {"apiVersion: krm-sidecars.dev/v1alpha1\nkind: X\nmetadata: {name: My_Logs}\n", []string{
		`3: metadata.name: "My_Logs" is no valid name; use lower-case letters, digits, - and dots, such as web-logs`,
	}},
	"no map":    {"[a, b]\n", []string{"1: a list where a map is expected; the fields here are apiVersion, kind, metadata, spec"}},
	"no object": {"text\n", []string{"1: text where a map is expected; the fields here are apiVersion, kind, metadata, spec"}},
	"text between quotes": {ours("agent: !!str 5\nrole: '5'\nport: !!int \"5\"\nratio: \"\"\n"), []string{
		"8: spec.ratio: text where a number is expected",
	}},
}

func TestDecodeErrors(t *testing.T) {
	for name, tc := range decodeErrors {
		t.Run(name, func(t *testing.T) {
			got := lines(config.Decode(parse(t, tc.src), new(testSpec)))
			diff(t, "Decode()", tc.want, got)
		})
	}
}
