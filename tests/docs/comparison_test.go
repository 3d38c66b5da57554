package docs_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/krm-sidecars/krm-sidecars/tests/box"
)

const patched = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: app
        image: nginx:1.29
`

// TestKustomizePatches shows with a real kustomize what docs/comparison.md says
// of patches.
func TestKustomizePatches(t *testing.T) {
	for _, c := range []struct{ name, patch, output, failure string }{
		{
			name:   "a merged container comes before the app",
			patch:  merge(`{name: logs, image: "busybox:1.37.0"}`),
			output: "      containers:\n      - image: busybox:1.37.0\n        name: logs\n      - image: nginx:1.29\n        name: app\n",
		},
		{
			name:   "a container of the same name is replaced field by field",
			patch:  merge(`{name: app, image: "busybox:1.37.0"}`),
			output: "      containers:\n      - image: busybox:1.37.0\n        name: app\n",
		},
		{
			name:    "adding to a list that is not there fails",
			patch:   `[{"op": "add", "path": "/spec/template/spec/volumes/-", "value": {"name": "logs", "emptyDir": {}}}]`,
			failure: "missing path",
		},
		{
			name:   "adding a container twice gives an invalid pod",
			patch:  `[{"op": "add", "path": "/spec/template/spec/containers/-", "value": {"name": "app", "image": "nginx:1.29"}}]`,
			output: "      - image: nginx:1.29\n        name: app\n      - image: nginx:1.29\n        name: app\n",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newSandbox(t, "examples/add-log-sidecar/files", "kustomize")
			s.dir = t.TempDir()
			kustomization := "resources: [deployment.yaml]\npatches:\n- target: {kind: Deployment}\n  patch: '" + c.patch + "'\n"
			box.Check(t, os.WriteFile(filepath.Join(s.dir, "deployment.yaml"), []byte(patched), 0o644))
			box.Check(t, os.WriteFile(filepath.Join(s.dir, "kustomization.yaml"), []byte(kustomization), 0o644))
			got := s.run("kustomize build .\n")
			if failed := got.err != nil; failed != (c.failure != "") || !strings.Contains(got.stderr, c.failure) || !strings.Contains(got.stdout, c.output) {
				t.Errorf("%v\n%s%s", got.err, got.stdout, got.stderr)
			}
		})
	}
}

func merge(container string) string {
	return `{apiVersion: apps/v1, kind: Deployment, metadata: {name: any}, spec: {template: {spec: {containers: [` + container + `]}}}}`
}
