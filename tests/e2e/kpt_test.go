//go:build e2e

package e2e

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/krm-sidecars/krm-sidecars/tests/box"
)

func (s *sandbox) commit() {
	s.T.Helper()
	s.OK("git", "init", "-q")
	s.OK("git", "add", "-A")
	s.OK("git", "commit", "-qm", "package")
}

func (s *sandbox) render(flags ...string) {
	s.T.Helper()
	s.OK("kpt", append([]string{"fn", "render", ".", "--allow-exec"}, flags...)...)
}

// renderWithCat puts a function that changes nothing in our place: what is left
// is the formatting that kpt itself does.
func (s *sandbox) renderWithCat() {
	s.T.Helper()
	s.Replace("Kptfile", "exec: add-log-sidecar", "exec: cat")
	s.render()
	s.Replace("Kptfile", "exec: cat", "exec: add-log-sidecar")
}

// TestP1_RenderDiffHoldsOnlyInjectedLines: on top of kpt's own formatting git
// sees added lines only, and in the workloads only.
func TestP1_RenderDiffHoldsOnlyInjectedLines(t *testing.T) {
	baseline := newSandbox(t, "kpt-package")
	baseline.renderWithCat()
	baseline.commit()
	s := newSandbox(t, "kpt-package")
	s.render()
	for name, text := range s.Tree() {
		baseline.Write(name, text)
	}
	diff := baseline.OK("git", "diff", "--numstat", "--no-renames").Stdout
	var changed []string
	for line := range strings.Lines(diff) {
		fields := strings.Fields(line) // added, deleted, path
		box.Equal(t, fields[2]+": deleted lines", "0", fields[1])
		changed = append(changed, fields[2])
	}
	box.Equal(t, "changed files", []string{"apps/web.yaml", "jobs/worker.yaml"}, changed)
	box.Equal(t, "untracked files", "", baseline.OK("git", "ls-files", "--others").Stdout)
}

// TestP1_RenderEqualsInject: rendering with the function gives the lines of
// `inject` on the files. Their order differs: kpt appends the keys that are new
// in a map, wherever the function has put them.
func TestP1_RenderEqualsInject(t *testing.T) {
	want := newSandbox(t, "kpt-package")
	want.OK("krm-sidecars", "inject", "-c", "log.yaml", "--write", "apps/web.yaml", "jobs/worker.yaml")
	want.renderWithCat()
	got := newSandbox(t, "kpt-package")
	got.render()
	files := got.Tree()
	for name, text := range want.Tree() {
		box.Equal(t, name, sortedLines(text), sortedLines(files[name]))
	}
	box.Equal(t, "sidecars", []string{"Deployment/web", "StatefulSet/worker"},
		append(sidecars(got.Read("apps/web.yaml")), sidecars(got.Read("jobs/worker.yaml"))...))
}

// TestP1_RemoveGivesBackTheRender: in a package that was rendered with the
// function, remove leaves what a render without it gives.
func TestP1_RemoveGivesBackTheRender(t *testing.T) {
	want, got := newSandbox(t, "kpt-package"), newSandbox(t, "kpt-package")
	want.renderWithCat()
	got.render()
	box.Equal(t, "sidecars", 1, len(sidecars(got.Read("apps/web.yaml"))))
	got.OK("krm-sidecars", "remove", "--all", "--write", ".")
	box.Equal(t, "package", want.Tree(), got.Tree())
}

func TestP2_SecondRenderChangesNothing(t *testing.T) {
	s := newSandbox(t, "kpt-package")
	s.render()
	first := s.Tree()
	s.render()
	box.Equal(t, "package", first, s.Tree())
	box.Equal(t, "sidecars", []string{"Deployment/web"}, sidecars(first["apps/web.yaml"]))
}

