package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"path"
	"time"
)

// entry is a file in an archive.
type entry struct {
	name string
	data []byte
}

// mode is that of a file: what lies in bin/ is run.
func (e entry) mode() int64 {
	if path.Base(path.Dir(e.name)) == "bin" {
		return 0o755
	}
	return 0o644
}

// tarball makes a .tgz of files that belong to root, in the order given. Nothing
// in it depends on who packs, or when.
func tarball(modified time.Time, entries []entry) ([]byte, error) {
	var out bytes.Buffer
	compressed, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	w := tar.NewWriter(compressed)
	seen := map[string]bool{}
	for _, e := range entries {
		if err := addFolders(w, e.name, modified, seen); err != nil {
			return nil, err
		}
		header := tar.Header{Typeflag: tar.TypeReg, Name: e.name, Mode: e.mode(), Size: int64(len(e.data)), ModTime: modified, Format: tar.FormatUSTAR}
		if err := w.WriteHeader(&header); err != nil {
			return nil, err
		}
		if _, err := w.Write(e.data); err != nil {
			return nil, err
		}
	}
	err = errors.Join(w.Close(), compressed.Close())
	return out.Bytes(), err
}

// addFolders adds the folders of a file, once: Helm 3 makes those alone that an
// archive names.
func addFolders(w *tar.Writer, name string, modified time.Time, seen map[string]bool) error {
	for i, c := range name {
		folder := name[:i]
		if c != '/' || seen[folder] {
			continue
		}
		seen[folder] = true
		if err := w.WriteHeader(&tar.Header{Typeflag: tar.TypeDir, Name: folder + "/", Mode: 0o755, ModTime: modified, Format: tar.FormatUSTAR}); err != nil {
			return err
		}
	}
	return nil
}
