package accepted

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
	"sigs.k8s.io/yaml"

	"github.com/krm-sidecars/krm-sidecars/functions"
	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
	"github.com/krm-sidecars/krm-sidecars/tests/box"
	"github.com/krm-sidecars/krm-sidecars/tests/cluster/kube"
)

// forbidden are the golden cases whose configs ask for what Pod Security forbids.
func forbidden() map[string]string {
	return map[string]string{
		"add-sidecar/testdata/privileged.txtar":                "must not set securityContext.privileged=true",
		"add-sidecar/testdata/share-propagation.txtar":         "must not set securityContext.privileged=true",
		"add-sidecar/testdata/root-in-user-namespace.txtar":    "must not set runAsUser=0",
		"add-sidecar/testdata/root.txtar":                      "must not set runAsUser=0",
		"add-sidecar/testdata/user-of-image-may-be-root.txtar": "must not set securityContext.runAsNonRoot=false",
		"add-vault-init/testdata/dialect-user.txtar":           "must not set runAsUser=0",
		"add-init-container/testdata/permissions-root.txtar":   "must not set runAsUser=0",
		"add-init-container/testdata/permissions-nfs.txtar":    "must not set runAsUser=0",
	}
}

// goldens are the outputs of the golden cases.
func goldens(t *testing.T) map[string]output {
	t.Helper()
	all := map[string]output{}
	files, err := filepath.Glob(filepath.Join(kube.Root(), "functions", "*", "testdata", "*.txtar"))
	box.Check(t, err)
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		box.Check(t, err)
		for _, part := range archive.Files {
			if part.Name == "out.yaml" {
				name := below("functions", file)
				out := whole(t, string(part.Data))
				out.asks = forbidden()[name]
				all[name] = out
			}
		}
	}
	return all
}

// corpus is what the functions' example configs make of manifests that were not
// written for us, whatever the kind.
func corpus(t *testing.T) map[string]output {
	t.Helper()
	root := filepath.Join(kube.Root(), "..", "shared", "corpus")
	if _, err := os.Stat(root); err != nil {
		t.Skip("the corpus is not here:", err)
	}
	all := map[string]output{}
	for _, f := range functions.All() {
		config := everywhere(t, f.Example)
		for _, file := range files(t, root) {
			out, report := run(t, config, read(t, file))
			if !report.Failed() && report.Changed() > 0 {
				all[f.Name+"/"+below("corpus", file)] = whole(t, out)
			}
		}
	}
	return all
}

// apps is what configs are tried on beside manifests of other people: an app of
// every kind that Pod Security calls restricted.
const apps = "testdata/restricted.yaml"

// restrictedApps is what configs make of apps that are accepted as they are.
func restrictedApps(t *testing.T) map[string]output {
	t.Helper()
	configs := map[string]string{}
	for _, f := range functions.All() {
		configs[f.Name] = everywhere(t, f.Example)
	}
	for _, file := range files(t, filepath.Join(kube.Root(), "tests", "properties", "testdata", "configs")) {
		configs[filepath.Base(file)] = read(t, file)
	}
	all := map[string]output{}
	for name, config := range configs {
		out, report := run(t, config, read(t, apps))
		if report.Failed() {
			t.Errorf("%s: %v", name, report.Results)
		}
		all[name] = whole(t, out)
	}
	return all
}

// everywhere is a config without its target.
func everywhere(t *testing.T, config string) string {
	t.Helper()
	var object map[string]any
	box.Check(t, yaml.Unmarshal([]byte(config), &object))
	object["spec"].(map[string]any)["target"] = map[string]any{}
	text, err := yaml.Marshal(object)
	box.Check(t, err)
	return string(text)
}

func run(t *testing.T, config, text string) (string, krm.Report) {
	t.Helper()
	instances, err := krm.ReadConfigs(functions.All(), "config.yaml", config)
	box.Check(t, err)
	engine, err := krm.NewEngine(instances, "")
	box.Check(t, err)
	return engine.RunText("in.yaml", text)
}

// whole is an output with its records: removing gives what it was made of.
func whole(t *testing.T, text string) output {
	t.Helper()
	engine, err := krm.NewRemover()
	box.Check(t, err)
	before, report := engine.RunText("out.yaml", text)
	if report.Failed() {
		t.Fatalf("removing fails: %v", report.Results)
	}
	return output{before: objects(t, before), after: objects(t, text)}
}

func files(t *testing.T, root string) []string {
	t.Helper()
	var all []string
	box.Check(t, filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && filepath.Ext(path) != ".md" {
			all = append(all, path)
		}
		return err
	}))
	return all
}

func read(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	box.Check(t, err)
	return string(text)
}

// below is a path from a folder on.
func below(folder, path string) string {
	_, after, _ := strings.Cut(path, string(filepath.Separator)+folder+string(filepath.Separator))
	return after
}