// TestP2_ChangedConfigConverges: a render with another config gives what it
// would have given on the package as it once was.
func TestP2_ChangedConfigConverges(t *testing.T) {
	change := func(s *sandbox) {
		s.Replace("log.yaml", "/var/log/nginx/access.log", "/var/log/app/app.log, /var/log/app/error.log")
	}
	want, got := newSandbox(t, "kpt-package"), newSandbox(t, "kpt-package")
	change(want)
	want.render()
	got.render()
	change(got)
	got.render()
	box.Equal(t, "package", want.Tree(), got.Tree())
	box.Contains(t, "workload", got.Read("apps/web.yaml"), "- /var/log/app/error.log\n", "name: "+sidecar)
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
			s.Replace("Kptfile", "    configPath: log.yaml\n", tc.pipeline)
			config := s.Read("log.yaml")
			s.render()
			got := s.Read("apps/web.yaml")
			box.Equal(t, "sidecars", []string{"Deployment/web"}, sidecars(got))
			box.Equal(t, "records", 1, len(linesWith(got, tc.record+": ")))
			box.Equal(t, "config file", config, s.Read("log.yaml"))
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
			s.Replace("Kptfile", "    configPath: log.yaml\n", "")
			before := s.Tree()
			out := s.Run("kpt", args...)
			box.Equal(t, "exit code", 1, out.Code)
			box.Contains(t, "stderr", out.Stderr, "add-log-sidecar: error ", "[FAIL]")
			box.Equal(t, "package", before, s.Tree())
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
				box.Replace("Kptfile", "    configPath: log.yaml\n", "    configPath: log.yaml\n"+rule)
			}
			want.renderWithCat()
			s.render()
			got := s.Tree()
			box.Equal(t, "sidecars", []string{"StatefulSet/worker"}, sidecars(got["jobs/worker.yaml"]))
			for name, text := range got {
				box.Lacks(t, name, text, "kpt-resource-id")
			}
			delete(got, "jobs/worker.yaml")
			rest := want.Tree()
			delete(rest, "jobs/worker.yaml")
			box.Equal(t, "other files", rest, got)
		})
	}
}

// goldenResults compares kpt's results.yaml with testdata/kpt-results/<name>, the
// wording of the messages aside.
func (s *sandbox) goldenResults(name string) {
	s.T.Helper()
	want, err := os.ReadFile(filepath.Join("testdata/kpt-results", name))
	box.Check(s.T, err)
	wording := regexp.MustCompile(`(?m)(message: |add-log-sidecar: (?:warning|error)(?: \S+/\S+ \S+)?: ).*$`)
	got := wording.ReplaceAllString(s.Read("../results/results.yaml"), "$1...")
	box.Equal(s.T, name, string(want), got)
}

func TestP6_ResultsDir(t *testing.T) {
	s := newSandbox(t, "kpt-package")
	s.render("--results-dir", "../results")
	s.goldenResults("injected.yaml")
	s.Replace("log.yaml", "spec:\n", "spec:\n  target:\n    names: [nobody]\n")
	s.render("--results-dir", "../results")
	s.goldenResults("nothing-matched.yaml")
}

func TestP6_FailureLeavesTheTree(t *testing.T) {
	s := newSandbox(t, "kpt-package")
	s.Replace("log.yaml", "  logs:", "  lgos: []\n  logs:")
	before := s.Tree()
	out := s.Run("kpt", "fn", "render", ".", "--allow-exec", "--results-dir", "../results")
	box.Equal(t, "exit code", 1, out.Code)
	box.Equal(t, "package", before, s.Tree())
	box.Contains(t, "stderr", out.Stderr, `[FAIL] "add-log-sidecar"`, "add-log-sidecar: error ", "spec.lgos", "Exit code: 1")
	// kpt shows four lines of stderr: a longer story would be cut.
	box.Lacks(t, "stderr", out.Stderr, "line(s) truncated")
	s.goldenResults("failed.yaml")
}

func TestP7_EvalOfAStream(t *testing.T) {
	s := newSandbox(t, "kpt-package")
	list := s.OK("kpt", "fn", "source", "apps").Stdout
	args := []string{"fn", "eval", "-", "--fn-config", "log.yaml", "--exec"}
	plain := s.OKPipe(list, "kpt", append(slices.Clone(args), "cat")...).Stdout
	got := s.OKPipe(list, "kpt", append(slices.Clone(args), "add-log-sidecar")...).Stdout
	onlyAdded(t, "stream", plain, got)
	box.Equal(t, "sidecars", 1, count(got, "name: "+sidecar))
}

func TestP7_EvalOfAPackage(t *testing.T) {
	s := newSandbox(t, "kpt-package")
	s.OK("kpt", "fn", "eval", ".", "--exec", "add-log-sidecar", "--", `logs=[{paths: [/var/log/nginx/access.log]}]`)
	box.Equal(t, "sidecars", []string{"Deployment/web", "StatefulSet/worker"},
		append(sidecars(s.Read("apps/web.yaml")), sidecars(s.Read("jobs/worker.yaml"))...))
}
