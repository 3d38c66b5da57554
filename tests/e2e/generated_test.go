//go:build e2e

package e2e

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/krm-sidecars/krm-sidecars/tests/box"
)

// generatorConfig configures add-test-config, which only the generator knows: it
// adds a ConfigMap to every workload, with a volume that refers to it.
const generatorConfig = `apiVersion: krm-sidecars.dev/v1alpha1
kind: AddTestConfig
metadata:
  name: greeting
  annotations:
    config.kubernetes.io/local-config: "true"
    config.kubernetes.io/function: |
      exec:
        path: add-test-config
`

const filenameKey = "postrenderer.helm.sh/postrender-filename"

// newGenerating copies a fixture and puts the generator's config into the place
// of the log sidecar's.
func newGenerating(t *testing.T, fixture string, configs ...string) *sandbox {
	t.Helper()
	s := newSandbox(t, fixture)
	for _, name := range configs {
		s.Write(name, generatorConfig)
	}
	return s
}

// generated lists Kind/name of the documents that a function has added.
func generated(stream string) []string {
	var found []string
	for _, doc := range documents(stream) {
		if strings.Contains(doc, "krm-sidecars.dev/generated-by: add-test-config.greeting\n") {
			found = append(found, identity(doc))
		}
	}
	return found
}

// mountedConfig is a volume of a ConfigMap; hosts that sort keys put the items in
// front of the name.
var mountedConfig = regexp.MustCompile(`configMap:\n(?: +items:\n(?: +(?:- key|path): .*\n)+)? +name: (\S+)\n`)

// mounted lists the ConfigMaps that the volumes of a stream refer to.
func mounted(stream string) []string {
	var names []string
	for _, m := range mountedConfig.FindAllStringSubmatch(stream, -1) {
		names = append(names, m[1])
	}
	return names
}

// identities lists Kind/name of all documents.
func identities(stream string) []string {
	var all []string
	for _, doc := range documents(stream) {
		all = append(all, identity(doc))
	}
	return all
}

func asList(objects ...string) string {
	var b strings.Builder
	b.WriteString("apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n")
	for _, o := range objects {
		b.WriteString(asItem(o))
	}
	b.WriteString("functionConfig:\n  apiVersion: krm-sidecars.dev/v1alpha1\n  kind: AddTestConfig\n  metadata:\n    name: greeting\n")
	return b.String()
}

func itemIdentities(list string) []string {
	var all []string
	for _, item := range items(list) {
		all = append(all, identity(strings.ReplaceAll("  "+item[2:], "\n  ", "\n")))
	}
	return all
}

func TestS2_AddedObjectFollowsItsWorkload(t *testing.T) {
	s := newSandbox(t, "")
	in := asList(deployment("a"), strings.Replace(deployment("x"), "Deployment", "Note", 1), deployment("b"))
	want := s.OKPipe(in, "add-test-config").Stdout
	box.Equal(t, "items", []string{"Deployment/a", "ConfigMap/a-config", "Note/x", "Deployment/b", "ConfigMap/b-config"}, itemIdentities(want))
	onlyAdded(t, "list", in, want)
	for i := range 30 {
		s.Env = append(s.Env, "GOMAXPROCS="+string("124"[i%3]))
		box.Equal(t, "list", want, s.OKPipe(in, "add-test-config").Stdout)
	}
	box.Equal(t, "second run", want, s.OKPipe(want, "add-test-config").Stdout)
}

// TestS2_WorkloadBehindAComment: kpt sends a file's first comment between the
// item's dash and its first key.
func TestS2_WorkloadBehindAComment(t *testing.T) {
	in := asList("# The shop's front end.\n"+deployment("a"), deployment("b"))
	got := newSandbox(t, "").OKPipe(in, "add-test-config").Stdout
	onlyAdded(t, "list", in, got)
	box.Equal(t, "items", 4, len(items(got)))
	box.Equal(t, "added", 2, count(got, "krm-sidecars.dev/generated-by: add-test-config.greeting"))
	box.Contains(t, "list", got, "\n- apiVersion: v1\n  kind: ConfigMap\n  metadata:\n    name: a-config\n")
}

func TestK4_AddedConfigMapGetsPrefixAndNamespaceOfOuterLayers(t *testing.T) {
	const base, overlay = "base-with-function", "overlay-of-base-with-function"
	s := newGenerating(t, "kustomize-layers", base+"/log.yaml")
	s.Replace(overlay+"/kustomization.yaml", "namePrefix: prod-\n", "namePrefix: prod-\nnamespace: shop\n")
	for layer, name := range map[string]string{base: "web-config", overlay: "prod-web-config"} {
		got := s.kustomizeOK(layer)
		box.Equal(t, layer+": added", []string{"ConfigMap/" + name}, generated(got))
		box.Equal(t, layer+": mounted", []string{name}, mounted(got))
		box.Lacks(t, layer, got, "config.kubernetes.io/", "config.k8s.io/", "AddTestConfig")
	}
	added := documentOf(s.kustomizeOK(overlay), "ConfigMap/prod-web-config")
	box.Equal(t, "namespace", 1, count(added, "namespace: shop"))
}

