package catalog_test

import (
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/krm-sidecars/krm-sidecars/functions"
	"github.com/krm-sidecars/krm-sidecars/pkg/catalog"
	"github.com/krm-sidecars/krm-sidecars/pkg/config"
)

// TestG3_AddressesLeadToFiles: every address in the catalog is that of a file
// in the repository, or of an archive of the release.
func TestG3_AddressesLeadToFiles(t *testing.T) {
	const files, archives = catalog.Home + "/blob/" + catalog.Current + "/", catalog.Home + "/releases/download/" + catalog.Current + "/"
	addresses := regexp.MustCompile(`https://\S+`).FindAllString(runtimesOnly(t), -1)
	if len(addresses) < 10*len(functions.All()) {
		t.Fatalf("only %d addresses", len(addresses))
	}
	for _, address := range addresses {
		file, inRepository := strings.CutPrefix(address, files)
		archive, inRelease := strings.CutPrefix(address, archives)
		switch {
		case inRepository:
			if _, err := os.Stat(filepath.Join(root, file)); err != nil {
				t.Errorf("%s: %v", address, err)
			}
		case inRelease:
			if !slices.Contains(builtArchives(t), archive) {
				t.Errorf("%s: .goreleaser.yaml makes no such archive, but %v", address, builtArchives(t))
			}
		case address != catalog.Home:
			t.Errorf("%s is neither in the repository nor in a release", address)
		}
	}
}

// runtimesOnly is the catalog without the schemas, whose texts name examples.
func runtimesOnly(t *testing.T) string {
	t.Helper()
	c := made(t, catalog.Release{Version: catalog.Current})
	for i := range c.Spec.Functions {
		for j := range c.Spec.Functions[i].Versions {
			c.Spec.Functions[i].Versions[j].Schema.OpenAPIV3Schema = nil
		}
	}
	text, err := c.YAML()
	check(t, err)
	return text
}

// builtArchives are what goreleaser makes.
func builtArchives(t *testing.T) []string {
	t.Helper()
	var all []string
	release := data(t, read(t, ".goreleaser.yaml"))
	build := release["builds"].([]any)[0].(map[string]any)
	archive := release["archives"].([]any)[0].(map[string]any)
	for _, os := range build["goos"].([]any) {
		for _, arch := range build["goarch"].([]any) {
			name := strings.NewReplacer("{{ .Version }}", strings.TrimPrefix(catalog.Current, "v"), "{{ .Os }}", os.(string), "{{ .Arch }}", arch.(string))
			all = append(all, name.Replace(archive["name_template"].(string))+"."+archive["formats"].([]any)[0].(string))
		}
	}
	return all
}

// TestG3_ProgramsAreWhatArchivesHold: goreleaser names the binary as the catalog
// does.
func TestG3_ProgramsAreWhatArchivesHold(t *testing.T) {
	build := data(t, read(t, ".goreleaser.yaml"))["builds"].([]any)[0].(map[string]any)
	for _, f := range made(t, released(t)).Spec.Functions {
		for _, p := range f.Versions[0].Runtime.Exec.Platforms {
			want := build["binary"].(string)
			if p.OS == "windows" {
				want += ".exe" // goreleaser adds it
			}
			if p.Bin != want {
				t.Errorf("%s for %s: bin is %s, the archive holds %s", f.Names.Kind, p.OS, p.Bin, want)
			}
		}
	}
}

// TestG3_KindsAndImages: one entry for each function, in the version that is
// read, and with the image that is built for it.
func TestG3_KindsAndImages(t *testing.T) {
	var want, got []string
	for _, f := range functions.All() {
		want = append(want, config.APIVersion+" "+f.Kind+" "+catalog.Registry+"/"+f.Name+":"+catalog.Current)
	}
	for _, f := range made(t, catalog.Release{Version: catalog.Current}).Spec.Functions {
		for _, v := range f.Versions {
			got = append(got, path.Join(f.Group, v.Name)+" "+f.Names.Kind+" "+v.Runtime.Container.Image)
		}
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-functions +catalog):\n%s", d)
	}
}

// TestG3_ImagesAreBuilt compares with what make images has built, if it has.
func TestG3_ImagesAreBuilt(t *testing.T) {
	const file = "dist/images/digests.txt"
	raw, err := os.ReadFile(filepath.Join(root, file))
	if err != nil {
		t.Skip(file + " is not there; make images writes it")
	}
	digests, err := catalog.ReadSums(file, string(raw))
	check(t, err)
	c := made(t, catalog.Release{Version: catalog.Current, Images: digests})
	if err := c.Compare("catalog.yaml", digests, nil); err != nil {
		t.Error(err)
	}
}

// TestRelease: the plugins are of the release that the catalog is of.
func TestRelease(t *testing.T) {
	plugins, err := filepath.Glob(filepath.Join(root, "plugins", "*", "plugin.yaml"))
	if err != nil || len(plugins) == 0 {
		t.Fatalf("there are no plugins: %v", err)
	}
	for _, file := range plugins {
		version := regexp.MustCompile(`(?m)^version: "?([^"\n]+)"?$`).FindStringSubmatch(string(mustRead(t, file)))
		if version == nil || "v"+version[1] != catalog.Current {
			t.Errorf("%s has version %q, catalog.Current is %s", file, version, catalog.Current)
		}
	}
}
