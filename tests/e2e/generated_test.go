//go:build e2e

package e2e

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
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
		s.write(name, generatorConfig)
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
	want := s.okPipe(in, "add-test-config").stdout
	equal(t, "items", []string{"Deployment/a", "ConfigMap/a-config", "Note/x", "Deployment/b", "ConfigMap/b-config"}, itemIdentities(want))
	onlyAdded(t, "list", in, want)
	for i := range 30 {
		s.env = append(s.env, "GOMAXPROCS="+string("124"[i%3]))
		equal(t, "list", want, s.okPipe(in, "add-test-config").stdout)
	}
	equal(t, "second run", want, s.okPipe(want, "add-test-config").stdout)
}

// TestS2_WorkloadBehindAComment: kpt sends a file's first comment between the
// item's dash and its first key.
func TestS2_WorkloadBehindAComment(t *testing.T) {
	in := asList("# The shop's front end.\n"+deployment("a"), deployment("b"))
	got := newSandbox(t, "").okPipe(in, "add-test-config").stdout
	onlyAdded(t, "list", in, got)
	equal(t, "items", 4, len(items(got)))
	equal(t, "added", 2, count(got, "krm-sidecars.dev/generated-by: add-test-config.greeting"))
	contains(t, "list", got, "\n- apiVersion: v1\n  kind: ConfigMap\n  metadata:\n    name: a-config\n")
}

func TestK4_AddedConfigMapGetsPrefixAndNamespaceOfOuterLayers(t *testing.T) {
	const base, overlay = "base-with-function", "overlay-of-base-with-function"
	s := newGenerating(t, "kustomize-layers", base+"/log.yaml")
	s.replace(overlay+"/kustomization.yaml", "namePrefix: prod-\n", "namePrefix: prod-\nnamespace: shop\n")
	for layer, name := range map[string]string{base: "web-config", overlay: "prod-web-config"} {
		got := s.kustomizeOK(layer)
		equal(t, layer+": added", []string{"ConfigMap/" + name}, generated(got))
		equal(t, layer+": mounted", []string{name}, mounted(got))
		lacks(t, layer, got, "config.kubernetes.io/", "config.k8s.io/", "AddTestConfig")
	}
	added := documentOf(s.kustomizeOK(overlay), "ConfigMap/prod-web-config")
	equal(t, "namespace", 1, count(added, "namespace: shop"))
}

// TestK4_RemoveGivesBackTheBuild: what is added goes again.
func TestK4_RemoveGivesBackTheBuild(t *testing.T) {
	const layer = "base-with-function"
	s := newGenerating(t, "kustomize-layers", layer+"/log.yaml")
	got := s.kustomizeOK(layer)
	equal(t, "added", 1, len(generated(got)))
	s.replace(layer+"/kustomization.yaml", transformers, "")
	equal(t, "removed", s.kustomizeOK(layer), s.okPipe(got, "krm-sidecars", "remove", "--all", "-").stdout)
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
			web := s.read(base + "/deployment.yaml")
			s.write(base+"/deployment.yaml", web+"---\n"+strings.ReplaceAll(web, "web", "api"))
			s.replace(overlay+"/kustomization.yaml", "../base", "../"+base)
			s.replace(overlay+"/kustomization.yaml", "namePrefix: prod-\n", tc.change)
			got := s.kustomizeOK(overlay)
			added := generated(got)
			slices.Sort(added)
			equal(t, "added", tc.want, added)
			all := identities(got)
			equal(t, "distinct identities", len(all), distinct(all))
			equal(t, "second build", got, s.kustomizeOK(overlay))
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
			got := newSandbox(t, "").okPipe(asList(objects...), "add-test-config").stdout
			all := itemIdentities(got)
			equal(t, "number of items", len(objects)+1, len(all))
			equal(t, "ConfigMaps", 1, len(slices.DeleteFunc(all, func(id string) bool { return id != "ConfigMap/web-config" })))
		})
	}
}

// newGeneratingPackage is the kpt package with the generator in its pipeline.
func newGeneratingPackage(t *testing.T) *sandbox {
	t.Helper()
	s := newGenerating(t, "kpt-package", "log.yaml")
	s.replace("Kptfile", "exec: add-log-sidecar", "exec: add-test-config")
	return s
}