// TestK4_RemoveGivesBackTheBuild: what is added goes again.
func TestK4_RemoveGivesBackTheBuild(t *testing.T) {
	const layer = "base-with-function"
	s := newGenerating(t, "kustomize-layers", layer+"/log.yaml")
	got := s.kustomizeOK(layer)
	box.Equal(t, "added", 1, len(generated(got)))
	s.Replace(layer+"/kustomization.yaml", transformers, "")
	box.Equal(t, "removed", s.kustomizeOK(layer), s.OKPipe(got, "krm-sidecars", "remove", "--all", "-").Stdout)
}

// TestK7_NoDuplicateIdentities: base and overlay both run the function, and each
// workload has one ConfigMap, whatever the overlay does to names.
func TestK7_NoDuplicateIdentities(t *testing.T) {
	const base, overlay = "base-with-function", "overlay-with-function"
	for name, tc := range map[string]struct {
		change string
		want   []string
	}{
		"same names": {"", []string{"ConfigMap/api-config", "ConfigMap/web-config"}},
		"namePrefix": {"namePrefix: prod-\n", []string{"ConfigMap/prod-api-config", "ConfigMap/prod-web-config"}},
		"nameSuffix": {"nameSuffix: -v2\n", []string{"ConfigMap/api-v2-config", "ConfigMap/web-v2-config"}},
		"namespace":  {"namespace: shop\n", []string{"ConfigMap/api-config", "ConfigMap/web-config"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := newGenerating(t, "kustomize-layers", base+"/log.yaml", overlay+"/log.yaml")
			web := s.Read(base + "/deployment.yaml")
			s.Write(base+"/deployment.yaml", web+"---\n"+strings.ReplaceAll(web, "web", "api"))
			s.Replace(overlay+"/kustomization.yaml", "../base", "../"+base)
			s.Replace(overlay+"/kustomization.yaml", "namePrefix: prod-\n", tc.change)
			got := s.kustomizeOK(overlay)
			added := generated(got)
			slices.Sort(added)
			box.Equal(t, "added", tc.want, added)
			all := identities(got)
			box.Equal(t, "distinct identities", len(all), distinct(all))
			box.Equal(t, "second build", got, s.kustomizeOK(overlay))
		})
	}
}

// twoTemplates is a workload that holds two pod templates.
const twoTemplates = `apiVersion: jobset.x-k8s.io/v1alpha2
kind: JobSet
metadata:
  name: web
spec:
  replicatedJobs:
  - name: first
    template: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: app, image: "app:1.0.0"}]}}}}
  - name: second
    template: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: app, image: "app:1.0.0"}]}}}}
`

// TestK7_OneObjectWantedTwice: two pod templates, or two workloads, that want the
// same object get one.
func TestK7_OneObjectWantedTwice(t *testing.T) {
	twins := []string{deployment("web"), strings.Replace(deployment("web"), "Deployment", "StatefulSet", 1)}
	for name, objects := range map[string][]string{"two templates": {twoTemplates}, "two workloads": twins} {
		t.Run(name, func(t *testing.T) {
			got := newSandbox(t, "").OKPipe(asList(objects...), "add-test-config").Stdout
			all := itemIdentities(got)
			box.Equal(t, "number of items", len(objects)+1, len(all))
			box.Equal(t, "ConfigMaps", 1, len(slices.DeleteFunc(all, func(id string) bool { return id != "ConfigMap/web-config" })))
		})
	}
}

// newGeneratingPackage is the kpt package with the generator in its pipeline.
func newGeneratingPackage(t *testing.T) *sandbox {
	t.Helper()
	s := newGenerating(t, "kpt-package", "log.yaml")
	s.Replace("Kptfile", "exec: add-log-sidecar", "exec: add-test-config")
	return s
}

