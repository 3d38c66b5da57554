package cases

import (
	"strings"
	"testing"

	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

func TestCase26_BrokenWorkloadIsLocated(t *testing.T) {
	_, report := logs(t, appLog).text(deployment(app) + "---\n# Source: shop/templates/web.yaml\n" + deployment(app+"  bad: [}"))
	line := lines(report)
	for _, want := range []string{"in.yaml, document 2, line 23", "shop/templates/web.yaml"} {
		if !strings.Contains(line, want) {
			t.Errorf("the error does not say %q: %s", want, line)
		}
	}
	logs(t, appLog).results(report, []string{"error invalid-input"})
}

// What is no workload, although it is called one, is told in plain words.
func TestCase26_MalformedWorkload(t *testing.T) {
	const head, spec = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\n", "spec:\n  template:\n    spec:\n      "
	for _, c := range []struct{ src, field, says string }{
		{head + spec + "initContainers: x\n" + "      containers: [{name: app}]\n", "spec.template.spec.initContainers", "list"},
		{head + spec + "containers: [{image: app}]\n", "spec.template.spec.containers[0].name", "missing"},
		{head + spec + "containers: [app]\n", "spec.template.spec.containers[0]", "map"},
		{head + spec + "containers: hello\n", "spec.template.spec.containers", "list"},
		{head + spec + "containers: {name: app}\n", "spec.template.spec.containers", "list"},
		{head + spec + "volumes: x\n      containers: [{name: app}]\n", "spec.template.spec.volumes", "list"},
		{head + spec + "containers: [{name: app, volumeMounts: x}]\n", "spec.template.spec.containers[name=app].volumeMounts", "list"},
		{head + "spec: {template: {metadata: x, spec: {containers: [{name: app}]}}}\n", "spec.template.metadata", "map"},
		{strings.Replace(head, "{name: web}", "{name: web, annotations: x}", 1) + spec + "containers: [{name: app}]\n", "metadata.annotations", "map"},
		{strings.Replace(head, "{name: web}", "hello", 1) + spec + "containers: [{name: app}]\n", "metadata", "map"},
	} {
		_, report := logs(t, appLog).text(c.src)
		res := result(t, report, pod.InvalidTemplate)
		if res.Field != c.field || res.Severity != pod.Error {
			t.Errorf("error at %q, want it at %s:\n%s", res.Field, c.field, lines(report))
		}
		says(t, res, c.says)
	}
}

// Names that Kubernetes would refuse do no harm.
func TestCase26_OddNames(t *testing.T) {
	for _, name := range []string{"'a]b'", "'a.b'", "'a=b'", "'[x'", "123", "'*'", "\"a'b\"", "\"ä\""} {
		logs(t, appLog).keeps(deployment("containers:\n- name: " + name + "\n  image: app"))
	}
}

func TestCase26_AliasedParts(t *testing.T) {
	for name, spec := range map[string]string{
		"mounts":     "containers:\n- name: app\n  volumeMounts: &m\n  - {name: v, mountPath: /v}\n- name: other\n  volumeMounts: *m\nvolumes:\n- {name: v, emptyDir: {}}",
		"container":  "containers:\n- &a\n  name: app\n- *a",
		"volumes":    "containers:\n- name: app\n  x: &v []\nvolumes: *v",
		"containers": "initContainers: &c\n- name: app\ncontainers: *c",
	} {
		t.Run(name, func(t *testing.T) {
			logs(t, appLog+"\ntarget: {containers: [app]}").keeps(deployment(spec))
			if name == "mounts" {
				logs(t, appLog+"\ntarget: {containers: [other]}").keeps(deployment(spec))
			}
		})
	}
}
