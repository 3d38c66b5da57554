package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
	"github.com/google/go-containerregistry/pkg/v1/types"
)

// content maps the paths of a layer to the files that they are read from; to ""
// where it is a folder.
type content map[string]string

// gather finds what a COPY instruction copies. A folder stands for what is in it.
func gather(root string, sources []string, dest string) (content, error) {
	c := content{}
	for _, source := range sources {
		from := filepath.Join(root, filepath.FromSlash(source))
		info, err := os.Stat(from)
		if err != nil {
			return nil, err
		}
		to := dest
		if !info.IsDir() && strings.HasSuffix(dest, "/") {
			to = path.Join(dest, path.Base(source))
		}
		if err := c.add(from, strings.Trim(path.Clean(to), "/")); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// add adds a file or folder under a path, and the folders above it.
func (c content) add(from, to string) error {
	return filepath.WalkDir(from, func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		below, err := filepath.Rel(from, file)
		if err != nil {
			return err
		}
		at := path.Join(to, filepath.ToSlash(below))
		for up := path.Dir(at); up != "."; up = path.Dir(up) {
			c[up] = ""
		}
		switch {
		case d.Type().IsRegular():
			c[at] = file
		case !d.IsDir():
			return fmt.Errorf("%s is neither a file nor a folder", file)
		case at != ".":
			c[at] = ""
		}
		return nil
	})
}

// layer makes a layer of it. Owner, time and the order of the files, and the
// bits of their modes that a umask decides, are always the same.
func (c content) layer(created time.Time) (v1.Layer, error) {
	var packed bytes.Buffer
	zip, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	w := tar.NewWriter(zip)
	for _, name := range slices.Sorted(maps.Keys(c)) {
		if err := c.write(w, name, created); err != nil {
			return nil, err
		}
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	if err := zip.Close(); err != nil {
		return nil, err
	}
	opener := func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(packed.Bytes())), nil }
	return tarball.LayerFromOpener(opener, tarball.WithMediaType(types.OCILayer))
}

func (c content) write(w *tar.Writer, name string, created time.Time) error {
	if c[name] == "" {
		return w.WriteHeader(&tar.Header{Typeflag: tar.TypeDir, Name: name + "/", Mode: 0o755, ModTime: created})
	}
	info, err := os.Stat(c[name])
	if err != nil {
		return err
	}
	data, err := os.ReadFile(c[name])
	if err != nil {
		return err
	}
	mode := int64(0o644)
	if info.Mode()&0o100 != 0 {
		mode = 0o755
	}
	header := &tar.Header{Typeflag: tar.TypeReg, Name: name, Mode: mode, ModTime: created, Size: int64(len(data))}
	if err := w.WriteHeader(header); err != nil {
		return err
	}
	_, err = w.Write(data)
	return err
}
