package main

import (
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"strings"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/types"
)

// Labels that the images of functions have values of their own for.
const (
	labelTitle         = "org.opencontainers.image.title"
	labelDescription   = "org.opencontainers.image.description"
	labelDocumentation = "org.opencontainers.image.documentation"
	labelSource        = "org.opencontainers.image.source"
)

// image is one image for several platforms.
type image struct {
	name      string
	platforms []v1.Platform
	builds    []v1.Image // in the order of the platforms
}

// function is a line of `krm-sidecars list`.
type function struct{ name, description string }

// functions reads what `krm-sidecars list` prints: name, kind and description.
func functions(list string) ([]function, error) {
	var all []function
	for line := range strings.Lines(list) {
		fields := strings.Fields(line)
		if len(fields) < 3 {
			return nil, fmt.Errorf("%q is no line of krm-sidecars list", line)
		}
		all = append(all, function{fields[0], strings.Join(fields[2:], " ")})
	}
	return all, nil
}

// build makes an image as the Dockerfile says, for each architecture.
func (o *options) build() (*image, error) {
	img := &image{name: o.name}
	for arch := range strings.SplitSeq(o.arch, ",") {
		made, err := o.buildFor(arch)
		if err != nil {
			return nil, fmt.Errorf("building %s for linux/%s: %w", o.name, arch, err)
		}
		img.platforms = append(img.platforms, v1.Platform{OS: "linux", Architecture: arch})
		img.builds = append(img.builds, made)
	}
	return img, nil
}

func (o *options) buildFor(arch string) (v1.Image, error) {
	args := map[string]string{"TARGETARCH": arch, "VERSION": o.version, "REVISION": o.revision}
	file, err := openDockerfile(filepath.Join(o.root, filepath.FromSlash(o.dockerfile)), args)
	if err != nil {
		return nil, err
	}
	r, err := file.recipe("prebuilt")
	if err != nil {
		return nil, err
	}
	img := mutate.ConfigMediaType(mutate.MediaType(empty.Image, types.OCIManifestSchema1), types.OCIConfigJSON)
	config := &v1.ConfigFile{OS: "linux", Architecture: arch, Config: r.config, Created: v1.Time{Time: o.created}}
	if img, err = mutate.ConfigFile(img, config); err != nil {
		return nil, err
	}
	for _, c := range r.copies {
		files, err := gather(o.root, c.SourcePaths, c.DestPath)
		if err != nil {
			return nil, err
		}
		layer, err := files.layer(o.created)
		if err != nil {
			return nil, err
		}
		history := v1.History{Created: v1.Time{Time: o.created}, CreatedBy: c.String()}
		if img, err = mutate.Append(img, mutate.Addendum{Layer: layer, History: history}); err != nil {
			return nil, err
		}
	}
	return img, nil
}

// forFunction is the same image with the function in its entrypoint.
func (i *image) forFunction(f function) (*image, error) {
	own := &image{name: f.name, platforms: i.platforms}
	for _, all := range i.builds {
		file, err := all.ConfigFile()
		if err != nil {
			return nil, err
		}
		file = file.DeepCopy()
		file.Config.Entrypoint = append(file.Config.Entrypoint, f.name)
		maps.Copy(file.Config.Labels, map[string]string{
			labelTitle:         f.name,
			labelDescription:   f.description,
			labelDocumentation: file.Config.Labels[labelSource] + "/blob/main/functions/" + f.name + "/README.md",
		})
		img, err := mutate.ConfigFile(all, file)
		if err != nil {
			return nil, err
		}
		own.builds = append(own.builds, img)
	}
	return own, nil
}

// index is what a registry has under the image's name. Registries show its
// annotations, where there are several platforms.
func (i *image) index() (v1.ImageIndex, error) {
	index := mutate.IndexMediaType(empty.Index, types.OCIImageIndex)
	for n, build := range i.builds {
		add := mutate.IndexAddendum{Add: build, Descriptor: v1.Descriptor{Platform: &i.platforms[n]}}
		index = mutate.AppendManifests(index, add)
	}
	file, err := i.builds[0].ConfigFile()
	if err != nil {
		return nil, err
	}
	return mutate.Annotations(index, file.Config.Labels).(v1.ImageIndex), nil
}

// printSizes tells how large the layers are, which all images of a build share.
func (i *image) printSizes(out io.Writer) error {
	for n, build := range i.builds {
		layers, err := build.Layers()
		if err != nil {
			return err
		}
		for _, l := range layers {
			packed, err := l.Size()
			if err != nil {
				return err
			}
			text, err := l.Uncompressed()
			if err != nil {
				return err
			}
			size, err := io.Copy(io.Discard, text)
			if err != nil {
				return err
			}
			fmt.Fprintf(out, "%s/%s: a layer of %.2f MiB, %.2f MiB compressed\n",
				i.platforms[n].OS, i.platforms[n].Architecture, float64(size)/(1<<20), float64(packed)/(1<<20))
		}
	}
	return nil
}
