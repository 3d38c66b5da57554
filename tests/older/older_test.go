package older

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// version is what configs ask for.
const version = "1.28"

// root is the folder of the repository.
const root = "../.."

// TestOlder: the golden cases, and the example configs on apps of every kind, made
// for an older Kubernetes.
func TestOlder(t *testing.T) {
	program := filepath.Join(t.TempDir(), "krm-sidecars")
	if out, err := exec.Command("go", "build", "-C", root, "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("building the program: %v\n%s", err, out)
	}
	all, total := cases(t), &figures{}
	t.Run("of", func(t *testing.T) {
		for name, c := range all {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				c.check(t, program, total)
			})
		}
	})
	t.Log(total)
	if total.changed == 0 {
		t.Error("nothing was made for an older Kubernetes")
	}
}

// testCase is a config and what to run it on.
type testCase struct{ config, input string }

func (c testCase) check(t *testing.T, program string, total *figures) {
	t.Helper()
	dir := t.TempDir()
	config, in, out := filepath.Join(dir, "config.yaml"), filepath.Join(dir, "in.yaml"), filepath.Join(dir, "out.yaml")
	write(t, config, c.config)
	write(t, in, c.input)
	made, err := run(t, program, "inject", "-c", config, in)
	if err != nil {
		total.add(&total.refused)
		t.Logf("refused for %s: %v", version, err)
		return
	}
	write(t, out, made)
	before, err := run(t, program, "remove", "--all", out)
	if err != nil {
		t.Fatalf("removing: %v", err)
	}
	if made == before {
		total.add(&total.unchanged)
		return
	}
	total.add(&total.changed)
	compare(t, objects(t, before), objects(t, made))
}

// run returns what the program prints.
func run(t *testing.T, program string, args ...string) (string, error) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	cmd := exec.Command(program, args...)
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	if err != nil {
		err = errors.New(stderr.String())
	}
	return stdout.String(), err
}

// cases are the golden cases, and every example config on apps of every kind.
func cases(t *testing.T) map[string]testCase {
	t.Helper()
	all := map[string]testCase{}
	for _, file := range find(t, "functions/*/testdata/*.txtar") {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		parts := map[string]string{}
		for _, part := range archive.Files {
			parts[part.Name] = string(part.Data)
		}
		if _, ok := parts["out.yaml"]; ok {
			all[file] = testCase{older(t, parts["config.yaml"]), parts["in.yaml"]}
		}
	}
	apps := read(t, find(t, "tests/cluster/accepted/testdata/restricted.yaml")[0])
	for _, file := range append(find(t, "functions/*/example.yaml"), find(t, "tests/properties/testdata/configs/*.yaml")...) {
		all[file] = testCase{older(t, read(t, file)), apps}
	}
	return all
}

// The version of a config, and where it is to be.
var (
	asked = regexp.MustCompile(`(?m)^  kubernetesVersion: .*\n`)
	spec  = regexp.MustCompile(`(?m)^(spec|data):(\s*#.*|\s*)$`)
	flow  = regexp.MustCompile(`(?m)^(spec|data): \{`)
)

// older asks for the older version in all configs of a stream. Their texts are
// edited: their names may be words that another parser takes for booleans.
func older(t *testing.T, configs string) string {
	t.Helper()
	text := asked.ReplaceAllString(configs, "")
	text = spec.ReplaceAllString(text, "$1:\n  kubernetesVersion: \""+version+`"`)
	text = flow.ReplaceAllString(text, `$1: {kubernetesVersion: "`+version+`", `)
	if !strings.Contains(text, "kubernetesVersion") {
		t.Fatalf("no place for a version in:\n%s", configs)
	}
	return text
}

func find(t *testing.T, pattern string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(root, filepath.FromSlash(pattern)))
	if err != nil || len(files) == 0 {
		t.Fatalf("%s finds nothing: %v", pattern, err)
	}
	return files
}

func read(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
