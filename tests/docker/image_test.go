//go:build docker

package docker

import (
	"bytes"
	"debug/elf"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/krm-sidecars/krm-sidecars/tests/box"
)

// machines are the architectures of the images, as ELF files name them.
var machines = map[string]elf.Machine{"amd64": elf.EM_X86_64, "arm64": elf.EM_AARCH64}

// largest is what a layer may have, uncompressed.
const largest = 15 << 20

// functionImages returns the images of an architecture by name.
func functionImages(t *testing.T, arch string) map[string]saved {
	t.Helper()
	images := map[string]saved{}
	for ref, image := range readArchive(t, archive("images", arch)) {
		name, tag, _ := strings.Cut(strings.TrimPrefix(ref, registry), ":")
		box.Equal(t, "tag of "+name, version, tag)
		images[name] = image
	}
	return images
}

// TestI2_OneImageForEachFunction, and one for all.
func TestI2_OneImageForEachFunction(t *testing.T) {
	want := []string{allInOne}
	for _, f := range list {
		want = append(want, f.name)
	}
	slices.Sort(want)
	for arch := range machines {
		box.Equal(t, "images for "+arch, want, slices.Sorted(maps.Keys(functionImages(t, arch))))
	}
}

// TestI2_HowItRuns: an entrypoint as a list, with an absolute path; no command
// that hosts could mix with it; a user that is a number.
func TestI2_HowItRuns(t *testing.T) {
	for arch := range machines {
		for name, image := range functionImages(t, arch) {
			entrypoint := []string{"/krm-sidecars"}
			if name != allInOne {
				entrypoint = append(entrypoint, name)
			}
			box.Equal(t, name+": entrypoint", entrypoint, image.Config.Entrypoint)
			box.Equal(t, name+": command", []string(nil), image.Config.Cmd)
			box.Equal(t, name+": variables", []string(nil), image.Config.Env)
			box.Equal(t, name+": user", "65534:65534", image.Config.User)
			box.Equal(t, name+": folder", "", strings.Trim(image.Config.WorkingDir, "/"))
			box.Equal(t, name+": platform", "linux/"+arch, image.OS+"/"+image.Architecture)
		}
	}
}

// TestI2_Labels are those that registries show.
func TestI2_Labels(t *testing.T) {
	const source, prefix = "https://github.com/krm-sidecars/krm-sidecars", "org.opencontainers.image."
	for name, image := range functionImages(t, "arm64") {
		labels, docs := image.Config.Labels, "docs/images.md"
		description := "Adds sidecars to Kubernetes manifests, offline: the functionConfig's kind picks the function."
		if i := slices.IndexFunc(list, func(f function) bool { return f.name == name }); i >= 0 {
			docs, description = "functions/"+name+"/README.md", list[i].description
		}
		if len(labels[prefix+"revision"]) != 40 {
			t.Errorf("%s: the revision is %q", name, labels[prefix+"revision"])
		}
		delete(labels, prefix+"revision")
		box.Equal(t, name, map[string]string{
			prefix + "title": name, prefix + "description": description, prefix + "documentation": source + "/blob/main/" + docs,
			prefix + "licenses": "Apache-2.0", prefix + "source": source, prefix + "url": source,
			prefix + "vendor": "krm-sidecars", prefix + "version": version,
		}, labels)
	}
}

// TestI2_OneSmallLayer: all images of an architecture share one layer, which
// holds the program, the names of its user, and no more: no shell, no /tmp.
func TestI2_OneSmallLayer(t *testing.T) {
	for arch, machine := range machines {
		var shared []string
		for name, image := range functionImages(t, arch) {
			box.Equal(t, name+": layers", 1, len(image.layers))
			if shared == nil {
				shared = image.layers
			}
			box.Equal(t, name+": layer", shared, image.layers)
			box.Equal(t, name+": files", []string{"etc/", "etc/group", "etc/passwd", "krm-sidecars"}, slices.Sorted(maps.Keys(image.files)))
			checkProgram(t, image.files["krm-sidecars"], machine)
		}
	}
}

// checkProgram: a program for the platform that needs no library, and knows
// nothing of where it was built.
func checkProgram(t *testing.T, f file, machine elf.Machine) {
	t.Helper()
	if len(f.data) > largest {
		t.Errorf("the program has %d bytes; no more than %d are wanted", len(f.data), largest)
	}
	if strings.Contains(f.data, root+"/") {
		t.Error("the program holds the path of the folder that it was built in")
	}
	exe, err := elf.NewFile(bytes.NewReader([]byte(f.data)))
	box.Check(t, err)
	box.Equal(t, "machine", machine, exe.Machine)
	libraries, err := exe.ImportedLibraries()
	box.Check(t, err)
	box.Equal(t, "libraries", []string(nil), libraries)
}
