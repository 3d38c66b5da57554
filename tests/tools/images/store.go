package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"

	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/layout"
)

// refName is the annotation that holds an image's name in an OCI layout.
const refName = "org.opencontainers.image.ref.name"

// Names below the folder of the images.
const (
	layoutDir   = "oci"
	digestsFile = "digests.txt"
)

// store writes the images: as an OCI layout for registries, as one archive for
// each platform that `docker load` reads, and as a list of digests.
func (o *options) store(images []*image) error {
	if err := os.RemoveAll(o.out); err != nil {
		return err
	}
	oci, err := layout.Write(filepath.Join(o.out, layoutDir), empty.Index)
	if err != nil {
		return err
	}
	var digests bytes.Buffer
	for _, img := range images {
		index, err := img.index()
		if err != nil {
			return err
		}
		if err := oci.AppendIndex(index, layout.WithAnnotations(map[string]string{refName: o.reference(img)})); err != nil {
			return err
		}
		digest, err := index.Digest()
		if err != nil {
			return err
		}
		fmt.Fprintln(&digests, o.reference(img), digest)
	}
	if err := os.WriteFile(filepath.Join(o.out, digestsFile), digests.Bytes(), 0o644); err != nil {
		return err
	}
	return o.archive(images)
}

func (o *options) reference(i *image) string { return o.registry + "/" + i.name + ":" + o.version }
