//go:build e2e

package e2e

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// tree returns every file of the sandbox by its path, but for git's own.
func (s *sandbox) tree() map[string]string {
	s.t.Helper()
	files := map[string]string{}
	check(s.t, filepath.WalkDir(s.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() && d.Name() != ".git" {
			return err
		}
		if d.IsDir() {
			return fs.SkipDir
		}
		data, err := os.ReadFile(path)
		rel, _ := filepath.Rel(s.dir, path)
		files[filepath.ToSlash(rel)] = string(data)
		return err
	}))
	return files
}

func (s *sandbox) commit() {
	s.t.Helper()
	s.ok("git", "init", "-q")
	s.ok("git", "add", "-A")
	s.ok("git", "commit", "-qm", "package")
}

func (s *sandbox) render(flags ...string) {
	s.t.Helper()
	s.ok("kpt", append([]string{"fn", "render", ".", "--allow-exec"}, flags...)...)
}

// renderWithCat puts a function that changes nothing in our place: what is left
// is the formatting that kpt itself does.
func (s *sandbox) renderWithCat() {
	s.t.Helper()
	s.replace("Kptfile", "exec: add-log-sidecar", "exec: cat")
	s.render()
	s.replace("Kptfile", "exec: cat", "exec: add-log-sidecar")
}

// TestP1_RenderDiffHoldsOnlyInjectedLines: on top of kpt's own formatting git
// sees added lines only, and in the workloads only.
func TestP1_RenderDiffHoldsOnlyInjectedLines(t *testing.T) {
	baseline := newSandbox(t, "kpt-package")
	baseline.renderWithCat()
	baseline.commit()
	s := newSandbox(t, "kpt-package")
	s.render()
	for name, text := range s.tree() {
		baseline.write(name, text)
	}
	diff := baseline.ok("git", "diff", "--numstat", "--no-renames").stdout
	var changed []string
	for line := range strings.Lines(diff) {
		fields := strings.Fields(line) // added, deleted, path
		equal(t, fields[2]+": deleted lines", "0", fields[1])
		changed = append(changed, fields[2])
	}
	equal(t, "changed files", []string{"apps/web.yaml", "jobs/worker.yaml"}, changed)
	equal(t, "untracked files", "", baseline.ok("git", "ls-files", "--others").stdout)
}

// TestP1_RenderEqualsInject: rendering with the function gives the lines of
// `inject` on the files. Their order differs: kpt appends the keys that are new
// in a map, wherever the function has put them.
func TestP1_RenderEqualsInject(t *testing.T) {
	want := newSandbox(t, "kpt-package")
	want.ok("krm-sidecars", "inject", "-c", "log.yaml", "--write", "apps/web.yaml", "jobs/worker.yaml")
	want.renderWithCat()
	got := newSandbox(t, "kpt-package")
	got.render()
	files := got.tree()
	for name, text := range want.tree() {
		equal(t, name, sortedLines(text), sortedLines(files[name]))
	}
	equal(t, "sidecars", []string{"Deployment/web", "StatefulSet/worker"},
		append(sidecars(got.read("apps/web.yaml")), sidecars(got.read("jobs/worker.yaml"))...))
}

// TestP1_RemoveGivesBackTheRender: in a package that was rendered with the
// function, remove leaves what a render without it gives.
func TestP1_RemoveGivesBackTheRender(t *testing.T) {
	want, got := newSandbox(t, "kpt-package"), newSandbox(t, "kpt-package")
	want.renderWithCat()
	got.render()
	equal(t, "sidecars", 1, len(sidecars(got.read("apps/web.yaml"))))
	got.ok("krm-sidecars", "remove", "--all", "--write", ".")
	equal(t, "package", want.tree(), got.tree())
}

func TestP2_SecondRenderChangesNothing(t *testing.T) {
	s := newSandbox(t, "kpt-package")
	s.render()
	first := s.tree()
	s.render()
	equal(t, "package", first, s.tree())
	equal(t, "sidecars", []string{"Deployment/web"}, sidecars(first["apps/web.yaml"]))
}

// TestP2_ChangedConfigConverges: a render with another config gives what it
// would have given on the package as it once was.
func TestP2_ChangedConfigConverges(t *testing.T) {
	change := func(s *sandbox) {
		s.replace("log.yaml", "/var/log/nginx/access.log", "/var/log/app/app.log, /var/log/app/error.log")
	}
	want, got := newSandbox(t, "kpt-package"), newSandbox(t, "kpt-package")
	change(want)
	want.render()
	got.render()
	change(got)
	got.render()
	equal(t, "package", want.tree(), got.tree())
	contains(t, "workload", got.read("apps/web.yaml"), "- /var/log/app/error.log\n", "name: "+sidecar)
}

// functionConfigs are the ways in which a Kptfile configures a function; each
// names the annotation that records the injection. kpt calls every configMap
// function-input, so the record does not carry that name.
var functionConfigs = map[string]struct{ pipeline, record string }{
	"configPath": {"    configPath: log.yaml\n", "krm-sidecars.dev/add-log-sidecar.nginx-logs"},
	"configMap": {"    configMap:\n      logs: '[{paths: [/var/log/nginx/access.log]}]'\n",
		"krm-sidecars.dev/add-log-sidecar.default"},
}

