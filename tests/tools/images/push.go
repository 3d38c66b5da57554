package main

import (
	"fmt"
	"io"
	"path"
	"path/filepath"
	"strings"

	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/remote"
)

// push sends the images of a folder to the registry, with the credentials that
// `docker login` keeps, and prints a reference by digest for each.
func (o *options) push(out io.Writer) error {
	index, err := layout.ImageIndexFromPath(filepath.Join(o.out, layoutDir))
	if err != nil {
		return err
	}
	manifest, err := index.IndexManifest()
	if err != nil {
		return err
	}
	for _, m := range manifest.Manifests {
		image, err := index.ImageIndex(m.Digest)
		if err != nil {
			return err
		}
		ref, err := name.ParseReference(o.registry + "/" + path.Base(m.Annotations[refName]))
		if err != nil {
			return err
		}
		for _, tag := range tags(ref.Identifier()) {
			if err := remote.WriteIndex(ref.Context().Tag(tag), image, remote.WithAuthFromKeychain(authn.DefaultKeychain)); err != nil {
				return fmt.Errorf("pushing %s: %w", ref, err)
			}
		}
		fmt.Fprintf(out, "%s@%s\n", ref, m.Digest)
	}
	return nil
}

// tags are the names of a version: itself, and for a release the line of
// releases that it stands in, such as v0.1 for v0.1.2, and v1 for v1.0.2. Every
// v0.x may break what the one before it promised, so there is no v0.
func tags(version string) []string {
	all := []string{version}
	parts := strings.Split(version, ".")
	if len(parts) != 3 || strings.Contains(version, "-") {
		return all
	}
	all = append(all, parts[0]+"."+parts[1])
	if parts[0] != "v0" {
		all = append(all, parts[0])
	}
	return all
}
