//go:build e2e

package e2e

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/krm-sidecars/krm-sidecars/functions"
	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
	"github.com/krm-sidecars/krm-sidecars/tests/box"
)

// configOf names the config of each function in testdata/functions/base.
var configOf = map[string]string{
	"add-log-sidecar": "logs.yaml", "add-mesh-annotation": "mesh.yaml", "add-vault-init": "secrets.yaml", "add-exporter": "metrics.yaml",
	"add-sidecar": "agent.yaml", "add-proxy-sidecar": "proxy.yaml", "add-sync-sidecar": "pages.yaml",
	"add-init-container": "wait.yaml",
}

// newComponents copies testdata/functions and the Components of the repository.
func newComponents(t *testing.T) *sandbox {
	t.Helper()
	s := newSandbox(t, "functions")
	box.Check(t, os.CopyFS(filepath.Join(s.Dir, "components"), os.DirFS(filepath.Join(repoRoot, "components"))))
	return s
}

// layer writes a kustomization of a folder: its other lines, what it takes, and
// what it calls.
func (s *sandbox) layer(folder, lines string, resources, components []string) {
	s.T.Helper()
	s.Write(folder+"/kustomization.yaml", "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n"+lines+
		entries("resources", resources)+entries("components", components))
}

// entries is a list of YAML, and nothing where there are none.
func entries(key string, list []string) string {
	if len(list) == 0 {
		return ""
	}
	return key + ":\n- " + strings.Join(list, "\n- ") + "\n"
}

const workloadsOfBase = "templates/deployment.yaml templates/service.yaml"

// withConfigs are the resources of the base, and configs among them.
func withConfigs(configs ...string) []string {
	return append(strings.Fields(workloadsOfBase), configs...)
}

// TestK2_ComponentOfEachFunction: a config among the resources and the Component
// of its kind give what the config gives under transformers:, in a base, behind an
// overlay, and in an overlay of a base without functions.
func TestK2_ComponentOfEachFunction(t *testing.T) {
	const outer = "namePrefix: prod-\nnamespace: shop\n"
	for _, f := range krm.Singles(functions.All()) {
		config := configOf[f.Name]
		t.Run(f.Name, func(t *testing.T) {
			if config == "" {
				t.Fatal("testdata/functions/base has no config of this function")
			}
			s := newComponents(t)
			s.layer("base", "transformers: ["+config+"]\n", strings.Fields(workloadsOfBase), nil)
			s.layer("overlay", outer, []string{"../base"}, nil)
			base, overlay := s.kustomizeOK("base"), s.kustomizeOK("overlay")
			box.Contains(t, "build", base, "krm-sidecars.dev/"+f.Name+".")

			component := "../components/" + f.Name
			s.layer("base", "", withConfigs(config), []string{component})
			box.Equal(t, "base", base, s.kustomizeOK("base"))
			box.Equal(t, "overlay of the base", overlay, s.kustomizeOK("overlay"))

			s.layer("base", "", strings.Fields(workloadsOfBase), nil)
			s.Write("overlay/"+config, s.Read("base/"+config))
			s.layer("overlay", outer, []string{"../base", config}, []string{component})
			box.Equal(t, "component of the overlay", overlay, s.kustomizeOK("overlay"))
		})
	}
}

// TestK2_SameComponentInBothLayers: each works with the configs of its layer, and
// leaves what the other did.
func TestK2_SameComponentInBothLayers(t *testing.T) {
	s := newComponents(t)
	component := []string{"../components/add-log-sidecar"}
	s.layer("base", "", withConfigs("logs.yaml"), component)
	s.Write("overlay/audit.yaml", strings.NewReplacer("name: logs", "name: audit", "/var/log/app", "/var/log/audit").Replace(s.Read("base/logs.yaml")))
	s.layer("overlay", "", []string{"../base", "audit.yaml"}, component)
	got := s.kustomizeOK("overlay")
	box.Contains(t, "build", got, "krm-sidecars.dev/add-log-sidecar.logs: ", "krm-sidecars.dev/add-log-sidecar.audit: ")
	box.Contains(t, "base", got, documentOf(s.kustomizeOK("base"), "ConfigMap/web-log-sidecar"))
	box.Equal(t, "sidecars of Fluent Bit", 2, len(linesWith(got, "image: fluent/fluent-bit:")))
}

