//go:build e2e

package e2e

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/krm-sidecars/krm-sidecars/tests/box"
)

// installPlugin installs a copy of plugins/helm4 with the product in bin/, the
// way a release puts it together, and returns the copy's folder.
func (s *sandbox) installPlugin() string {
	s.T.Helper()
	return s.installPluginWith("krm-sidecars")
}

func (s *sandbox) installPluginWith(binary string) string {
	s.T.Helper()
	dir := filepath.Join(s.T.TempDir(), "helm4")
	box.Check(s.T, os.CopyFS(dir, os.DirFS(filepath.Join(repoRoot, "plugins/helm4"))))
	box.Check(s.T, os.MkdirAll(filepath.Join(dir, "bin"), 0o755))
	box.Check(s.T, copyFile(binaries[binary], filepath.Join(dir, "bin/krm-sidecars")))
	s.OK("helm4", "plugin", "install", dir)
	return dir
}

func helm4Template(args ...string) []string {
	flags := []string{"template", "eu", "shop", "--post-renderer", "krm-sidecars"}
	for _, a := range args {
		flags = append(flags, "--post-renderer-args", a)
	}
	return flags
}

func (s *sandbox) helm4(args ...string) string {
	s.T.Helper()
	return s.OK("helm4", helm4Template(args...)...).Stdout
}

// recordTraffic makes the installed plugin keep what Helm sends and gets back.
func (s *sandbox) recordTraffic(plugin string) {
	s.T.Helper()
	real, wrapper := filepath.Join(plugin, "bin/real"), filepath.Join(plugin, "bin/krm-sidecars")
	box.Check(s.T, os.Rename(wrapper, real))
	script := "#!/bin/sh\nset -e\ncat >sent.yaml\n'" + real + "' \"$@\" <sent.yaml >returned.yaml\ncat returned.yaml\n"
	box.Check(s.T, os.WriteFile(wrapper, []byte(script), 0o755))
}

// throughCat makes the installed plugin change nothing, which leaves the
// formatting that Helm 4 itself does on the way through a post-renderer.
func (s *sandbox) throughCat(plugin string) string {
	s.T.Helper()
	s.passThrough(plugin)
	return s.helm4()
}

// passThrough puts cat into the place of the installed plugin's program.
func (s *sandbox) passThrough(plugin string) {
	s.T.Helper()
	script := "#!/bin/sh\nexec cat\n"
	box.Check(s.T, os.WriteFile(filepath.Join(plugin, "bin/krm-sidecars"), []byte(script), 0o755))
}

func TestH6_PluginInstallsAndRenders(t *testing.T) {
	s := newChart(t)
	plugin := s.installPlugin()
	list := s.OK("helm4", "plugin", "list").Stdout
	row := regexp.MustCompile(`(?m)^krm-sidecars\s+(\S+)\s+(\S+)\s+(\S+)`).FindStringSubmatch(list)
	box.Equal(t, "name, version, type, API version", []string{"0.1.0", "postrenderer/v1", "v1"}, row[min(1, len(row)):])

	got := s.helm4("-c", "log.yaml")
	plain := s.throughCat(plugin)
	onlyAdded(t, "render", plain, got)
	// Helm 4 takes a List apart before the renderer sees it.
	want := []string{"Deployment/web", "StatefulSet/crlf", "Deployment/in-list"}
	box.Equal(t, "sidecars", want, sortedLike(want, sidecars(got)))
}

func TestH6_InstallDryRun(t *testing.T) {
	s := newChart(t)
	s.installPlugin()
	flags := helm4Template("-c", "log.yaml")
	flags[0] = "install"
	got := s.OK("helm4", append(flags, "--dry-run=client")...).Stdout
	want := []string{"Deployment/web", "StatefulSet/crlf", "Deployment/in-list"}
	box.Equal(t, "sidecars", want, sortedLike(want, sidecars(got)))
	box.Contains(t, "install", got, "The shop is open.", "helm.sh/hook: test")
}

