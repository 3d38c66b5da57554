package cases

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// onlyAdds expects what was there in its order, beside added lines.
func (r run) onlyAdds(src string) string {
	r.t.Helper()
	out, _ := r.keeps(src)
	for line := range strings.Lines(changed(src, out)) {
		if !strings.HasPrefix(line, "+") {
			r.t.Errorf("a line of the original has changed: %s", line)
		}
	}
	if out == src {
		r.t.Error("nothing was injected")
	}
	return out
}

func TestCase26_LinesThatStay(t *testing.T) {
	for name, src := range map[string]string{
		"comments": strings.Replace(withComments, "{labels: {app: web}}", "\n      labels: {app: web}", 1),
		"markers":  "--- # first\n" + deployment(app) + "\n---\n---\n# nothing\n---\n" + deployment(app) + "...\n",
		"deep indentation": `apiVersion: apps/v1
kind: Deployment
metadata:
    name: web
spec:
    template:
        spec:
            containers:
                - name: app
                  image: app
                  args:
                      - |
                          #!/bin/sh
                          echo "1e3"

                      - >-
                          folded
                          text
`,
		"kind first, numbers as text": "kind: Deployment\napiVersion: apps/v1\nspec:\n  template:\n    metadata:\n      labels: {a: \"1e3\", b: '0755', c: \"on\", d: \"\\tx\"}\n" +
			"    spec:\n      containers:\n      - name: app\n        image: \"app:0755\"\n        args: ['on', \"1e3\", '\tx']\nmetadata:\n  name: web\n",
		"quoted keys":       "\"apiVersion\": apps/v1\n'kind': \"Deployment\"\nmetadata:\n  \"name\": web\nspec:\n  template:\n    'spec':\n      \"containers\":\n      - \"name\": app\n        image: app\n",
		"trailing blanks":   strings.ReplaceAll(deployment(app), "\n", "  \n"),
		"block scalar last": deployment(app+"  args:\n  - |\n    text\n\n    more") + "\n\n",
		"keep chomping":     deployment(app + "  args:\n  - |+\n    text\n\n"),
	} {
		t.Run(name, func(t *testing.T) { logs(t, appLog).onlyAdds(src) })
		t.Run(name+" CRLF", func(t *testing.T) {
			out := logs(t, appLog).onlyAdds(crlf(src))
			if n := strings.Count(strings.ReplaceAll(out, "\r\n", ""), "\n"); n > 0 {
				t.Errorf("%d lines end in LF alone", n)
			}
		})
		t.Run(name+" BOM", func(t *testing.T) { logs(t, appLog).onlyAdds("\ufeff" + src) })
	}
}

func TestCase26_NoFinalLineEnd(t *testing.T) {
	for _, src := range []string{deployment(app), crlf(deployment(app)), "---\n" + deployment(app) + "---\n" + deployment(app)} {
		src = strings.TrimRight(src, "\r\n")
		if out, _ := logs(t, appLog).keeps(src); strings.HasSuffix(out, "\n") {
			t.Error("a line end was added at the end")
		}
	}
}

// An alias is written out where it must change; the other use of it is not.
func TestCase26_SharedTemplate(t *testing.T) {
	src := `apiVersion: v1
kind: List
items:
- apiVersion: apps/v1
  kind: Deployment
  metadata:
    name: web
  spec:
    template: &pod
      spec:
        containers:
        - name: app
          image: app
- apiVersion: apps/v1
  kind: Deployment
  metadata:
    name: worker
  spec:
    template: *pod
`
	out, _ := logs(t, appLog+"\ntarget: {names: [worker]}").keeps(src)
	if before, _, _ := strings.Cut(src, "    name: worker"); !strings.HasPrefix(out, before) {
		t.Errorf("the Deployment that was not selected has changed:\n%s", changed(src, out))
	}
	out, _ = logs(t, appLog+"\ntarget: {names: [web]}").keeps(src)
	if n := strings.Count(out, "name: log-sidecar"); n != 1 {
		t.Errorf("%d sidecars, want 1, in the selected Deployment:\n%s", n, out)
	}
	out, _ = logs(t, appLog).keeps(src)
	if n := strings.Count(out, "name: log-sidecar"); n != 2 {
		t.Errorf("%d sidecars, want 2:\n%s", n, out)
	}
}

