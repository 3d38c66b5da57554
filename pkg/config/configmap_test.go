package config_test

import (
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
)

func TestDecodeConfigMap(t *testing.T) {
	no, size := false, resource.MustParse("64Mi")
	paths := []testLog{{Paths: []string{"/var/log/*.log", "/b"}}}
	for name, tc := range map[string]struct {
		data string
		want testSpec
	}{
		"text":              {`kubernetesVersion: "1.35"`, testSpec{Common: config.Common{KubernetesVersion: "1.35"}}},
		"text like YAML":    {`role: "[a, *b"`, testSpec{Role: "[a, *b"}},
		"empty text":        {`role: ""`, testSpec{}},
		"number":            {`port: "80"`, testSpec{Port: 80}},
		"empty number":      {`port: ""`, testSpec{}},
		"fraction":          {`ratio: " 0.5 "`, testSpec{Ratio: 0.5}},
		"boolean":           {`readiness: "false"`, testSpec{Readiness: &no}},
		"quantity":          {`size: 64Mi`, testSpec{Size: &size}},
		"duration":          {`interval: 30s`, testSpec{Interval: metav1.Duration{Duration: 30 * time.Second}}},
		"number or name":    {`listen: "80"`, testSpec{Listen: intstr.FromInt32(80)}},
		"name or number":    {`listen: http`, testSpec{Listen: intstr.FromString("http")}},
		"flow list":         {`logs: '[{paths: ["/var/log/*.log", /b]}]'`, testSpec{Logs: paths}},
		"block list":        {"logs: |\n  - paths:\n    - /var/log/*.log\n    - /b", testSpec{Logs: paths}},
		"brackets, commas":  {`logs[0].paths: /var/log/*.log, /b`, testSpec{Logs: paths}},
		"numeric segments":  {"logs.0.paths.1: /b\nlogs.0.paths.0: /var/log/*.log", testSpec{Logs: paths}},
		"two digits":        {tenLogs, testSpec{Logs: tenLogsWant}},
		"list as YAML":      {`logs[0].paths: '[/var/log/*.log, "/b"]'`, testSpec{Logs: paths}},
		"block list of one": {"logs[0].paths: |\n  - /var/log/*.log\n  - /b", testSpec{Logs: paths}},
		"map":               {`fields: '{team: shop}'`, testSpec{Fields: map[string]string{"team": "shop"}}},
		"map by keys":       {"fields.team: shop\nfields[\"a.b\"]: \"1\"", testSpec{Fields: map[string]string{"team": "shop", "a.b": "1"}}},
		"anything":          {"extra.a: \"[1]\"\nextra.b: x", testSpec{Extra: map[string]any{"a": []any{int64(1)}, "b": "x"}}},
		"word":              {`placement: last`, testSpec{Common: config.Common{Placement: config.Placement{Word: "last"}}}},
		"instead of a word": {`placement.before: app`, testSpec{Common: config.Common{Placement: config.Placement{Before: []string{"app"}}}}},
		"container": {"container.image: busybox\ncontainer.env[0].name: A\ncontainer.env[0].value: \"1\"",
			testSpec{Common: config.Common{Container: &corev1.Container{Image: "busybox", Env: []corev1.EnvVar{{Name: "A", Value: "1"}}}}}},
		"limits": {`container.resources.limits.memory: 64Mi`,
			testSpec{Common: config.Common{Container: &corev1.Container{Resources: corev1.ResourceRequirements{Limits: corev1.ResourceList{"memory": size}}}}}},
		"selectors": {"target.kinds: Deployment,argoproj.io/Rollout\ntarget.labels: app=web,tier!=db\ntarget.required: \"true\"",
			testSpec{Common: config.Common{Target: config.Target{Selection: config.Selection{Kinds: []string{"Deployment", "argoproj.io/Rollout"}, Labels: "app=web,tier!=db"}, Required: true}}}},
	} {
		t.Run(name, func(t *testing.T) {
			var got testSpec
			if errs := config.Decode(parse(t, configMap(tc.data)), &got); errs != nil {
				t.Fatal(errs)
			}
			diff(t, "Decode()", tc.want, got)
		})
	}
}

