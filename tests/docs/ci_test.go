package docs_test

import (
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/krm-sidecars/krm-sidecars/tests/box"
)

const (
	overlays  = "examples/add-log-sidecar/kustomize-transformer"
	chart     = "examples/add-log-sidecar/helm3-post-renderer"
	manifests = "examples/add-log-sidecar/files"
)

// TestCI runs the jobs of examples/ci, from the download on, in other examples.
// The job "rendered" must notice that the function did not run, and "committed"
// that manifests lack what the config asks for.
func TestCI(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the jobs are for runners with Linux")
	}
	release := packed(t)
	for _, c := range []struct{ name, file, job, folder, host, forget, instead, complaint string }{
		{name: "rendered by kustomize", file: "github-actions.yml", job: "rendered", folder: overlays, host: "kustomize"},
		{
			name: "kustomize without exec", file: "github-actions.yml", job: "rendered", folder: overlays, host: "kustomize",
			forget: " --enable-exec", complaint: "has not run on it",
		},
		{name: "committed, GitHub", file: "github-actions.yml", job: "committed", folder: manifests, complaint: "krm-sidecars inject -c logs.yaml --write ."},
		{name: "rendered by Helm", file: "gitlab-ci.yml", job: "rendered", folder: chart, host: "helm3"},
		{
			name: "Helm without post-renderer", file: "gitlab-ci.yml", job: "rendered", folder: chart, host: "helm3",
			forget: "krm-sidecars post-render -c \"$CONFIG\" < chart.yaml", instead: "cat chart.yaml", complaint: "has not run on it",
		},
		{
			name: "another archive than the release has", file: "gitlab-ci.yml", job: "committed", folder: manifests,
			forget: "grep ", instead: "echo >> \"$archive\"; grep ", complaint: "did NOT match",
		},
		{name: "committed, GitLab", file: "gitlab-ci.yml", job: "committed", folder: manifests, complaint: "krm-sidecars inject -c logs.yaml --write ."},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, j := runner(t, release, c.folder, c.host), jobOf(t, c.file, c.job)
			if !strings.Contains(j.script, c.forget) {
				t.Fatalf("the job has no %q:\n%s", c.forget, j.script)
			}
			s.env = append(s.env, j.env...)
			got := s.run(strings.ReplaceAll(j.script, c.forget, c.instead))
			switch {
			case c.complaint == "" && got.err != nil:
				t.Errorf("%v\n%s", got.err, got.stderr)
			case c.complaint != "" && (got.err == nil || !strings.Contains(got.stderr, c.complaint)):
				t.Errorf("the job does not fail with %q: %v\n%s", c.complaint, got.err, got.stderr)
			}
			if c.job == "committed" && c.forget == "" { // does what the job says, and runs it again
				s.ok("PATH=$HOME/.local/bin:$HOME/bin:$PATH\n" + c.complaint + "\n")
				s.ok(j.script)
			}
		})
	}
}

// packed makes a folder with a release, and with programs that "download" it.
func packed(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for _, download := range []string{"curl", "wget"} {
		script := "#!/bin/sh\nfor url; do :; done\ncp '" + dir + "'/\"${url##*/}\" .\n"
		box.Check(t, os.WriteFile(filepath.Join(dir, download), []byte(script), 0o755))
	}
	pack := exec.Command("sh", "-euc", "tar -czf krm-sidecars_0.1.0_linux_amd64.tar.gz -C \"$0\" krm-sidecars\nsha256sum *.tar.gz > SHA256SUMS", product)
	pack.Dir = dir
	if out, err := pack.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return dir
}

// runner makes a sandbox as the runner of a CI system is: without krm-sidecars,
// but with a place to download it from.
func runner(t *testing.T, release, folder, host string) *sandbox {
	t.Helper()
	s := newSandbox(t, folder, host)
	s.env[0] = strings.Replace(s.env[0], product, release, 1)
	s.env = append(s.env, "GITHUB_PATH="+filepath.Join(t.TempDir(), "path"))
	return s
}

// job is what a CI system makes of a job: variables, and one script.
type job struct {
	env    []string
	script string
}

type workflow struct {
	Env  map[string]string
	Jobs map[string]struct {
		Env   map[string]string
		Steps []struct{ Run string }
	}
}

type pipeline struct {
	Variables map[string]string
	Jobs      map[string]struct {
		Stage        string
		Image        any
		Variables    map[string]string
		BeforeScript []string `yaml:"before_script"`
		Script       []string
		Artifacts    struct {
			When  string
			Paths []string
		}
	} `yaml:",inline"`
	Stages  []string
	Install []string `yaml:".install"`
}

func jobOf(t *testing.T, file, name string) job {
	t.Helper()
	if file == "gitlab-ci.yml" {
		p := readPipeline(t, file)
		j := p.Jobs[name]
		return job{environment(p.Variables, j.Variables), strings.Join(slices.Concat(j.BeforeScript, j.Script), "\n") + "\n"}
	}
	var w workflow
	box.Check(t, yaml.Unmarshal([]byte(read(t, "examples/ci/"+file)), &w))
	var script strings.Builder
	for _, step := range w.Jobs[name].Steps {
		if step.Run != "" {
			script.WriteString(step.Run + "\n[ ! -f \"$GITHUB_PATH\" ] || PATH=$(tail -n 1 \"$GITHUB_PATH\"):$PATH\n")
		}
	}
	return job{environment(w.Env, w.Jobs[name].Env), script.String()}
}

// readPipeline refuses keys that it does not know, as GitLab does, and jobs
// without a stage or a script.
func readPipeline(t *testing.T, file string) pipeline {
	t.Helper()
	var p pipeline
	dec := yaml.NewDecoder(strings.NewReader(read(t, "examples/ci/"+file)))
	dec.KnownFields(true)
	box.Check(t, dec.Decode(&p))
	return p
}

// TestGitLabJobs: GitLab refuses a job without a script, or of a stage that is
// not listed; a name that begins with a dot is no job.
func TestGitLabJobs(t *testing.T) {
	p := readPipeline(t, "gitlab-ci.yml")
	for _, name := range slices.Sorted(maps.Keys(p.Jobs)) {
		if j := p.Jobs[name]; len(j.Script) == 0 || !slices.Contains(p.Stages, j.Stage) {
			t.Errorf("job %s has no script, or a stage that is not one of %v: %+v", name, p.Stages, j)
		}
	}
}

func environment(all ...map[string]string) []string {
	var env []string
	for _, variables := range all {
		for name, value := range variables {
			env = append(env, name+"="+value)
		}
	}
	return env
}