func TestCase26_AliasInOneDocument(t *testing.T) {
	src := `apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata:
  name: web
x-pod: &pod
  spec:
    containers:
    - name: app
      image: app
spec:
  template: *pod
`
	out, _ := logs(t, appLog).keeps(src)
	if _, pod, _ := strings.Cut(src, "x-pod: &pod\n"); !strings.Contains(out, strings.TrimSuffix(pod, "spec:\n  template: *pod\n")) {
		t.Errorf("the anchored original has changed:\n%s", changed(src, out))
	}
}

func TestCase26_MergeKeys(t *testing.T) {
	src := `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
x-container: &base
  image: app
  volumeMounts:
  - {name: data, mountPath: /data}
x-pod: &podspec
  serviceAccountName: web
spec:
  template:
    spec:
      <<: *podspec
      containers:
      - <<: *base
        name: app
      - <<: *base
        name: other
      volumes:
      - {name: data, emptyDir: {}}
`
	out, _ := logs(t, appLog).keeps(src)
	for _, want := range []string{"      <<: *podspec\n", "      - <<: *base\n        name: other\n", "  volumeMounts:\n  - {name: data, mountPath: /data}\nx-pod"} {
		if !strings.Contains(out, want) {
			t.Errorf("the output does not hold %q:\n%s", want, out)
		}
	}
	if n := strings.Count(out, "mountPath: /data"); n != 2 {
		t.Errorf("mountPath /data stands there %d times, want 2: the merged one and that of container app:\n%s", n, out)
	}
}

func TestCase26_DuplicateKeys(t *testing.T) {
	for _, src := range []string{
		deployment(app + "  image: other"),
		strings.Replace(deployment(app), "metadata:\n", "metadata: {}\nmetadata:\n", 1),
	} {
		logs(t, appLog).refuses(src, "error duplicate-key")
		_, report := logs(t, appLog).text(src)
		says(t, result(t, report, pod.DuplicateKey), "twice", "line ")
	}
}

func TestCase26_JSON(t *testing.T) {
	src := `{
  "apiVersion": "apps/v1",
  "kind": "Deployment",
  "metadata": {"name": "web"},
  "spec": {
    "template": {
      "spec": {
        "containers": [
          {"name": "app", "image": "app"}
        ]
      }
    }
  }
}
`
	out, _ := wants(t, labelled()).keeps(src)
	want := strings.NewReplacer(`{"name": "web"}`, `{"name": "web", "annotations": {"krm-sidecars.dev/add-probe.p": RECORD}}`).Replace(src)
	want = strings.Replace(want, "    \"template\": {\n", `    "template": {
      "metadata": {
        "labels": {
          "sidecar.istio.io/inject": "true"
        },
        "annotations": {
          "prometheus.io/port": "9187"
        }
      },
`, 1)
	if diff := cmp.Diff(want, plain(out)+"\n"); diff != "" {
		t.Errorf("output (-want +got):\n%s", diff)
	}
	if !json.Valid([]byte(out)) {
		t.Errorf("the output is no JSON:\n%s", out)
	}
	logs(t, appLog).keeps(src)
}

// What is not for us passes, whatever it is.
func TestCase26_OtherTextPasses(t *testing.T) {
	big := "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: big}\ndata:\n  x: |\n" + strings.Repeat("    kind: Deployment {{ }} \t x\n", 40000)
	for name, src := range map[string]string{
		"not Kubernetes":          "services:\n  web: {image: nginx}\n",
		"list at the top":         "- a\n- b\n",
		"scalar":                  "NOTES: thank you\n",
		"big ConfigMap":           big,
		"YAML in a text":          "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata:\n  d.yaml: |\n" + indented(indented(deployment(app))),
		"tabs":                    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {a: \"\t\"}\t# tab\n",
		"broken, but a ConfigMap": "apiVersion: v1\nkind: ConfigMap\ndata: {a: [}\n",
	} {
		t.Run(name, func(t *testing.T) {
			logs(t, appLog).passes(src, "warning nothing-matched spec.target")
			for _, both := range []string{src + "---\n" + deployment(app), deployment(app) + "---\n" + src} {
				if out, _ := logs(t, appLog).keeps(both); !strings.Contains(out, src) {
					t.Errorf("beside a Deployment the text has changed:\n%s", changed(both, out))
				}
			}
		})
	}
}
