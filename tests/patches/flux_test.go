package patches

import (
	"bytes"
	"io"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"helm.sh/helm/v4/pkg/action"
	"helm.sh/helm/v4/pkg/chart/v2/loader"
	"helm.sh/helm/v4/pkg/postrenderer"
	release "helm.sh/helm/v4/pkg/release/v1"
	"sigs.k8s.io/yaml"

	"github.com/krm-sidecars/krm-sidecars/pkg/emit"
)

const example = "../../examples/gitops/flux"

// helmRelease is what counts here of a HelmRelease.
type helmRelease struct {
	Spec struct {
		ReleaseName   string         `json:"releaseName"`
		Values        map[string]any `json:"values"`
		PostRenderers []struct {
			Kustomize fluxRenderer `json:"kustomize"`
		} `json:"postRenderers"`
	} `json:"spec"`
}

// fluxRenderer does what Flux's helm-controller does with a post-renderer: it
// builds a kustomization of the manifests that Helm has rendered, with the
// patches in it.
type fluxRenderer struct {
	Patches []any `json:"patches"`
}

func (f fluxRenderer) Run(rendered *bytes.Buffer) (*bytes.Buffer, error) {
	text, err := yaml.Marshal(map[string]any{"resources": []string{"helm-output.yaml"}, "patches": f.Patches})
	if err != nil {
		return nil, err
	}
	printed, err := kustomize(map[string]string{"helm-output.yaml": rendered.String(), kustomization: string(text)}, "")
	return bytes.NewBuffer(printed), err
}

// recorder keeps what Helm hands to a post-renderer.
type recorder struct{ text string }

func (r *recorder) Run(rendered *bytes.Buffer) (*bytes.Buffer, error) {
	r.text = rendered.String()
	return rendered, nil
}

// TestG2_Flux renders the chart of the example as Flux does, with Helm 4 and the
// post-renderers of its HelmRelease. The release is what the functions make of
// the chart.
func TestG2_Flux(t *testing.T) {
	hr := exampleRelease(t)
	if len(hr.Spec.PostRenderers) != 1 {
		t.Fatalf("the HelmRelease has %d post-renderers", len(hr.Spec.PostRenderers))
	}
	got := install(t, hr, hr.Spec.PostRenderers[0].Kustomize)
	config, chart := read(t, filepath.Join(example, "logs.yaml")), install(t, hr, nil)
	out, report := engine(t, config).RunText("", chart)
	if report.Changed() != 1 {
		t.Fatalf("the functions change %d objects", report.Changed())
	}
	want, err := alone(t, out)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, objects(t, got)); d != "" {
		t.Errorf("the release differs (-function +flux):\n%s", d)
	}
	emitted, _ := forms(t, config, chart)
	if d := cmp.Diff(read(t, filepath.Join(example, "sidecars.yaml")), emitted[emit.Flux]); d != "" {
		t.Errorf("sidecars.yaml is out of date (-file +emitted):\n%s", d)
	}
	if !strings.Contains(got, "# Source: shop/templates/deployment.yaml") {
		t.Errorf("Helm does not know any more which template the Deployment is from:\n%s", got)
	}
}

// TestG2_FluxSeesAnnotations: Helm 4 marks objects with an annotation before it
// hands them over. The patches are written without it.
func TestG2_FluxSeesAnnotations(t *testing.T) {
	var seen recorder
	install(t, exampleRelease(t), &seen)
	if !strings.Contains(seen.text, "postrenderer.helm.sh/postrender-filename: 'shop/templates/deployment.yaml") {
		t.Errorf("Helm 4 hands over:\n%s", seen.text)
	}
	if strings.Contains(read(t, filepath.Join(example, "sidecars.yaml")), "postrender-filename") {
		t.Error("the patches of the example name Helm's annotation")
	}
}

// exampleRelease is what the example's kustomization builds.
func exampleRelease(t *testing.T) helmRelease {
	t.Helper()
	files := map[string]string{}
	for _, name := range []string{kustomization, "release.yaml", "sidecars.yaml"} {
		files[name] = read(t, filepath.Join(example, name))
	}
	printed, err := kustomize(files, "")
	if err != nil {
		t.Fatal(err)
	}
	var hr helmRelease
	if err := yaml.Unmarshal(printed, &hr); err != nil {
		t.Fatal(err)
	}
	return hr
}

// install returns the manifest of a release of the example's chart.
func install(t *testing.T, hr helmRelease, renderer postrenderer.PostRenderer) string {
	t.Helper()
	t.Setenv("HELM_PLUGINS", t.TempDir())
	chart, err := loader.LoadDir(filepath.Join(example, "chart"))
	if err != nil {
		t.Fatal(err)
	}
	client := action.NewInstall(action.NewConfiguration(action.ConfigurationSetLogger(slog.NewTextHandler(io.Discard, nil))))
	client.ReleaseName, client.Namespace = hr.Spec.ReleaseName, "shop"
	client.DryRunStrategy, client.PostRenderer = action.DryRunClient, renderer
	made, err := client.Run(chart, hr.Spec.Values)
	if err != nil {
		t.Fatal(err)
	}
	r, ok := made.(*release.Release)
	if !ok {
		t.Fatalf("Helm returns a %T", made)
	}
	return r.Manifest
}
