package catalog_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/krm-sidecars/krm-sidecars/pkg/catalog"
	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
)

const small = `apiVersion: config.kubernetes.io/v1alpha1
kind: Catalog
spec:
  krmFunctions:
  - group: example.com
    names: {kind: Logs}
    versions:
    - name: v1
      runtime:
        container: {image: 'localhost:5000/logs:v1', sha256: abc}
        exec: {platforms: [{bin: logs-v1.exe, os: windows, arch: amd64}]}
  - group: example.com
    names: {kind: Logs}
    versions:
    - {name: v1, runtime: {exec: {platforms: [{bin: never, os: windows, arch: amd64}]}}}
    - {name: v2, runtime: {exec: {platforms: [{bin: logs-v2, os: windows, arch: amd64}]}}}
`

// The ways to run a function in the tests below.
func program() catalog.Use { return catalog.Use{Platform: "windows/amd64"} }
func image() catalog.Use   { return catalog.Use{Container: true} }

func read(t *testing.T) *catalog.Catalog {
	t.Helper()
	c, err := catalog.Read("small.yaml", small)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// annotated are the metadata of a functionConfig before and after, as a program
// and as an image. "": nothing changes.
var annotated = map[string]struct{ before, program, image string }{
	"nothing there": {
		"metadata:\n  name: logs\nspec: {}\n",
		"metadata:\n  name: logs\n  annotations:\n    config.kubernetes.io/function: |\n      exec:\n        path: logs-v1\nspec: {}\n",
		"metadata:\n  name: logs\n  annotations:\n    config.kubernetes.io/function: |\n      container:\n        image: localhost:5000/logs@sha256:abc\nspec: {}\n",
	},
	"no metadata": {
		"spec: {}\n",
		"metadata:\n  annotations:\n    config.kubernetes.io/function: |\n      exec:\n        path: logs-v1\nspec: {}\n",
		"metadata:\n  annotations:\n    config.kubernetes.io/function: |\n      container:\n        image: localhost:5000/logs@sha256:abc\nspec: {}\n",
	},
	"another annotation, line ends of Windows": {
		"metadata:\r\n  annotations: # two\r\n    a: 'b'\r\n\r\n  name: logs\r\n",
		"metadata:\r\n  annotations: # two\r\n    a: 'b'\r\n    config.kubernetes.io/function: |\r\n      exec:\r\n        path: logs-v1\r\n\r\n  name: logs\r\n",
		"metadata:\r\n  annotations: # two\r\n    a: 'b'\r\n    config.kubernetes.io/function: |\r\n      container:\r\n        image: localhost:5000/logs@sha256:abc\r\n\r\n  name: logs\r\n",
	},
	"right already, in a style of its own": {
		"metadata:\n  annotations:\n    config.kubernetes.io/function: 'exec: {path: \"logs-v1\"} # ours'\n",
		"",
		"metadata:\n  annotations:\n    config.kubernetes.io/function: |\n      container:\n        image: localhost:5000/logs@sha256:abc\n",
	},
	"more about the same runtime stays": {
		"metadata:\n  annotations:\n    config.kubernetes.io/function: |\n      container:\n        # no network\n        network: false\n        image: old\n",
		"metadata:\n  annotations:\n    config.kubernetes.io/function: |\n      exec:\n        path: logs-v1\n",
		"metadata:\n  annotations:\n    config.kubernetes.io/function: |\n      container:\n        # no network\n        network: false\n        image: localhost:5000/logs@sha256:abc\n",
	},
	"both runtimes, of which kustomize takes the image": {
		"metadata:\n  annotations:\n    config.kubernetes.io/function: |\n      exec: {path: logs-v1}\n      container: {image: old}\n",
		"metadata:\n  annotations:\n    config.kubernetes.io/function: |\n      exec:\n        path: logs-v1\n",
		"metadata:\n  annotations:\n    config.kubernetes.io/function: |\n      container:\n        image: localhost:5000/logs@sha256:abc\n",
	},
	"not YAML, and null": {
		"metadata:\n  annotations: {config.kubernetes.io/function: '{', config.k8s.io/function: null}\n",
		"metadata:\n  annotations: {config.kubernetes.io/function: \"exec:\\n  path: logs-v1\\n\"}\n",
		"metadata:\n  annotations: {config.kubernetes.io/function: \"container:\\n  image: localhost:5000/logs@sha256:abc\\n\"}\n",
	},
	"annotations without any": {
		"metadata:\n  name: logs\n  annotations:\n",
		"metadata:\n  name: logs\n  annotations:\n    config.kubernetes.io/function: |\n      exec:\n        path: logs-v1\n",
		"metadata:\n  name: logs\n  annotations:\n    config.kubernetes.io/function: |\n      container:\n        image: localhost:5000/logs@sha256:abc\n",
	},
}

func TestAnnotate(t *testing.T) {
	for name, tc := range annotated {
		t.Run(name, func(t *testing.T) {
			annotates(t, tc.before, program(), tc.program)
			annotates(t, tc.before, image(), tc.image)
		})
	}
}

// annotates checks what becomes of a functionConfig, and that it stays so.
func annotates(t *testing.T, before string, use catalog.Use, want string) {
	t.Helper()
	const head = "# A config.\napiVersion: example.com/v1\nkind: Logs\n"
	if want == "" {
		want = before
	}
	head2 := head
	if strings.Contains(before, "\r") {
		head2 = strings.ReplaceAll(head, "\n", "\r\n")
	}
	once, err := read(t).Annotate(krm.Text{Name: "logs.yaml", Source: head2 + before}, use)
	if d := cmp.Diff(head2+want, once); err != nil || d != "" {
		t.Fatalf("%v (-want +got):\n%s", err, d)
	}
	if twice, err := read(t).Annotate(krm.Text{Name: "logs.yaml", Source: once}, use); err != nil || twice != once {
		t.Errorf("a second time: %v\n%s", err, cmp.Diff(once, twice))
	}
}

// piped are Kptfiles before and after logs.yaml is added as a program. "":
// nothing changes.
var piped = map[string]struct{ before, after string }{
	"no pipeline": {"info: {}\n", "info: {}\npipeline:\n  mutators:\n  - exec: logs-v1\n    configPath: logs.yaml\n"},
	"validators only": {
		"pipeline:\n  validators:\n  - image: kubeval # strict\n    configPath: logs.yaml\n",
		"pipeline:\n  validators:\n  - image: kubeval # strict\n    configPath: logs.yaml\n  mutators:\n  - exec: logs-v1\n    configPath: logs.yaml\n",
	},
	"an empty list": {"pipeline:\n  mutators: []\n", "pipeline:\n  mutators:\n  - exec: logs-v1\n    configPath: logs.yaml\n"},
	"others":        {"pipeline:\n  mutators:\n    - image: set-labels\n", "pipeline:\n  mutators:\n    - image: set-labels\n    - exec: logs-v1\n      configPath: logs.yaml\n"},
	"there already": {"pipeline:\n  mutators:\n  - configPath: ./logs.yaml\n    exec:   'logs-v1'\n", ""},
	"twice, for others of the resources": {
		"pipeline:\n  mutators:\n  - exec: old\n    configPath: logs.yaml\n    selectors: [{kind: Deployment}]\n  - exec: older # soon\n    configPath: logs.yaml\n    selectors: [{kind: Job}]\n",
		"pipeline:\n  mutators:\n  - exec: logs-v1\n    configPath: logs.yaml\n    selectors: [{kind: Deployment}]\n  - exec: logs-v1 # soon\n    configPath: logs.yaml\n    selectors: [{kind: Job}]\n",
	},
	"as an image until now": {
		"pipeline:\n  mutators:\n  - image: logs\n    tag: '>1'\n    configPath: logs.yaml\n    name: logs\n",
		"pipeline:\n  mutators:\n  - configPath: logs.yaml\n    exec: logs-v1\n    name: logs\n",
	},
	"flow style": {
		"pipeline: {mutators: [{image: logs, configPath: logs.yaml}]}\n",
		"pipeline: {mutators: [{configPath: logs.yaml, exec: logs-v1}]}\n",
	},
}

func TestAddToKptfile(t *testing.T) {
	const head = "apiVersion: kpt.dev/v1\nkind: Kptfile\nmetadata:\n  name: web\n\n"
	config := []krm.Text{{Name: "web/logs.yaml", Source: "apiVersion: example.com/v1\nkind: Logs\n"}}
	for name, tc := range piped {
		t.Run(name, func(t *testing.T) {
			want := head + tc.after
			if tc.after == "" {
				want = head + tc.before
			}
			once, err := read(t).AddToKptfile(krm.Text{Name: "web/Kptfile", Source: head + tc.before}, config, program())
			if d := cmp.Diff(want, once); err != nil || d != "" {
				t.Fatalf("%v (-want +got):\n%s", err, d)
			}
			twice, err := read(t).AddToKptfile(krm.Text{Name: "web/Kptfile", Source: once}, config, program())
			if err != nil || twice != once {
				t.Errorf("a second time: %v\n%s", err, cmp.Diff(once, twice))
			}
		})
	}
}

// TestFirstEntryCounts: as the KEP has it, and versions are told apart.
func TestFirstEntryCounts(t *testing.T) {
	for version, want := range map[string]string{"v1": "logs-v1", "v2": "logs-v2"} {
		got, err := read(t).Annotate(krm.Text{Name: "-", Source: "apiVersion: example.com/" + version + "\nkind: Logs\n"}, program())
		if err != nil || !strings.Contains(got, "path: "+want+"\n") {
			t.Errorf("%s: %v\n%s", version, err, got)
		}
	}
}

// TestAnnotateItems: functionConfigs in a list are annotated where they are.
func TestAnnotateItems(t *testing.T) {
	got, err := read(t).Annotate(krm.Text{Name: "-", Source: `kind: List
apiVersion: v1
items:
- apiVersion: example.com/v1
  kind: Logs
  metadata: {name: a}
- kind: Logs # the second
  apiVersion: example.com/v2
`}, program())
	const want = `kind: List
apiVersion: v1
items:
- apiVersion: example.com/v1
  kind: Logs
  metadata: {name: a, annotations: {config.kubernetes.io/function: "exec:\n  path: logs-v1\n"}}
- kind: Logs # the second
  metadata:
    annotations:
      config.kubernetes.io/function: |
        exec:
          path: logs-v2
  apiVersion: example.com/v2
`
	if d := cmp.Diff(want, got); err != nil || d != "" {
		t.Errorf("%v (-want +got):\n%s", err, d)
	}
}