func TestP3_AddedObjectLandsBesideItsWorkload(t *testing.T) {
	s := newGeneratingPackage(t)
	before := s.Tree()
	s.render()
	s.commit()
	var files []string
	for name := range s.Tree() {
		if _, old := before[name]; !old {
			files = append(files, name)
		}
	}
	slices.Sort(files)
	want := []string{"apps/configmap_web-config.yaml", "jobs/configmap_worker-config.yaml"}
	box.Equal(t, "new files", want, files)
	for _, file := range files {
		box.Equal(t, file, 1, len(generated(s.Read(file))))
		box.Lacks(t, file, s.Read(file), "config.kubernetes.io/", "config.k8s.io/")
	}
	box.Equal(t, "namespaces", []int{0, 1}, []int{count(s.Read(want[0]), "namespace: shop"), count(s.Read(want[1]), "namespace: shop")})
	s.render()
	box.Equal(t, "git status after the second render", "", s.OK("git", "status", "--porcelain").Stdout)
}

// TestP3_SelectedSecondRender: with selectors kpt sends the workload without its
// ConfigMap, which must not come twice.
func TestP3_SelectedSecondRender(t *testing.T) {
	s := newGeneratingPackage(t)
	s.Replace("Kptfile", "configPath: log.yaml\n", "configPath: log.yaml\n    selectors:\n    - kind: Deployment\n")
	s.render()
	s.commit()
	box.Equal(t, "file", 1, len(generated(s.Read("apps/configmap_web-config.yaml"))))
	out := s.Run("kpt", "fn", "render", ".", "--allow-exec")
	box.Equal(t, "exit code of the second render", 0, out.Code)
	box.Equal(t, "git status", "", s.OK("git", "status", "--porcelain").Stdout)
}

// TestP3_RemoveGivesBackTheRender: remove finds the object in its own file.
func TestP3_RemoveGivesBackTheRender(t *testing.T) {
	want, got := newGeneratingPackage(t), newGeneratingPackage(t)
	want.Replace("Kptfile", "exec: add-test-config", "exec: cat")
	want.render()
	want.Replace("Kptfile", "exec: cat", "exec: add-test-config")
	got.render()
	got.OK("krm-sidecars", "remove", "--all", "--write", ".")
	left := got.Tree()
	maps.DeleteFunc(left, func(name, text string) bool { // an empty file holds no object
		return strings.Contains(name, "/configmap_") && strings.TrimSpace(text) == ""
	})
	box.Equal(t, "package", want.Tree(), left)
}

// TestP3_InjectAfterRender: files that kpt has rendered are up to date for inject.
func TestP3_InjectAfterRender(t *testing.T) {
	s := newGeneratingPackage(t)
	s.render()
	before := s.Tree()
	s.OK("generator", "inject", "-c", "log.yaml", "--write", ".")
	box.Equal(t, "package", before, s.Tree())
}

func TestH7_AddedObjectKeepsTheFilename(t *testing.T) {
	s := newChart(t)
	s.Write("log.yaml", generatorConfig)
	plugin := s.installPluginWith("generator")
	s.recordTraffic(plugin)
	got := s.helm4("-c", "log.yaml")
	want := map[string]string{"web": "deployment", "crlf": "windows", "in-list": "list"}
	box.Equal(t, "added", len(want), len(generated(got)))
	returned := s.Read("returned.yaml")
	box.Equal(t, "annotated documents", len(documents(returned)), len(linesWith(returned, filenameKey)))
	for name, file := range want {
		line := linesWith(documentOf(returned, "ConfigMap/"+name+"-config"), filenameKey)
		box.Equal(t, name, 1, len(line))
		box.Contains(t, name, strings.Join(line, ""), "shop/templates/"+file+".yaml")
	}
	box.Lacks(t, "render", got, filenameKey, "generated-by-postrender")
	box.Equal(t, "removed", s.throughCat(plugin), s.OKPipe(got, "krm-sidecars", "remove", "--all", "-").Stdout)
}

// TestH1_RemoveOfAddedObjectsGivesBackTheRender: after documents and items alike.
func TestH1_RemoveOfAddedObjectsGivesBackTheRender(t *testing.T) {
	s := newChart(t)
	s.Write("log.yaml", generatorConfig)
	flags := postRender("-c", "log.yaml")
	flags[1] = "generator"
	plain, got := s.helm3("template eu shop").Stdout, s.helm3("template eu shop", flags...).Stdout
	onlyAdded(t, "render", plain, got)
	box.Equal(t, "mounted", []string{"crlf-config", "in-list-config", "web-config"}, slices.Sorted(slices.Values(mounted(strings.ReplaceAll(got, "\r", "")))))
	box.Equal(t, "generated", 3, len(linesWith(got, "krm-sidecars.dev/generated-by: add-test-config.greeting")))
	again := s.OKPipe(got, "generator", "post-render", "-c", "log.yaml").Stdout
	box.Equal(t, "second run", got, again)
	box.Equal(t, "removed", plain, s.OKPipe(got, "krm-sidecars", "remove", "--all", "-").Stdout)
}