// TestH6_Helm3NeedsAnotherPluginFolder: Helm 3 refuses all plugins of a folder
// that holds a Helm 4 manifest, and is well with a folder of its own.
func TestH6_Helm3NeedsAnotherPluginFolder(t *testing.T) {
	s := newChart(t)
	s.installPlugin()
	shared := s.Run("helm3", "plugin", "list")
	box.Contains(t, "shared folder", shared.Stderr, "failed to load plugins")

	s.Env = append(s.Env, "HELM_DATA_HOME="+t.TempDir())
	own := s.OK("helm3", append([]string{"template", "eu", "shop"}, postRender("-c", "log.yaml")...)...)
	box.Lacks(t, "own folder", own.Stderr, "failed to load plugins")
	box.Equal(t, "sidecars", len(injectedByHelm3), len(sidecars(own.Stdout)))
}

// TestH3_Helm4ShowOnlyAndOutputDir: Helm 4 picks and writes what comes back.
func TestH3_Helm4ShowOnlyAndOutputDir(t *testing.T) {
	s := newChart(t)
	s.installPlugin()
	flags := helm4Template("-c", "log.yaml")
	for file, want := range map[string][]string{"deployment": {"Deployment/web"}, "service": nil} {
		got := s.OK("helm4", append(flags, "--show-only", "templates/"+file+".yaml")...).Stdout
		box.Equal(t, "sources", []string{"# Source: shop/templates/" + file + ".yaml"}, sourceLine.FindAllString(got, -1))
		box.Equal(t, "sidecars in "+file, want, sidecars(got))
	}
	s.OK("helm4", append(flags, "--output-dir", "out")...)
	box.Equal(t, "sidecars in the file", []string{"Deployment/web"}, sidecars(s.Read("out/shop/templates/deployment.yaml")))
}

func TestH7_FilenameAnnotationKept(t *testing.T) {
	const annotation = "postrenderer.helm.sh/postrender-filename"
	s := newChart(t)
	s.recordTraffic(s.installPlugin())
	got := s.helm4("-c", "log.yaml")

	sent, returned := s.Read("sent.yaml"), s.Read("returned.yaml")
	names := linesWith(sent, annotation)
	box.Equal(t, "annotated documents sent", len(documents(sent)), len(names))
	box.Equal(t, "annotations returned", names, linesWith(returned, annotation))
	box.Equal(t, "injected", 3, len(sidecars(returned)))
	box.Lacks(t, "render", got, annotation, "generated-by-postrender")
	box.Equal(t, "sources", 0, len(linesWith(got, "# Source: generated")))
}

// TestH7_OnlyAddedOnTheWire: what Helm sends comes back with lines added and
// with untouched documents byte for byte.
func TestH7_OnlyAddedOnTheWire(t *testing.T) {
	s := newChart(t)
	s.recordTraffic(s.installPlugin())
	s.helm4("-c", "log.yaml")
	sent, returned := documents(s.Read("sent.yaml")), documents(s.Read("returned.yaml"))
	sameLength(t, sent, returned)
	box.Equal(t, "sidecars", 3, len(sidecars(s.Read("returned.yaml"))))
	for i, doc := range sent {
		if len(sidecars(returned[i])) == 0 {
			box.Equal(t, identity(doc), doc, returned[i])
			continue
		}
		onlyAdded(t, identity(doc), doc, returned[i])
	}
}

func TestH7_RemoveGivesBackTheRender(t *testing.T) {
	s := newChart(t)
	plugin := s.installPlugin()
	got := s.helm4("-c", "log.yaml")
	box.Equal(t, "sidecars", 3, len(sidecars(got)))
	box.Equal(t, "removed", s.throughCat(plugin), s.OKPipe(got, "krm-sidecars", "remove", "--all", "-").Stdout)
}

func TestH8_HooksAreSkippedByDefault(t *testing.T) {
	s := newChart(t)
	plugin := s.installPlugin()
	got := s.helm4("-c", "log.yaml", "--log-file", "run.log")
	log := s.Read("run.log")
	box.Contains(t, "log", log, "injected 3", "skipped 2 (helm-hook 2)")
	box.Equal(t, "reasons", 1, len(linesWith(log, "Job/migrate")))
	box.Equal(t, "reasons", 1, len(linesWith(log, "Pod/connection")))
	for _, hook := range []string{"Job/migrate", "Pod/connection"} {
		box.Equal(t, hook, documentOf(s.throughCat(plugin), hook), documentOf(got, hook))
	}
}

func documentOf(stream, id string) string {
	for _, doc := range documents(stream) {
		if identity(doc) == id {
			return doc
		}
	}
	return "no " + id
}