func TestP3_AddedObjectLandsBesideItsWorkload(t *testing.T) {
	s := newGeneratingPackage(t)
	before := s.tree()
	s.render()
	s.commit()
	var files []string
	for name := range s.tree() {
		if _, old := before[name]; !old {
			files = append(files, name)
		}
	}
	slices.Sort(files)
	want := []string{"apps/configmap_web-config.yaml", "jobs/configmap_worker-config.yaml"}
	equal(t, "new files", want, files)
	for _, file := range files {
		equal(t, file, 1, len(generated(s.read(file))))
		lacks(t, file, s.read(file), "config.kubernetes.io/", "config.k8s.io/")
	}
	equal(t, "namespaces", []int{0, 1}, []int{count(s.read(want[0]), "namespace: shop"), count(s.read(want[1]), "namespace: shop")})
	s.render()
	equal(t, "git status after the second render", "", s.ok("git", "status", "--porcelain").stdout)
}

// TestP3_SelectedSecondRender: with selectors kpt sends the workload without its
// ConfigMap, which must not come twice.
func TestP3_SelectedSecondRender(t *testing.T) {
	s := newGeneratingPackage(t)
	s.replace("Kptfile", "configPath: log.yaml\n", "configPath: log.yaml\n    selectors:\n    - kind: Deployment\n")
	s.render()
	s.commit()
	equal(t, "file", 1, len(generated(s.read("apps/configmap_web-config.yaml"))))
	out := s.run("kpt", "fn", "render", ".", "--allow-exec")
	equal(t, "exit code of the second render", 0, out.code)
	equal(t, "git status", "", s.ok("git", "status", "--porcelain").stdout)
}

// TestP3_RemoveGivesBackTheRender: remove finds the object in its own file.
func TestP3_RemoveGivesBackTheRender(t *testing.T) {
	want, got := newGeneratingPackage(t), newGeneratingPackage(t)
	want.replace("Kptfile", "exec: add-test-config", "exec: cat")
	want.render()
	want.replace("Kptfile", "exec: cat", "exec: add-test-config")
	got.render()
	got.ok("krm-sidecars", "remove", "--all", "--write", ".")
	left := got.tree()
	maps.DeleteFunc(left, func(name, text string) bool { // an empty file holds no object
		return strings.Contains(name, "/configmap_") && strings.TrimSpace(text) == ""
	})
	equal(t, "package", want.tree(), left)
}

// TestP3_InjectAfterRender: files that kpt has rendered are up to date for inject.
func TestP3_InjectAfterRender(t *testing.T) {
	s := newGeneratingPackage(t)
	s.render()
	before := s.tree()
	s.ok("generator", "inject", "-c", "log.yaml", "--write", ".")
	equal(t, "package", before, s.tree())
}

func TestH7_AddedObjectKeepsTheFilename(t *testing.T) {
	s := newChart(t)
	s.write("log.yaml", generatorConfig)
	plugin := s.installPluginWith("generator")
	s.recordTraffic(plugin)
	got := s.helm4("-c", "log.yaml")
	want := map[string]string{"web": "deployment", "crlf": "windows", "in-list": "list"}
	equal(t, "added", len(want), len(generated(got)))
	returned := s.read("returned.yaml")
	equal(t, "annotated documents", len(documents(returned)), len(linesWith(returned, filenameKey)))
	for name, file := range want {
		line := linesWith(documentOf(returned, "ConfigMap/"+name+"-config"), filenameKey)
		equal(t, name, 1, len(line))
		contains(t, name, strings.Join(line, ""), "shop/templates/"+file+".yaml")
	}
	lacks(t, "render", got, filenameKey, "generated-by-postrender")
	equal(t, "removed", s.throughCat(plugin), s.okPipe(got, "krm-sidecars", "remove", "--all", "-").stdout)
}

// TestH1_RemoveOfAddedObjectsGivesBackTheRender: after documents and items alike.
func TestH1_RemoveOfAddedObjectsGivesBackTheRender(t *testing.T) {
	s := newChart(t)
	s.write("log.yaml", generatorConfig)
	flags := postRender("-c", "log.yaml")
	flags[1] = "generator"
	plain, got := s.helm3("template eu shop").stdout, s.helm3("template eu shop", flags...).stdout
	onlyAdded(t, "render", plain, got)
	equal(t, "mounted", []string{"crlf-config", "in-list-config", "web-config"}, slices.Sorted(slices.Values(mounted(strings.ReplaceAll(got, "\r", "")))))
	equal(t, "generated", 3, len(linesWith(got, "krm-sidecars.dev/generated-by: add-test-config.greeting")))
	again := s.okPipe(got, "generator", "post-render", "-c", "log.yaml").stdout
	equal(t, "second run", got, again)
	equal(t, "removed", plain, s.okPipe(got, "krm-sidecars", "remove", "--all", "-").stdout)
}
