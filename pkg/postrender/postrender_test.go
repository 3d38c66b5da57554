package postrender_test

import (
	"bytes"
	"strings"
	"testing"

	"helm.sh/helm/v3/pkg/action"
	"helm.sh/helm/v3/pkg/chart"
	"helm.sh/helm/v3/pkg/chartutil"
	kube "helm.sh/helm/v3/pkg/kube/fake"
	helm "helm.sh/helm/v3/pkg/postrender"
	"helm.sh/helm/v3/pkg/storage"
	"helm.sh/helm/v3/pkg/storage/driver"

	"github.com/krm-sidecars/krm-sidecars/functions"
	"github.com/krm-sidecars/krm-sidecars/pkg/postrender"
)

var _ helm.PostRenderer = (*postrender.Renderer)(nil)

const config = `apiVersion: krm-sidecars.dev/v1alpha1
kind: AddLogSidecar
metadata: {name: logs}
spec:
  logs: [{paths: [/var/log/app/app.log]}]
`

const deployment = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}
spec:
  template:
    spec:
      containers:
      # the app
      - name: app
        image: web:1
`

func renderer(t *testing.T) *postrender.Renderer {
	t.Helper()
	r, err := postrender.New(functions.All(), config)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestInstall lets Helm's own install action call the Renderer.
func TestInstall(t *testing.T) {
	install := action.NewInstall(&action.Configuration{
		Releases: storage.Init(driver.NewMemory()), KubeClient: &kube.PrintingKubeClient{Out: &bytes.Buffer{}},
		Capabilities: chartutil.DefaultCapabilities, Log: t.Logf,
	})
	install.ReleaseName, install.Namespace, install.DryRun, install.ClientOnly = "web", "shop", true, true
	install.PostRenderer = renderer(t)
	release, err := install.Run(&chart.Chart{
		Metadata:  &chart.Metadata{APIVersion: "v2", Name: "web", Version: "1.0.0"},
		Templates: []*chart.File{{Name: "templates/web.yaml", Data: []byte(deployment)}},
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"# Source: web/templates/web.yaml\n", "      # the app\n", "- name: log-sidecar\n"} {
		if !strings.Contains(release.Manifest, want) {
			t.Errorf("%q is missing in\n%s", want, release.Manifest)
		}
	}
}

func TestRunEmpty(t *testing.T) {
	out, err := renderer(t).Run(bytes.NewBufferString(" \n"))
	if err != nil || out.String() != "# no manifests\n" {
		t.Errorf("Run() = %q, %v", out, err)
	}
}

func TestRunTellsErrors(t *testing.T) {
	_, err := renderer(t).Run(bytes.NewBufferString("kind: Deployment\napiVersion: apps/v1\nspec: [\n"))
	if err == nil || !strings.Contains(err.Error(), "document 1, line") {
		t.Errorf("Run() error = %v", err)
	}
}

func TestNewTellsErrors(t *testing.T) {
	_, err := postrender.New(functions.All(), strings.Replace(config, "logs:", "lgos:", 1))
	if err == nil || !strings.Contains(err.Error(), "did you mean logs") {
		t.Errorf("New() error = %v", err)
	}
}