const tenLogs = `logs.10.container: k
logs.9.container: j
logs.8.container: i
logs.7.container: h
logs.6.container: g
logs.5.container: f
logs.4.container: e
logs.3.container: d
logs.2.container: c
logs.1.container: b
logs.0.container: a`

var tenLogsWant = []testLog{
	{Container: "a"}, {Container: "b"}, {Container: "c"}, {Container: "d"}, {Container: "e"}, {Container: "f"},
	{Container: "g"}, {Container: "h"}, {Container: "i"}, {Container: "j"}, {Container: "k"},
}

func TestDecodeConfigMapErrors(t *testing.T) {
	for name, tc := range map[string]struct {
		src  string
		want []string
	}{
		"many at once": {configMap(`port: http
logz: x
logs: '[{pats: [/a]}, {paths: [5]}]'
readiness: "yes"
size: 64Mx
placement: frist
container.imge: x
kubernetesVersion: 1.35
`), []string{
			"5: spec.port: text where a number is expected",
			"6: spec.logz: unknown field; did you mean logs?",
			"7: spec.logs[0].pats: unknown field; did you mean paths?",
			"7: spec.logs[1].paths[0]: a number where text is expected; quote it",
			"8: spec.readiness: text where a boolean is expected; write true or false",
			`9: spec.size: "64Mx" is not a quantity, such as 100m, 0.5 or 64Mi`,
			`10: spec.placement: "frist" is none of first, last; or write {before: [...], after: [...]}`,
			"11: spec.container.imge: unknown field; did you mean image?",
			"12: data.kubernetesVersion: a number where text is expected; quote it",
		}},
		"values": {configMap("agent: [x]\nrole:\nfields: '{a'\nlogs[0]: app\nvolume: '{sizeLimit: ~}'\n"), []string{
			"5: data.agent: a list where text is expected",
			"6: data.role: nothing where text is expected",
			"7: spec.fields: its text is no YAML: line 2: did not find expected ',' or '}' in what begins here; look for a wrong indentation or an open bracket in the lines that follow",
			"8: spec.logs[0]: text where a map is expected; the fields here are container, paths",
		}},
		"keys": {configMap("a..b: x\n'': x\nlogs[*].paths: x\nlogs[name=a].paths: x\nlogs.app.paths: x\n"), []string{
			`5: data["a..b"]: no path below spec, such as logs[0].paths: reading path "a..b": a field name is missing before ".b"`,
			`6: data[""]: no path below spec, such as logs[0].paths: reading path "": it is empty`,
			`7: data["logs[*].paths"]: no place in a config; address list elements by number, as in logs[0]`,
			`8: data["logs[name=a].paths"]: no place in a config; address list elements by number, as in logs[0]`,
			"9: spec.logs.app: no number of a list element, such as 0",
		}},
		"gap": {configMap("logs.0.container: a\nlogs.2.container: b\n"), []string{
			"6: spec.logs: element 2 is given but not 1; number the elements from 0 on",
		}},
		"twice": {configMap("logs: '[]'\nlogs.0.container: a\nagent: a\nagent: b\nfields.a: x\nfields: '{}'\n"), []string{
			`6: data["logs.0.container"]: logs is given by another key as well; keep one of them`,
			"8: data.agent: given twice; keep one",
			"10: data.fields: fields is given by another key as well; keep one of them",
		}},
		"envelope": {"apiVersion: v1\nkind: ConfigMap\nspec: {}\ndata: text\nbinaryData: {a: eA==}\n", []string{
			"3: spec: unknown field; the fields here are apiVersion, kind, metadata, immutable, data, binaryData",
			"4: data: text where a map is expected",
			"5: binaryData: not read; put the settings under data as text",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			got := lines(config.Decode(parse(t, tc.src), new(testSpec)))
			diff(t, "Decode()", tc.want, got)
		})
	}
}