// TestK2_ConfigOfTheBaseComponentOfTheOverlay: where the config comes from does
// not matter, nor what the base has done to it.
func TestK2_ConfigOfTheBaseComponentOfTheOverlay(t *testing.T) {
	s := newComponents(t)
	s.layer("base", "namespace: shop\nlabels: [{pairs: {team: web}}]\n", withConfigs("logs.yaml"), nil)
	s.layer("overlay", "", []string{"../base"}, []string{"../components/add-log-sidecar"})
	got := s.kustomizeOK("overlay")
	box.Equal(t, "sidecars", []string{"Deployment/web"}, sidecars(got))
	box.Lacks(t, "build", got, "kind: AddLogSidecar")
}

// TestK2_LayerEditsWhatItsComponentInjected: Components run before images: of the
// layer that calls them, as transformers do not.
func TestK2_LayerEditsWhatItsComponentInjected(t *testing.T) {
	s := newComponents(t)
	s.layer("base", "images: [{name: fluent/fluent-bit, newTag: ours}]\n", withConfigs("logs.yaml"), []string{"../components/add-log-sidecar"})
	box.Equal(t, "images", 1, len(linesWith(s.kustomizeOK("base"), "image: fluent/fluent-bit:ours")))
}

// TestK1_ContainerComponent gives what the Component by program gives.
func TestK1_ContainerComponent(t *testing.T) {
	s := newComponents(t)
	s.layer("base", "", withConfigs("logs.yaml", "mesh.yaml"), []string{"../components/add-log-sidecar", "../components/add-mesh-annotation"})
	want := s.kustomizeOK("base")
	s.layer("base", "", withConfigs("logs.yaml", "mesh.yaml"), []string{"../components/add-log-sidecar/container", "../components/add-mesh-annotation/container"})
	calls := s.withStandIn()
	box.Equal(t, "build", want, s.kustomizeOK("base"))
	box.Equal(t, "sidecars", 1, len(sidecars(want)))
	box.Equal(t, "runs of the image", 2, strings.Count(calls(), "ghcr.io/krm-sidecars/krm-sidecars:v0.1.0"))
}

// TestK2_ComponentFromGit: the Components are taken from a repository, at a tag.
func TestK2_ComponentFromGit(t *testing.T) {
	s := newComponents(t)
	s.layer("base", "", withConfigs("logs.yaml"), []string{"../components/add-log-sidecar"})
	want := s.kustomizeOK("base")
	box.Check(t, os.Mkdir(filepath.Join(s.Dir, "upstream"), 0o755))
	box.Check(t, os.Rename(filepath.Join(s.Dir, "components"), filepath.Join(s.Dir, "upstream/components")))
	upstream := sandbox{s.In("upstream")}
	upstream.commit()
	upstream.OK("git", "tag", "v0.1.0")
	url := "file://" + upstream.Dir + "//components/add-log-sidecar?ref=v0.1.0"
	s.layer("base", "", withConfigs("logs.yaml"), []string{url})
	box.Equal(t, "build", want, s.kustomizeOK("base"))
	box.Contains(t, "another tag", s.refused(strings.Replace(url, "v0.1.0", "v9", 1)), "v9")
}

// refused builds the base with a Component that must fail.
func (s *sandbox) refused(component string) (stderr string) {
	s.T.Helper()
	s.layer("base", "", withConfigs("logs.yaml"), []string{component})
	out := s.kustomize("base")
	box.Equal(s.T, "exit code", 1, out.Code)
	box.Equal(s.T, "stdout", "", out.Stdout)
	return out.Stderr
}