// TestH8_HookJobsCanComplete: asked for, hooks get native sidecars, which end
// with the Job's own container.
func TestH8_HookJobsCanComplete(t *testing.T) {
	s := newChart(t)
	s.installPlugin()
	s.Replace("log.yaml", "spec:\n", "spec:\n  target:\n    includeHelmHooks: true\n")
	got := s.helm4("-c", "log.yaml")
	want := []string{"Deployment/web", "StatefulSet/crlf", "Deployment/in-list", "Job/migrate", "Pod/connection"}
	box.Equal(t, "sidecars", want, sortedLike(want, sidecars(got)))
	job := documentOf(got, "Job/migrate")
	native := regexp.MustCompile(`(?s)initContainers:.*name: log-sidecar.*restartPolicy: Always.*\n +containers:`)
	if !native.MatchString(job) {
		t.Errorf("the hook's sidecar is not a native one:\n%s", job)
	}
	box.Equal(t, "restartPolicy", 1, count(job, "restartPolicy: Never"))
}

func TestH9_ChartThatRendersNothing(t *testing.T) {
	s := newSandbox(t, "helm-nothing")
	s.installPlugin()
	flags := helm4Template("-c", "log.yaml")
	flags[2] = "empty"
	box.Equal(t, "render", "", strings.TrimSpace(s.OK("helm4", flags...).Stdout))
}

// TestH9_AnchorsAcrossListItems: Helm 4 takes the List apart and cannot read the
// aliases any more, unless the renderer has written them out.
func TestH9_AnchorsAcrossListItems(t *testing.T) {
	s := newChart(t)
	plugin := s.installPlugin()
	s.Write("shop/templates/list.yaml", "apiVersion: v1\nkind: List\nitems:\n"+
		asItem(strings.Replace(deployment("a"), "spec:\n", "  labels: &labels {app: shop}\nspec:\n", 1))+
		asItem(strings.Replace(deployment("b"), "spec:\n", "  labels: *labels\nspec:\n", 1)))
	got := s.helm4("-c", "log.yaml")
	for _, id := range []string{"Deployment/a", "Deployment/b"} {
		box.Contains(t, id, documentOf(got, id), "{app: shop}\n", "name: "+sidecar+"\n")
	}
	box.Check(t, os.WriteFile(filepath.Join(plugin, "bin/krm-sidecars"), []byte("#!/bin/sh\nexec cat\n"), 0o755))
	box.Contains(t, "stderr of helm with cat", s.Run("helm4", helm4Template()...).Stderr, "unknown anchor")
}

// TestH9_JSONWorkload: Helm 4 makes something of it that begins like JSON and is
// none (helm#32669).
func TestH9_JSONWorkload(t *testing.T) {
	s := newChart(t)
	s.recordTraffic(s.installPlugin())
	s.Write("shop/templates/json.yaml", `{"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "json"}, "spec": `+
		`{"template": {"spec": {"containers": [{"name": "app", "image": "app:1.0.0"}]}}}}`+"\n")
	got := s.helm4("-c", "log.yaml")
	box.Contains(t, "what Helm sends", s.Read("sent.yaml"), `"metadata": {"name": "json", annotations: {`)
	box.Contains(t, "render", got, `"initContainers": [{"name": "`+sidecar+`"`)
}

// TestH10_FailureIsInTheLogFile: Helm 4 throws the renderer's stderr away.
func TestH10_FailureIsInTheLogFile(t *testing.T) {
	for name, args := range map[string][]string{
		"--log-file":       {"-c", "log.yaml", "--log-file", "run.log"},
		"KRM_SIDECARS_LOG": {"-c", "log.yaml"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newChart(t)
			s.installPlugin()
			s.Replace("log.yaml", "  logs:", "  lgos: []\n  logs:")
			if len(args) == 2 {
				s.Env = append(s.Env, "KRM_SIDECARS_LOG="+filepath.Join(s.Dir, "run.log"))
			}
			out := s.Run("helm4", helm4Template(args...)...)
			box.Equal(t, "exit code", 1, out.Code)
			box.Equal(t, "stdout", "", out.Stdout)
			box.Contains(t, "stderr", out.Stderr, "exited with error")
			box.Lacks(t, "stderr", out.Stderr, "lgos")
			box.Contains(t, "log", s.Read("run.log"), "add-log-sidecar: error ", "spec.lgos")
		})
	}
}