func TestP4_ConfigPathAndConfigMap(t *testing.T) {
	for name, tc := range functionConfigs {
		t.Run(name, func(t *testing.T) {
			s := newSandbox(t, "kpt-package")
			s.replace("Kptfile", "    configPath: log.yaml\n", tc.pipeline)
			config := s.read("log.yaml")
			s.render()
			got := s.read("apps/web.yaml")
			equal(t, "sidecars", []string{"Deployment/web"}, sidecars(got))
			equal(t, "records", 1, len(linesWith(got, tc.record+": ")))
			equal(t, "config file", config, s.read("log.yaml"))
		})
	}
}

// TestP4_NoConfigFails: a required field has no value, which must be said, and
// nothing may be written.
func TestP4_NoConfigFails(t *testing.T) {
	for name, args := range map[string][]string{
		"render without config": {"fn", "render", ".", "--allow-exec"},
		"eval with empty data":  {"fn", "eval", ".", "--exec", "add-log-sidecar"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSandbox(t, "kpt-package")
			s.replace("Kptfile", "    configPath: log.yaml\n", "")
			before := s.tree()
			out := s.run("kpt", args...)
			equal(t, "exit code", 1, out.code)
			contains(t, "stderr", out.stderr, "add-log-sidecar: error ", "[FAIL]")
			equal(t, "package", before, s.tree())
		})
	}
}

func TestP5_SelectorsLeaveTheRestAlone(t *testing.T) {
	for what, rule := range map[string]string{
		"selectors": "    selectors:\n    - kind: StatefulSet\n",
		"exclude":   "    exclude:\n    - kind: Deployment\n",
	} {
		t.Run(what, func(t *testing.T) {
			want, s := newSandbox(t, "kpt-package"), newSandbox(t, "kpt-package")
			for _, box := range []*sandbox{want, s} {
				box.replace("Kptfile", "    configPath: log.yaml\n", "    configPath: log.yaml\n"+rule)
			}
			want.renderWithCat()
			s.render()
			got := s.tree()
			equal(t, "sidecars", []string{"StatefulSet/worker"}, sidecars(got["jobs/worker.yaml"]))
			for name, text := range got {
				lacks(t, name, text, "kpt-resource-id")
			}
			delete(got, "jobs/worker.yaml")
			rest := want.tree()
			delete(rest, "jobs/worker.yaml")
			equal(t, "other files", rest, got)
		})
	}
}

// goldenResults compares kpt's results.yaml with testdata/kpt-results/<name>, the
// wording of the messages aside.
func (s *sandbox) goldenResults(name string) {
	s.t.Helper()
	want, err := os.ReadFile(filepath.Join("testdata/kpt-results", name))
	check(s.t, err)
	wording := regexp.MustCompile(`(?m)(message: |add-log-sidecar: (?:warning|error)(?: \S+/\S+ \S+)?: ).*$`)
	got := wording.ReplaceAllString(s.read("../results/results.yaml"), "$1...")
	equal(s.t, name, string(want), got)
}

func TestP6_ResultsDir(t *testing.T) {
	s := newSandbox(t, "kpt-package")
	s.render("--results-dir", "../results")
	s.goldenResults("injected.yaml")
	s.replace("log.yaml", "spec:\n", "spec:\n  target:\n    names: [nobody]\n")
	s.render("--results-dir", "../results")
	s.goldenResults("nothing-matched.yaml")
}

func TestP6_FailureLeavesTheTree(t *testing.T) {
	s := newSandbox(t, "kpt-package")
	s.replace("log.yaml", "  logs:", "  lgos: []\n  logs:")
	before := s.tree()
	out := s.run("kpt", "fn", "render", ".", "--allow-exec", "--results-dir", "../results")
	equal(t, "exit code", 1, out.code)
	equal(t, "package", before, s.tree())
	contains(t, "stderr", out.stderr, `[FAIL] "add-log-sidecar"`, "add-log-sidecar: error ", "spec.lgos", "Exit code: 1")
	// kpt shows four lines of stderr: a longer story would be cut.
	lacks(t, "stderr", out.stderr, "line(s) truncated")
	s.goldenResults("failed.yaml")
}

func TestP7_EvalOfAStream(t *testing.T) {
	s := newSandbox(t, "kpt-package")
	list := s.ok("kpt", "fn", "source", "apps").stdout
	args := []string{"fn", "eval", "-", "--fn-config", "log.yaml", "--exec"}
	plain := s.okPipe(list, "kpt", append(slices.Clone(args), "cat")...).stdout
	got := s.okPipe(list, "kpt", append(slices.Clone(args), "add-log-sidecar")...).stdout
	onlyAdded(t, "stream", plain, got)
	equal(t, "sidecars", 1, count(got, "name: "+sidecar))
}

func TestP7_EvalOfAPackage(t *testing.T) {
	s := newSandbox(t, "kpt-package")
	s.ok("kpt", "fn", "eval", ".", "--exec", "add-log-sidecar", "--", `logs=[{paths: [/var/log/nginx/access.log]}]`)
	equal(t, "sidecars", []string{"Deployment/web", "StatefulSet/worker"},
		append(sidecars(s.read("apps/web.yaml")), sidecars(s.read("jobs/worker.yaml"))...))
}