// TestK6_ComponentTellsWhatIsWrong with the config, or that there is none.
func TestK6_ComponentTellsWhatIsWrong(t *testing.T) {
	s := newComponents(t)
	s.Replace("base/logs.yaml", "  logs:\n", "  lgos: []\n  logs:\n")
	first, _, _ := strings.Cut(s.refused("../components/add-log-sidecar"), "\n")
	box.Contains(t, "wrong field", first, "add-log-sidecar: error AddLogSidecar/logs spec.lgos: unknown field; did you mean logs?")

	first, _, _ = strings.Cut(s.refused("../components/add-exporter"), "\n")
	box.Contains(t, "no config", first, "add-exporter", "no AddExporter among the items", "resources")
}

// TestK2_ComponentIsNotSkippedInSilence: without --enable-exec kustomize leaves
// the function out and says nothing, but the config stays in what is built, and
// no cluster takes it.
func TestK2_ComponentIsNotSkippedInSilence(t *testing.T) {
	s := newComponents(t)
	s.Replace("base/logs.yaml", "    config.kubernetes.io/local-config: \"true\"\n", "")
	s.layer("base", "", withConfigs("logs.yaml"), []string{"../components/add-log-sidecar"})
	out := s.OK("kustomize", "build", "base", "--enable-alpha-plugins")
	box.Equal(t, "sidecars", 0, len(sidecars(out.Stdout)))
	box.Contains(t, "build", out.Stdout, "kind: AddLogSidecar\n")
}

// small are configs that add nothing beside a thousand Deployments: kustomize's
// time grows with the square of the number of resources.
var small = map[string]string{
	"logs.yaml":    "kind: AddLogSidecar\nmetadata: {name: logs}\nspec: {logs: [{paths: [/var/log/app/app.log]}]}\n",
	"mesh.yaml":    "kind: AddMeshAnnotation\nmetadata: {name: mesh}\nspec: {mesh: istio}\n",
	"metrics.yaml": "kind: AddExporter\nmetadata: {name: metrics}\nspec: {preset: redis, discovery: {annotations: {}}}\n",
	"secrets.yaml": "kind: AddVaultInit\nmetadata: {name: secrets}\n" +
		"spec: {target: {names: [web-0]}, address: 'https://vault:8200', role: web, secrets: [{path: secret/data/web}]}\n",
}

// TestK9_FourFunctionsInOneCall: a thousand Deployments and four functions cost
// kustomize one round trip.
func TestK9_FourFunctionsInOneCall(t *testing.T) {
	s := newComponents(t)
	var all strings.Builder
	for i := range 1000 {
		all.WriteString("---\n" + deployment("web-"+strconv.Itoa(i)))
	}
	s.Write("base/templates/deployment.yaml", all.String())
	for _, name := range allConfigs {
		s.Write("base/"+name, "apiVersion: krm-sidecars.dev/v1alpha1\n"+small[name])
	}
	s.layer("base", "", withConfigs(allConfigs...), []string{"../components/inject-sidecars"})
	s.countCalls()
	got := s.kustomizeOK("base")
	box.Equal(t, "calls", "call\n", s.Read("calls"))
	for text, times := range map[string]int{"name: log-sidecar": 1000, "name: redis-exporter": 1000, "sidecar.istio.io/inject: ": 1000, "name: vault-agent-init": 1} {
		box.Equal(t, text, times, len(linesWith(got, text)))
	}
	box.Lacks(t, "build", got, "kind: Add", "kind: Inject")
}

// countCalls puts a program on PATH that writes a line for each call and goes on
// to ours.
func (s *sandbox) countCalls() {
	s.T.Helper()
	calls := filepath.Join(s.Dir, "calls")
	s.Write("bin/krm-sidecars", "#!/bin/sh\necho call >>"+calls+"\nexec "+binaries["krm-sidecars"]+"\n")
	s.OK("chmod", "+x", "bin/krm-sidecars")
	s.Env = append(s.Env, "PATH="+filepath.Join(s.Dir, "bin")+string(os.PathListSeparator)+os.Getenv("PATH"))
}

// TestK9_OneCallGivesWhatFourGive, to the byte.
func TestK9_OneCallGivesWhatFourGive(t *testing.T) {
	s := newComponents(t)
	want := s.kustomizeOK("base")
	s.layer("base", "", withConfigs(allConfigs...), []string{"../components/inject-sidecars"})
	box.Equal(t, "build", want, s.kustomizeOK("base"))
}
