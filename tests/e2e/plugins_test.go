//go:build e2e

package e2e

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/krm-sidecars/krm-sidecars/pkg/catalog"
	"github.com/krm-sidecars/krm-sidecars/tests/box"
)

// packed is the folder with what `make plugins` makes for this platform. It lies
// beside the product, and goes with it.
var packed = sync.OnceValues(func() (string, error) {
	folder := filepath.Join(filepath.Dir(binaries["krm-sidecars"]), "plugins")
	cmd := exec.Command("go", "run", "./tests/tools/plugins", "-out", folder, "-platforms", runtime.GOOS+"/"+runtime.GOARCH)
	cmd.Dir = repoRoot
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("packing the plugins: %w\n%s", err, out)
	}
	return folder, nil
})

// archive returns the path of a plugin's archive.
func archive(t *testing.T, plugin string) string {
	t.Helper()
	folder, err := packed()
	box.Check(t, err)
	version := strings.TrimPrefix(catalog.Current, "v")
	return filepath.Join(folder, fmt.Sprintf("krm-sidecars-%s-%s-%s-%s.tgz", plugin, version, runtime.GOOS, runtime.GOARCH))
}

// serve offers an archive for download, and returns its address.
func serve(t *testing.T, file, contentType string) string {
	t.Helper()
	data, err := os.ReadFile(file)
	box.Check(t, err)
	pages := http.NewServeMux()
	pages.HandleFunc("/"+filepath.Base(file), func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		_, _ = w.Write(data)
	})
	server := httptest.NewServer(pages)
	t.Cleanup(server.Close)
	return server.URL + "/" + filepath.Base(file)
}

// unpacked puts the plugin for Helm 3 where docs/helm.md says, and returns the
// path of its program.
func (s *sandbox) unpacked() string {
	s.T.Helper()
	folder := filepath.Join(strings.TrimSpace(s.OK("helm3", "env", "HELM_PLUGINS").Stdout), "krm-sidecars")
	box.Check(s.T, os.MkdirAll(folder, 0o755))
	s.OK("tar", "-xzf", archive(s.T, "helm3"), "-C", folder)
	return filepath.Join(folder, "bin", "krm-sidecars")
}

// TestH6_ArchiveInHelm4: a file, or what a release offers for download. Without a
// signature of PGP Helm wants to be told so.
func TestH6_ArchiveInHelm4(t *testing.T) {
	file := archive(t, "helm4")
	plain := newChart(t)
	plain.installPlugin()
	want := plain.helm4("-c", "log.yaml")
	for name, source := range map[string]string{"file": file, "download": serve(t, file, "application/octet-stream")} {
		t.Run(name, func(t *testing.T) {
			s := newChart(t)
			box.Contains(t, "stderr", s.Run("helm4", "plugin", "install", source).Stderr, "no provenance file (.prov) found")
			s.OK("helm4", "plugin", "install", "--verify=false", source)
			box.Equal(t, "render", want, s.helm4("-c", "log.yaml"))
			s.OK("helm4", "plugin", "uninstall", "krm-sidecars")
			s.OK("helm4", "plugin", "install", "--verify=false", source)
		})
	}
}

// TestH6_ArchiveInHelm3: unpacked it is a command, and holds a post-renderer.
func TestH6_ArchiveInHelm3(t *testing.T) {
	s := newChart(t)
	want := s.helm3("template eu shop", postRender("-c", "log.yaml")...).Stdout
	flags := postRender("-c", "log.yaml")
	flags[1] = s.unpacked()
	s.Env = append(s.Env, "PATH="+t.TempDir())
	box.Equal(t, "render", want, s.helm3("template eu shop", flags...).Stdout)
	box.Equal(t, "list", s.OK("krm-sidecars", "list").Stdout, s.helm3("sidecars list").Stdout)
	box.Contains(t, "plugins", s.helm3("plugin list").Stdout, "sidecars", "Adds sidecars to Kubernetes manifests, offline")

	s.helm3("plugin uninstall sidecars")
	box.Contains(t, "stderr", s.Run("helm3", "sidecars", "list").Stderr, `unknown command "sidecars"`)
}

