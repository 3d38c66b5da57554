//go:build docker

package docker

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"os"
	"testing"
	"time"

	"github.com/krm-sidecars/krm-sidecars/tests/box"
)

// config is what an image says about how it runs.
type config struct {
	Architecture string `json:"architecture"`
	OS           string `json:"os"`
	Config       struct {
		User, WorkingDir     string
		Entrypoint, Cmd, Env []string
		Labels               map[string]string
	} `json:"config"`
}

// saved is one image of an archive that `docker save` or we wrote.
type saved struct {
	config
	layers []string // digests of what is in the archive
	files  map[string]file
}

// file is one of a layer. Of a folder only the mode counts.
type file struct {
	mode     int64
	uid, gid int
	made     time.Time
	data     string
}

// readArchive returns the images of an archive by their references.
func readArchive(t *testing.T, path string) map[string]saved {
	t.Helper()
	data, err := os.ReadFile(path)
	box.Check(t, err)
	parts := untar(t, data)
	var manifest []struct {
		Config           string
		RepoTags, Layers []string
	}
	box.Check(t, json.Unmarshal([]byte(parts["manifest.json"].data), &manifest))
	images := map[string]saved{}
	for _, m := range manifest {
		image := saved{layers: m.Layers, files: map[string]file{}}
		box.Check(t, json.Unmarshal([]byte(parts[m.Config].data), &image.config))
		for _, layer := range m.Layers {
			maps.Copy(image.files, untar(t, []byte(parts[layer].data)))
		}
		for _, tag := range m.RepoTags {
			images[tag] = image
		}
	}
	return images
}

// untar reads an archive that may be compressed.
func untar(t *testing.T, data []byte) map[string]file {
	t.Helper()
	var r io.Reader = bytes.NewReader(data)
	if bytes.HasPrefix(data, []byte{0x1f, 0x8b}) {
		zip, err := gzip.NewReader(r)
		box.Check(t, err)
		r = zip
	}
	files := map[string]file{}
	for archive := tar.NewReader(r); ; {
		h, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return files
		}
		box.Check(t, err)
		content, err := io.ReadAll(archive)
		box.Check(t, err)
		files[h.Name] = file{mode: h.Mode & 0o7777, uid: h.Uid, gid: h.Gid, made: h.ModTime, data: string(content)}
	}
}
