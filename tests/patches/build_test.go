package patches

import (
	"maps"
	"path"
	"strings"
	"testing"

	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"
	"sigs.k8s.io/kustomize/kyaml/kio"

	"github.com/krm-sidecars/krm-sidecars/functions"
	"github.com/krm-sidecars/krm-sidecars/pkg/emit"
	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
)

const kustomization = "kustomization.yaml"

// built is what kustomize prints: objects by their identity.
type built map[string]any

// build returns what kustomize makes of files, from the folder top.
func build(t testing.TB, files map[string]string, top string) (built, error) {
	t.Helper()
	printed, err := kustomize(files, top)
	if err != nil {
		return nil, err
	}
	return objects(t, string(printed)), nil
}

// kustomize runs kustomize on files, from the folder top.
func kustomize(files map[string]string, top string) ([]byte, error) {
	fs := filesys.MakeFsInMemory()
	for name, text := range files {
		if err := fs.WriteFile(path.Join("/", name), []byte(text)); err != nil {
			return nil, err
		}
	}
	resources, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(fs, path.Join("/", top))
	if err != nil {
		return nil, err
	}
	return resources.AsYaml()
}

// objects reads a stream.
func objects(t testing.TB, stream string) built {
	t.Helper()
	nodes, err := kio.FromBytes([]byte(stream))
	if err != nil {
		t.Fatal(err)
	}
	all := built{}
	for _, n := range nodes {
		object, err := n.Map()
		if err != nil {
			t.Fatal(err)
		}
		all[strings.Join([]string{n.GetApiVersion(), n.GetKind(), n.GetNamespace(), n.GetName()}, " ")] = withoutNulls(object)
	}
	return all
}

// withoutNulls takes fields out that are null: kustomize drops the null labels of
// an object that it patches, and to Kubernetes they mean the same as none.
func withoutNulls(v any) any {
	switch v := v.(type) {
	case map[string]any:
		maps.DeleteFunc(v, func(_ string, field any) bool { return field == nil })
		for name, field := range v {
			v[name] = withoutNulls(field)
		}
	case []any:
		for i, item := range v {
			v[i] = withoutNulls(item)
		}
	}
	return v
}

// alone builds one file.
func alone(t testing.TB, text string) (built, error) {
	t.Helper()
	return build(t, map[string]string{"in.yaml": text, kustomization: "resources: [in.yaml]\n"}, "")
}

// withComponent builds a file with the Component that is to stand for functions.
func withComponent(t testing.TB, text string, emitted map[string]string) (built, error) {
	t.Helper()
	return build(t, map[string]string{
		"top/in.yaml":              text,
		"top/" + kustomization:     "resources: [in.yaml]\ncomponents: [../patches]\n",
		"patches/" + kustomization: emitted[emit.Patches],
		"patches/objects.yaml":     emitted[emit.Objects],
	}, "top")
}

// engine makes an engine of configs.
func engine(t testing.TB, config string) *krm.Engine {
	t.Helper()
	instances, err := krm.ReadConfigs(functions.All(), "config.yaml", config)
	if err != nil {
		t.Fatal(err)
	}
	e, err := krm.NewEngine(instances, "")
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// forms returns what functions do to a text in every form.
func forms(t testing.TB, config, text string) (map[string]string, krm.Report) {
	t.Helper()
	all := map[string]string{}
	var report krm.Report
	for _, form := range emit.Forms() {
		all[form], report = emit.Run(engine(t, config), form, krm.Text{Name: "in.yaml", Source: text})
	}
	return all, report
}
