package docs_test

import (
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/krm-sidecars/krm-sidecars/functions"
	"github.com/krm-sidecars/krm-sidecars/pkg/config"
	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
	"github.com/krm-sidecars/krm-sidecars/tests/box"
)

// TestConfigs reads every config that a document shows as a whole.
func TestConfigs(t *testing.T) {
	for _, name := range documents(t) {
		for _, b := range blocks(t, name) {
			if b.lang == "yaml" && !slices.Contains(strings.Split(b.text, "\n"), "...") {
				readable(t, name, b)
			}
		}
	}
}

func readable(t *testing.T, name string, b block) {
	t.Helper()
	node, err := yaml.Parse(b.text)
	if err != nil {
		t.Errorf("%s:%d: %v", name, b.line, err)
		return
	}
	switch {
	case node.GetApiVersion() == config.APIVersion:
		if _, err := krm.ReadConfigs(functions.All(), name, b.text); err != nil {
			t.Errorf("%s:%d: %v", name, b.line, err)
		}
	case node.GetKind() == "ConfigMap" && name == "docs/config.md":
		runAsConfigMap(t, b.text)
	}
}

// runAsConfigMap runs a function with a ConfigMap for its config.
func runAsConfigMap(t *testing.T, text string) {
	t.Helper()
	list := "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems: []\nfunctionConfig:\n  " +
		strings.ReplaceAll(strings.TrimSpace(text), "\n", "\n  ") + "\n"
	_, report, err := krm.RunList(functions.All(), functions.All()[0].Name, list)
	box.Check(t, err)
	for _, r := range report.Results {
		if r.Code == "invalid-config" {
			t.Error(r.Line())
		}
	}
}

// TestFieldsAreDocumented: docs/config.md names the fields that all functions
// share, and a function's README has the reference that its test checks.
func TestFieldsAreDocumented(t *testing.T) {
	shared := read(t, "docs/config.md")
	for _, name := range fields(reflect.TypeFor[config.Common](), "") {
		if last := name[strings.LastIndex(name, ".")+1:]; !strings.Contains(shared, "`"+last+"`") && !strings.Contains(shared, last+":") {
			t.Errorf("docs/config.md does not tell of the field %s", name)
		}
	}
	for _, f := range functions.All() {
		folder := "functions/" + f.Name
		if !strings.Contains(read(t, folder+"/README.md"), "<!-- reference -->") {
			t.Errorf("%s/README.md has no reference; see CONTRIBUTING.md", folder)
		}
		if !strings.Contains(strings.Join(texts(t, filepath.Join(root, folder), "*_test.go"), ""), "fntest.Reference(") {
			t.Errorf("no test of %s calls fntest.Reference", folder)
		}
	}
}

// fields lists the paths of the fields of a struct, but for those of containers,
// which are Kubernetes' own.
func fields(of reflect.Type, prefix string) []string {
	for of.Kind() == reflect.Pointer || of.Kind() == reflect.Slice {
		of = of.Elem()
	}
	if of.Kind() != reflect.Struct || of == reflect.TypeFor[corev1.Container]() {
		return nil
	}
	var all []string
	for f := range of.Fields() {
		if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); name != "-" {
			all = append(all, prefix+"."+name)
			all = append(all, fields(f.Type, prefix+"."+name)...)
		}
	}
	return all
}
