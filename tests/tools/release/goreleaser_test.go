package release

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"text/template"

	"github.com/google/go-cmp/cmp"
	"github.com/goreleaser/goreleaser/v2/pkg/config"
	"github.com/rhysd/actionlint"
)

// load reads .goreleaser.yaml as goreleaser does: strictly.
func load(t *testing.T) config.Project {
	t.Helper()
	project, err := config.Load(filepath.Join(root, ".goreleaser.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	return project
}

// TestBuilds: one static binary for three systems on two architectures, with the
// same bytes from every machine and at every time.
func TestBuilds(t *testing.T) {
	builds := load(t).Builds
	if len(builds) != 1 {
		t.Fatalf("there are %d builds", len(builds))
	}
	b := builds[0]
	for what, ok := range map[string]bool{
		"goos":          slices.Equal(b.Goos, []string{"linux", "darwin", "windows"}),
		"goarch":        slices.Equal(b.Goarch, []string{"amd64", "arm64"}),
		"env":           slices.Contains(b.Env, "CGO_ENABLED=0"),
		"flags":         slices.Contains(b.Flags, "-trimpath"),
		"mod_timestamp": b.ModTimestamp == "{{ .CommitTimestamp }}",
		"ignore":        len(b.Ignore) == 0,
	} {
		if !ok {
			t.Errorf("builds[0].%s is not what a release needs: %+v", what, b)
		}
	}
}

// TestArchives: the archives have the names that catalog.yaml tells people to
// download, and hold nothing with a date of its own.
func TestArchives(t *testing.T) {
	p := load(t)
	if len(p.Archives) != 1 || !slices.Equal(p.Archives[0].Formats, []string{"tar.gz"}) || len(p.Archives[0].FormatOverrides) > 0 {
		t.Fatalf("not all archives are tar.gz: %+v", p.Archives)
	}
	a := p.Archives[0]
	var names []string
	for _, goos := range p.Builds[0].Goos {
		for _, arch := range p.Builds[0].Goarch {
			names = append(names, render(t, a.NameTemplate, goos, arch)+".tar.gz")
		}
	}
	if d := cmp.Diff(inCatalog(t), slices.Sorted(slices.Values(names))); d != "" {
		t.Errorf("catalog.yaml names other archives (-catalog +release):\n%s", d)
	}
	if a.BuildsInfo.MTime != "{{ .CommitDate }}" {
		t.Error("the archive holds the binary with the time at which it was built")
	}
	for _, f := range a.Files {
		if _, err := os.Stat(filepath.Join(root, f.Source)); err != nil || f.Info.MTime != "{{ .CommitDate }}" {
			t.Errorf("the archive holds %s with the time at which it was checked out, or it is not there: %v", f.Source, err)
		}
	}
}

var uri = regexp.MustCompile(`uri: https://github\.com/krm-sidecars/krm-sidecars/releases/download/v0\.1\.0/(.*)\n`)

// inCatalog returns the names of the archives in catalog.yaml, each once.
func inCatalog(t *testing.T) []string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, "catalog.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, m := range uri.FindAllSubmatch(text, -1) {
		names = append(names, string(m[1]))
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func render(t *testing.T, text, goos, arch string) string {
	t.Helper()
	parsed, err := template.New("name").Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := parsed.Execute(&b, map[string]string{"Version": "0.1.0", "Os": goos, "Arch": arch}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestTrust: every file of a release is in SHA256SUMS, SHA256SUMS is signed, and
// every archive has a bill of materials.
func TestTrust(t *testing.T) {
	p := load(t)
	if p.Checksum.NameTemplate != "SHA256SUMS" || p.Checksum.Disable || len(p.Checksum.IDs) > 0 {
		t.Errorf("not all files are in SHA256SUMS: %+v", p.Checksum)
	}
	if !slices.Equal(p.Checksum.ExtraFiles, p.Release.ExtraFiles) {
		t.Errorf("the release has files that SHA256SUMS has not: %v, %v", p.Release.ExtraFiles, p.Checksum.ExtraFiles)
	}
	if len(p.Signs) != 1 || p.Signs[0].Artifacts != "checksum" || p.Signs[0].Cmd != "cosign" {
		t.Errorf("cosign does not sign SHA256SUMS: %+v", p.Signs)
	}
	if len(p.SBOMs) != 1 || p.SBOMs[0].Artifacts != "archive" || p.SBOMs[0].Disable != "" {
		t.Errorf("archives have no bill of materials: %+v", p.SBOMs)
	}
	if !p.Release.Draft {
		t.Error("goreleaser publishes before the catalog is there")
	}
}

// TestGoreleaserVersion: the program that the workflow runs is the one whose
// loader has read the file here.
func TestGoreleaserVersion(t *testing.T) {
	mod, err := os.ReadFile("go.mod")
	if err != nil {
		t.Fatal(err)
	}
	for name, job := range parse(t, filepath.Join(root, ".github/workflows/release.yml")).Jobs {
		for _, step := range job.Steps {
			a, ok := step.Exec.(*actionlint.ExecAction)
			if !ok || !strings.HasPrefix(a.Uses.Value, "goreleaser/") {
				continue
			}
			version := a.Inputs["version"].Value.Value
			if !strings.Contains(string(mod), "github.com/goreleaser/goreleaser/v2 "+version+"\n") {
				t.Errorf("job %s runs goreleaser %s; go.mod has another one", name, version)
			}
			return
		}
	}
	t.Error("no job runs goreleaser")
}