// TestH6_DownloadInHelm3: Helm 3 looks at the type that the server tells, and
// takes what GitHub sends for no archive.
func TestH6_DownloadInHelm3(t *testing.T) {
	s := newSandbox(t, "")
	refused := s.Run("helm3", "plugin", "install", serve(t, archive(t, "helm3"), "application/octet-stream"))
	box.Contains(t, "stderr", refused.Stderr, "Cannot detect VCS")
	s.OK("helm3", "plugin", "install", serve(t, archive(t, "helm3"), "application/gzip"))
	box.Equal(t, "list", s.OK("krm-sidecars", "list").Stdout, s.helm3("sidecars list").Stdout)
}

// TestH6_CommandInHelm3: arguments, input, output and exit codes pass, but for the
// flags that are Helm's.
func TestH6_CommandInHelm3(t *testing.T) {
	s := newChart(t)
	s.unpacked()
	args := strings.Fields("inject -c log.yaml --diff -")
	direct := s.Pipe(deployment("web"), "krm-sidecars", args...)
	box.Contains(t, "diff", direct.Stdout, "+      - name: "+sidecar)
	through := s.Pipe(deployment("web"), "helm3", append([]string{"sidecars", "--debug"}, args...)...)
	box.Equal(t, "stdout", direct.Stdout, through.Stdout)
	box.Equal(t, "stderr", direct.Stderr, through.Stderr)

	for want, line := range map[int]string{1: "inject -c none.yaml -", 2: "inject --nonsense"} {
		out := s.Pipe(deployment("web"), "helm3", append([]string{"sidecars"}, strings.Fields(line)...)...)
		box.Equal(t, line, want, out.Code)
		box.Contains(t, "stderr", out.Stderr, "krm-sidecars: ")
	}
}

// TestH6_Helm3PluginInHelm4: Helm 4 takes the plugin for Helm 3 for a command, not
// for a post-renderer, and gets on with both in one folder.
func TestH6_Helm3PluginInHelm4(t *testing.T) {
	s := newChart(t)
	s.unpacked()
	box.Equal(t, "list", s.OK("krm-sidecars", "list").Stdout, s.OK("helm4", "sidecars", "list").Stdout)
	out := s.Run("helm4", "template", "eu", "shop", "--post-renderer", "sidecars")
	box.Contains(t, "stderr", out.Stderr, "Name:sidecars Type:postrenderer/v1} not found")

	s.OK("helm4", "plugin", "install", "--verify=false", archive(t, "helm4"))
	box.Equal(t, "sidecars", 3, len(sidecars(s.helm4("-c", "log.yaml"))))
	box.Equal(t, "list", s.OK("krm-sidecars", "list").Stdout, s.OK("helm4", "sidecars", "list").Stdout)
}

// TestH6_NoProgram: a plugin that was installed from a checkout, where nobody has
// built the program.
func TestH6_NoProgram(t *testing.T) {
	s := newChart(t)
	box.Check(t, os.RemoveAll(filepath.Join(s.installPlugin(), "bin")))
	out := s.Run("helm4", helm4Template("-c", "log.yaml")...)
	box.Equal(t, "exit code", 1, out.Code)
	box.Contains(t, "stderr", out.Stderr, "bin/krm-sidecars", "no such file or directory")
}

// TestH6_PluginsFolderByVariable: HELM_PLUGINS moves the plugins of Helm 3. Helm 4
// looks there, but installs elsewhere.
func TestH6_PluginsFolderByVariable(t *testing.T) {
	for helm, want := range map[string]int{"helm3": 1, "helm4": 0} {
		t.Run(helm, func(t *testing.T) {
			s := newSandbox(t, "")
			s.Env = append(s.Env, "HELM_PLUGINS="+t.TempDir())
			s.OK(helm, "plugin", "install", filepath.Join(repoRoot, "plugins", helm))
			box.Equal(t, "plugins", want, len(linesWith(s.OK(helm, "plugin", "list").Stdout, "0.1.0")))
		})
	}
}
