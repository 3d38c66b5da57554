package main

import (
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	helm3 "helm.sh/helm/v3/pkg/plugin"
	"sigs.k8s.io/yaml"
)

// command is an entry of platformCommand, which both majors read alike.
type command struct {
	OS, Arch, Command string
	Args              []string
}

// manifest is what a plugin.yaml says about commands, for Helm 3 at the top, for
// Helm 4 in runtimeConfig.
type manifest struct {
	PlatformCommand []command
	RuntimeConfig   struct{ PlatformCommand []command }
}

// rank tells how well a command fits, as Helm sees it; 0 means not at all.
func (c command) rank(at platform) int {
	switch {
	case c.OS == at.os && c.Arch == at.arch:
		return 3
	case c.OS == at.os && c.Arch == "":
		return 2
	case c.OS == "" && c.Arch == "":
		return 1
	}
	return 0
}

// choice is the command that Helm would run.
func (m manifest) choice(t *testing.T, at platform) command {
	t.Helper()
	best := slices.MaxFunc(append(m.PlatformCommand, m.RuntimeConfig.PlatformCommand...), func(a, b command) int {
		return a.rank(at) - b.rank(at)
	})
	if best.rank(at) == 0 {
		t.Fatalf("no command for %s", at)
	}
	return best
}

// expanded is what Helm makes of a command: it cuts it at spaces, then puts in the
// variables. A folder may have spaces, a command must not.
func (c command) expanded(folder string) []string {
	var words []string
	for _, word := range append(strings.Split(c.Command, " "), c.Args...) {
		words = append(words, os.Expand(word, func(name string) string {
			return map[string]string{"HELM_PLUGIN_DIR": folder}[name]
		}))
	}
	return words
}

func readManifest(t *testing.T, name string) manifest {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, "plugins", name, "plugin.yaml"))
	check(t, err)
	var m manifest
	check(t, yaml.Unmarshal(text, &m))
	return m
}

// folders are where Helm keeps plugins, with spaces as on many Windows machines.
func folders() map[string]string {
	return map[string]string{
		"linux":   "/home/web shop/.local/share/helm/plugins/krm-sidecars",
		"darwin":  "/Users/web shop/Library/helm/plugins/krm-sidecars",
		"windows": `C:\Users\Web Shop\AppData\Roaming\helm\plugins\krm-sidecars`,
	}
}

// TestCommands: on every platform the manifest leads to the program that the
// archive for it holds.
func TestCommands(t *testing.T) {
	arguments := map[string]string{"helm3": "", "helm4": " post-render"}
	for _, p := range plugins() {
		for _, at := range all() {
			t.Run(p.name+" "+at.String(), func(t *testing.T) {
				chosen := readManifest(t, p.name).choice(t, at)
				folder, slash := folders()[at.os], "/"
				if at.os == "windows" {
					slash = `\`
				}
				want := folder + slash + "bin" + slash + at.program() + arguments[p.name]
				if got := strings.Join(chosen.expanded(folder), " "); got != want {
					t.Errorf("Helm would run %q, want %q", got, want)
				}
			})
		}
	}
}

// TestH6_Helm3Loads: Helm 3's own code reads the manifest for it, runs on this
// platform what the test above expects, and refuses the one for Helm 4.
func TestH6_Helm3Loads(t *testing.T) {
	folder, err := filepath.Abs(filepath.Join(root, "plugins", "helm3"))
	check(t, err)
	loaded, err := helm3.LoadDir(folder)
	check(t, err)
	if m := loaded.Metadata; m.Name != "sidecars" || m.Version != version() || len(m.Hooks)+len(m.PlatformHooks) > 0 {
		t.Errorf("name, version or hooks: %+v", m)
	}
	t.Setenv("HELM_PLUGIN_DIR", folder)
	program, args, err := loaded.PrepareCommand([]string{"list"})
	check(t, err)
	chosen := readManifest(t, "helm3").choice(t, platform{runtime.GOOS, runtime.GOARCH})
	if d := cmp.Diff(append(chosen.expanded(folder), "list"), append([]string{program}, args...)); d != "" {
		t.Errorf("what Helm 3 runs (-want +got):\n%s", d)
	}
	if _, err := helm3.LoadDir(filepath.Join(root, "plugins", "helm4")); err == nil || !strings.Contains(err.Error(), `unknown field "apiVersion"`) {
		t.Errorf("Helm 3 reads the manifest for Helm 4: %v", err)
	}
}
