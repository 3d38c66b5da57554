// Package deps holds what may import what, and what must not get into the
// binary.
package deps

import (
	"encoding/json"
	"errors"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/krm-sidecars/krm-sidecars"

// order says who may import whom: in "a < b", b may import a, and whatever a may
// import. "a !< b" takes one away again: b must not import a itself. A package is
// named without pkg/; main is the program, functions/* is every function, yaml is
// every YAML library.
const order = `
	yaml, edit, lazyre < yamlpatch;
	yamlpatch < manifest, pod, config;
	edit, pod, servicemesh < inject;
	pod < servicemesh;
	manifest, config, inject < krm;
	images, lazyre, servicemesh, krm < functions/* < functions < main;
	krm < catalog, emit, report;
	krm, schema, catalog, emit, report < cli < main;
	krm < fnsdk, postrender, fntest;

	manifest !< pod, config;
	yaml, yamlpatch, manifest, config !< inject;
	yaml !< manifest, pod, config, krm, catalog, emit, report, cli, fnsdk, postrender, main;
	yaml, edit, yamlpatch, manifest !< functions/*, functions, cli, main;
	lazyre !< functions, cli, main;
	functions/*, functions !< cli;
	functions/* !< main;
	images !< cli, functions, main;
`

// helpers are for tests and for other programs: main does not link them.
var helpers = []string{"fnsdk", "postrender", "fntest"}

// denied must not be linked, neither by us nor by what we import. Of kyaml only
// its parser, go.yaml.in/yaml/v3, is used.
var denied = []string{
	"helm.sh/helm",
	"k8s.io/client-go",
	"k8s.io/kubectl",
	"sigs.k8s.io/kustomize",
	"github.com/GoogleContainerTools/kpt-functions-sdk",
	"github.com/kptdev",
	"k8s.io/kube-openapi",
	"testing",
}

// allowed is below what is denied, and harmless: apimachinery wants the names of
// types from it.
var allowed = []string{"k8s.io/kube-openapi/pkg/util"}

var yamlLibrary = regexp.MustCompile(`(^|/)k?yaml(\.v\d+)?(/|$)`)

// TestOrder holds the direction of the imports.
func TestOrder(t *testing.T) {
	rules, err := parse(order)
	if err != nil {
		t.Fatal(err)
	}
	imports := imports(t)
	for _, name := range slices.Sorted(maps.Keys(imports)) {
		if !rules.knows(name) {
			t.Errorf("%s has no place in the order; give it one", name)
			continue
		}
		for _, imported := range imports[name] {
			if why := rules.forbid(imported, name); why != "" {
				t.Errorf("%s must not import %s: %s", name, imported, why)
			}
		}
	}
	for name := range rules.below {
		if name != "yaml" && name != "functions/*" && imports[name] == nil {
			t.Errorf("the order has %s, which is no package", name)
		}
	}
}

// TestOrderIsUsed keeps the order from allowing what nobody does: a rule "a < b"
// that no import needs is out of date.
func TestOrderIsUsed(t *testing.T) {
	rules, err := parse(order)
	if err != nil {
		t.Fatal(err)
	}
	used := map[[2]string]bool{}
	for name, all := range imports(t) {
		for _, imported := range all {
			used[[2]string{class(imported), class(name)}] = true
		}
	}
	for name, below := range rules.below {
		for _, b := range below {
			if !used[[2]string{b, name}] && !rules.denied[[2]string{b, name}] {
				t.Errorf("%s < %s is written, but %s does not import %s", b, name, name, b)
			}
		}
	}
}

// TestLinked holds what is in the binary.
func TestLinked(t *testing.T) {
	linked := strings.Fields(string(list(t, "-deps", ".")))
	for _, pkg := range linked {
		for _, bad := range denied {
			if within(pkg, bad) && !slices.ContainsFunc(allowed, func(ok string) bool { return within(pkg, ok) }) {
				t.Errorf("the binary holds %s; go mod why %s", pkg, pkg)
			}
		}
	}
	for _, name := range helpers {
		if slices.Contains(linked, module+"/pkg/"+name) {
			t.Errorf("the binary holds pkg/%s, which is not for it", name)
		}
	}
}

func within(pkg, above string) bool { return pkg == above || strings.HasPrefix(pkg, above+"/") }

// imports returns what each package of ours imports, of ours and of YAML. Tests
// are free.
func imports(t *testing.T) map[string][]string {
	t.Helper()
	all := map[string][]string{}
	for dec := json.NewDecoder(strings.NewReader(string(list(t, "-json=ImportPath,Imports", "./...")))); ; {
		var pkg struct {
			ImportPath string
			Imports    []string
		}
		err := dec.Decode(&pkg)
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		if !within(pkg.ImportPath, module) || within(pkg.ImportPath, module+"/tests") {
			continue
		}
		all[short(pkg.ImportPath)] = []string{}
		for _, path := range pkg.Imports {
			if name := short(path); name != "" && !slices.Contains(all[short(pkg.ImportPath)], name) {
				all[short(pkg.ImportPath)] = append(all[short(pkg.ImportPath)], name)
			}
		}
	}
}

// short is the name of a package in the order, "" for those that it is not about.
func short(path string) string {
	switch {
	case path == module:
		return "main"
	case within(path, module):
		return strings.TrimPrefix(strings.TrimPrefix(path, module+"/"), "pkg/")
	case yamlLibrary.MatchString(path):
		return "yaml"
	}
	return ""
}

func list(t *testing.T, args ...string) []byte {
	t.Helper()
	watch(t)
	cmd := exec.CommandContext(t.Context(), "go", append([]string{"list"}, args...)...)
	cmd.Dir = "../.."
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, stderr.String())
	}
	return out
}

// watch looks at what go list reads, so that go test takes no cached result when
// it has changed.
func watch(t *testing.T) {
	t.Helper()
	for _, pattern := range []string{"*.go", "go.mod", "functions/*.go", "functions/*/*.go", "pkg/*/*.go"} {
		files, err := filepath.Glob("../../" + pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("there is no %s: %v", pattern, err)
		}
		for _, file := range files {
			if _, err := os.Stat(file); err != nil {
				t.Log(err)
			}
		}
	}
}
