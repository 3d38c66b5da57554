package docs_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/krm-sidecars/krm-sidecars/tests/box"
)

// TestAddAFunction does what CONTRIBUTING.md tells to do, in a copy of the
// repository: it writes the files, registers the function, generates its schema,
// tests and runs it.
func TestAddAFunction(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles a copy of the repository")
	}
	dir := copyOfSources(t)
	folder := ""
	for _, b := range blocks(t, "CONTRIBUTING.md") {
		if b.verb == "new file" {
			write(t, filepath.Join(dir, b.arg), b.text)
			folder = filepath.Dir(b.arg)
		}
	}
	register(t, filepath.Join(dir, "functions/functions.go"), "dnswait", "github.com/krm-sidecars/krm-sidecars/"+folder)
	runGo(t, dir, "run", "-C", "tests/tools/schemas", ".", "-root", dir)
	runGo(t, dir, "vet", ".", "./"+folder)
	runGo(t, dir, "test", "./"+folder)
	list := runGo(t, dir, "run", ".", "list")
	if name := filepath.Base(folder); !strings.Contains(list, name) {
		t.Errorf("krm-sidecars list does not tell of %s:\n%s", name, list)
	}
}

func copyOfSources(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for _, part := range []string{"functions", "pkg", "tests/tools/schemas"} {
		box.Check(t, os.CopyFS(filepath.Join(dir, part), os.DirFS(filepath.Join(root, part))))
	}
	for _, name := range []string{"go.mod", "go.sum", "main.go"} {
		write(t, filepath.Join(dir, name), read(t, name))
	}
	return dir
}

// register does step 5.
func register(t *testing.T, file, name, path string) {
	t.Helper()
	data, err := os.ReadFile(file)
	box.Check(t, err)
	const imports, list = "import (\n", "return []krm.Function{\n"
	text := strings.Replace(string(data), imports, imports+"\t"+name+` "`+path+"\"\n", 1)
	text = strings.Replace(text, list, list+"\t\t"+name+".Function(),\n", 1)
	if strings.Count(text, name) < 2 {
		t.Fatalf("%s is not as CONTRIBUTING.md has it", file)
	}
	write(t, file, text)
}

func write(t *testing.T, file, text string) {
	t.Helper()
	box.Check(t, os.MkdirAll(filepath.Dir(file), 0o755))
	box.Check(t, os.WriteFile(file, []byte(text), 0o644))
}

// runGo builds without paths in the output, so that the build cache serves
// every copy.
func runGo(t *testing.T, dir string, args ...string) string {
	t.Helper()
	cmd := exec.Command("go", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOFLAGS=-mod=readonly -trimpath")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("go %v: %v\n%s", args, err, out)
	}
	return string(out)
}
