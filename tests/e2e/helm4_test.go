//go:build e2e

package e2e

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// installPlugin installs a copy of plugins/helm4 with the product in bin/, the
// way a release puts it together, and returns the copy's folder.
func (s *sandbox) installPlugin() string {
	s.t.Helper()
	return s.installPluginWith("krm-sidecars")
}

func (s *sandbox) installPluginWith(binary string) string {
	s.t.Helper()
	dir := filepath.Join(s.t.TempDir(), "helm4")
	check(s.t, os.CopyFS(dir, os.DirFS(filepath.Join(repoRoot, "plugins/helm4"))))
	check(s.t, os.MkdirAll(filepath.Join(dir, "bin"), 0o755))
	check(s.t, copyFile(binaries[binary], filepath.Join(dir, "bin/krm-sidecars")))
	s.ok("helm4", "plugin", "install", dir)
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
	s.t.Helper()
	return s.ok("helm4", helm4Template(args...)...).stdout
}

// recordTraffic makes the installed plugin keep what Helm sends and gets back.
func (s *sandbox) recordTraffic(plugin string) {
	s.t.Helper()
	real, wrapper := filepath.Join(plugin, "bin/real"), filepath.Join(plugin, "bin/krm-sidecars")
	check(s.t, os.Rename(wrapper, real))
	script := "#!/bin/sh\nset -e\ncat >sent.yaml\n'" + real + "' \"$@\" <sent.yaml >returned.yaml\ncat returned.yaml\n"
	check(s.t, os.WriteFile(wrapper, []byte(script), 0o755))
}

// throughCat makes the installed plugin change nothing, which leaves the
// formatting that Helm 4 itself does on the way through a post-renderer.
func (s *sandbox) throughCat(plugin string) string {
	s.t.Helper()
	s.passThrough(plugin)
	return s.helm4()
}

// passThrough puts cat into the place of the installed plugin's program.
func (s *sandbox) passThrough(plugin string) {
	s.t.Helper()
	script := "#!/bin/sh\nexec cat\n"
	check(s.t, os.WriteFile(filepath.Join(plugin, "bin/krm-sidecars"), []byte(script), 0o755))
}

func TestH6_PluginInstallsAndRenders(t *testing.T) {
	s := newChart(t)
	plugin := s.installPlugin()
	list := s.ok("helm4", "plugin", "list").stdout
	row := regexp.MustCompile(`(?m)^krm-sidecars\s+(\S+)\s+(\S+)\s+(\S+)`).FindStringSubmatch(list)
	equal(t, "name, version, type, API version", []string{"0.1.0", "postrenderer/v1", "v1"}, row[min(1, len(row)):])

	got := s.helm4("-c", "log.yaml")
	plain := s.throughCat(plugin)
	onlyAdded(t, "render", plain, got)
	// Helm 4 takes a List apart before the renderer sees it.
	want := []string{"Deployment/web", "StatefulSet/crlf", "Deployment/in-list"}
	equal(t, "sidecars", want, sortedLike(want, sidecars(got)))
}

func TestH6_InstallDryRun(t *testing.T) {
	s := newChart(t)
	s.installPlugin()
	flags := helm4Template("-c", "log.yaml")
	flags[0] = "install"
	got := s.ok("helm4", append(flags, "--dry-run=client")...).stdout
	want := []string{"Deployment/web", "StatefulSet/crlf", "Deployment/in-list"}
	equal(t, "sidecars", want, sortedLike(want, sidecars(got)))
	contains(t, "install", got, "The shop is open.", "helm.sh/hook: test")
}

// TestH6_Helm3NeedsAnotherPluginFolder: Helm 3 refuses all plugins of a folder
// that holds a Helm 4 manifest, and is well with a folder of its own.
func TestH6_Helm3NeedsAnotherPluginFolder(t *testing.T) {
	s := newChart(t)
	s.installPlugin()
	shared := s.run("helm3", "plugin", "list")
	contains(t, "shared folder", shared.stderr, "failed to load plugins")

	s.env = append(s.env, "HELM_DATA_HOME="+t.TempDir())
	own := s.ok("helm3", append([]string{"template", "eu", "shop"}, postRender("-c", "log.yaml")...)...)
	lacks(t, "own folder", own.stderr, "failed to load plugins")
	equal(t, "sidecars", len(injectedByHelm3), len(sidecars(own.stdout)))
}

// TestH3_Helm4ShowOnlyAndOutputDir: Helm 4 picks and writes what comes back.
func TestH3_Helm4ShowOnlyAndOutputDir(t *testing.T) {
	s := newChart(t)
	s.installPlugin()
	flags := helm4Template("-c", "log.yaml")
	for file, want := range map[string][]string{"deployment": {"Deployment/web"}, "service": nil} {
		got := s.ok("helm4", append(flags, "--show-only", "templates/"+file+".yaml")...).stdout
		equal(t, "sources", []string{"# Source: shop/templates/" + file + ".yaml"}, sourceLine.FindAllString(got, -1))
		equal(t, "sidecars in "+file, want, sidecars(got))
	}
	s.ok("helm4", append(flags, "--output-dir", "out")...)
	equal(t, "sidecars in the file", []string{"Deployment/web"}, sidecars(s.read("out/shop/templates/deployment.yaml")))
}

func TestH7_FilenameAnnotationKept(t *testing.T) {
	const annotation = "postrenderer.helm.sh/postrender-filename"
	s := newChart(t)
	s.recordTraffic(s.installPlugin())
	got := s.helm4("-c", "log.yaml")

	sent, returned := s.read("sent.yaml"), s.read("returned.yaml")
	names := linesWith(sent, annotation)
	equal(t, "annotated documents sent", len(documents(sent)), len(names))
	equal(t, "annotations returned", names, linesWith(returned, annotation))
	equal(t, "injected", 3, len(sidecars(returned)))
	lacks(t, "render", got, annotation, "generated-by-postrender")
	equal(t, "sources", 0, len(linesWith(got, "# Source: generated")))
}

