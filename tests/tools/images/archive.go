package main

import (
	"archive/tar"
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
)

// archive writes what `docker load` reads, a file for each platform.
func (o *options) archive(images []*image) error {
	for n, platform := range images[0].platforms {
		tagged := map[name.Tag]v1.Image{}
		for _, img := range images {
			tag, err := name.NewTag(o.reference(img))
			if err != nil {
				return err
			}
			tagged[tag] = img.builds[n]
		}
		var packed bytes.Buffer
		if err := tarball.MultiWrite(tagged, &packed); err != nil {
			return err
		}
		text, err := ordered(&packed)
		if err != nil {
			return err
		}
		file := filepath.Join(o.out, platform.OS+"-"+platform.Architecture+".tar")
		if err := os.WriteFile(file, text, 0o644); err != nil {
			return fmt.Errorf("writing %s: %w", file, err)
		}
	}
	return nil
}

// ordered brings the files of an archive into the order of their names: the
// library writes images in that of a map.
func ordered(archive io.Reader) ([]byte, error) {
	headers, files := map[string]*tar.Header{}, map[string][]byte{}
	for r := tar.NewReader(archive); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		if files[h.Name], err = io.ReadAll(r); err != nil {
			return nil, err
		}
		headers[h.Name] = h
	}
	var text bytes.Buffer
	w := tar.NewWriter(&text)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if err := w.WriteHeader(headers[name]); err != nil {
			return nil, err
		}
		if _, err := w.Write(files[name]); err != nil {
			return nil, err
		}
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return text.Bytes(), nil
}