// TestH7_OnlyAddedOnTheWire: what Helm sends comes back with lines added and
// with untouched documents byte for byte.
func TestH7_OnlyAddedOnTheWire(t *testing.T) {
	s := newChart(t)
	s.recordTraffic(s.installPlugin())
	s.helm4("-c", "log.yaml")
	sent, returned := documents(s.read("sent.yaml")), documents(s.read("returned.yaml"))
	sameLength(t, sent, returned)
	equal(t, "sidecars", 3, len(sidecars(s.read("returned.yaml"))))
	for i, doc := range sent {
		if len(sidecars(returned[i])) == 0 {
			equal(t, identity(doc), doc, returned[i])
			continue
		}
		onlyAdded(t, identity(doc), doc, returned[i])
	}
}

func TestH7_RemoveGivesBackTheRender(t *testing.T) {
	s := newChart(t)
	plugin := s.installPlugin()
	got := s.helm4("-c", "log.yaml")
	equal(t, "sidecars", 3, len(sidecars(got)))
	equal(t, "removed", s.throughCat(plugin), s.okPipe(got, "krm-sidecars", "remove", "--all", "-").stdout)
}

func TestH8_HooksAreSkippedByDefault(t *testing.T) {
	s := newChart(t)
	plugin := s.installPlugin()
	got := s.helm4("-c", "log.yaml", "--log-file", "run.log")
	log := s.read("run.log")
	contains(t, "log", log, "injected 3", "skipped 2 (helm-hook 2)")
	equal(t, "reasons", 1, len(linesWith(log, "Job/migrate")))
	equal(t, "reasons", 1, len(linesWith(log, "Pod/connection")))
	for _, hook := range []string{"Job/migrate", "Pod/connection"} {
		equal(t, hook, documentOf(s.throughCat(plugin), hook), documentOf(got, hook))
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
	s.replace("log.yaml", "spec:\n", "spec:\n  target:\n    includeHelmHooks: true\n")
	got := s.helm4("-c", "log.yaml")
	want := []string{"Deployment/web", "StatefulSet/crlf", "Deployment/in-list", "Job/migrate", "Pod/connection"}
	equal(t, "sidecars", want, sortedLike(want, sidecars(got)))
	job := documentOf(got, "Job/migrate")
	native := regexp.MustCompile(`(?s)initContainers:.*name: log-sidecar.*restartPolicy: Always.*\n +containers:`)
	if !native.MatchString(job) {
		t.Errorf("the hook's sidecar is not a native one:\n%s", job)
	}
	equal(t, "restartPolicy", 1, count(job, "restartPolicy: Never"))
}

func TestH9_ChartThatRendersNothing(t *testing.T) {
	s := newSandbox(t, "helm-nothing")
	s.installPlugin()
	flags := helm4Template("-c", "log.yaml")
	flags[2] = "empty"
	equal(t, "render", "", strings.TrimSpace(s.ok("helm4", flags...).stdout))
}

// TestH9_AnchorsAcrossListItems: Helm 4 takes the List apart and cannot read the
// aliases any more, unless the renderer has written them out.
func TestH9_AnchorsAcrossListItems(t *testing.T) {
	s := newChart(t)
	plugin := s.installPlugin()
	s.write("shop/templates/list.yaml", "apiVersion: v1\nkind: List\nitems:\n"+
		asItem(strings.Replace(deployment("a"), "spec:\n", "  labels: &labels {app: shop}\nspec:\n", 1))+
		asItem(strings.Replace(deployment("b"), "spec:\n", "  labels: *labels\nspec:\n", 1)))
	got := s.helm4("-c", "log.yaml")
	for _, id := range []string{"Deployment/a", "Deployment/b"} {
		contains(t, id, documentOf(got, id), "{app: shop}\n", "name: "+sidecar+"\n")
	}
	check(t, os.WriteFile(filepath.Join(plugin, "bin/krm-sidecars"), []byte("#!/bin/sh\nexec cat\n"), 0o755))
	contains(t, "stderr of helm with cat", s.run("helm4", helm4Template()...).stderr, "unknown anchor")
}

// TestH9_JSONWorkload: Helm 4 makes something of it that begins like JSON and is
// none (helm#32669).
func TestH9_JSONWorkload(t *testing.T) {
	s := newChart(t)
	s.recordTraffic(s.installPlugin())
	s.write("shop/templates/json.yaml", `{"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "json"}, "spec": `+
		`{"template": {"spec": {"containers": [{"name": "app", "image": "app:1.0.0"}]}}}}`+"\n")
	got := s.helm4("-c", "log.yaml")
	contains(t, "what Helm sends", s.read("sent.yaml"), `"metadata": {"name": "json", annotations: {`)
	contains(t, "render", got, `"initContainers": [{"name": "`+sidecar+`"`)
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
			s.replace("log.yaml", "  logs:", "  lgos: []\n  logs:")
			if len(args) == 2 {
				s.env = append(s.env, "KRM_SIDECARS_LOG="+filepath.Join(s.dir, "run.log"))
			}
			out := s.run("helm4", helm4Template(args...)...)
			equal(t, "exit code", 1, out.code)
			equal(t, "stdout", "", out.stdout)
			contains(t, "stderr", out.stderr, "exited with error")
			lacks(t, "stderr", out.stderr, "lgos")
			contains(t, "log", s.read("run.log"), "add-log-sidecar: error ", "spec.lgos")
		})
	}
}
