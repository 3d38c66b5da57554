package kube

import (
	"archive/tar"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
)

// archive writes what `docker save` writes, with one layer.
func (i *Image) archive(dir, file string) error {
	layer := filepath.Join(dir, "layer.tar")
	if err := i.layer(layer); err != nil {
		return err
	}
	data, err := os.ReadFile(layer)
	if err != nil {
		return err
	}
	config, err := i.config(sha256.Sum256(data))
	if err != nil {
		return err
	}
	manifest, err := json.Marshal([]map[string]any{{"Config": "config.json", "RepoTags": []string{i.Name}, "Layers": []string{"layer.tar"}}})
	if err != nil {
		return err
	}
	return writeTar(file, map[string]entry{
		"layer.tar": {file: layer}, "config.json": {text: config}, "manifest.json": {text: manifest},
	})
}

// config is what the image says of itself and its layer.
func (i *Image) config(layer [sha256.Size]byte) ([]byte, error) {
	return json.Marshal(map[string]any{
		"architecture": runtime.GOARCH, "os": runtime.GOOS,
		"config": map[string]any{
			"Entrypoint": i.Entrypoint, "Cmd": i.Cmd, "User": i.User,
			"Env": append([]string{"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}, i.Env...),
		},
		"rootfs": map[string]any{"type": "layers", "diff_ids": []string{fmt.Sprintf("sha256:%x", layer)}},
	})
}

// entry is a file of an archive.
type entry struct {
	file   string // to be read from here
	text   []byte
	link   string
	folder bool
	mode   int64
}

// writeTar writes an archive, in the order of names.
func writeTar(file string, entries map[string]entry) error {
	out, err := os.Create(file)
	if err != nil {
		return err
	}
	defer out.Close()
	w := tar.NewWriter(out)
	for _, name := range slices.Sorted(maps.Keys(entries)) {
		if err := entries[name].write(w, name); err != nil {
			return err
		}
	}
	return w.Close()
}

func (e entry) write(w *tar.Writer, name string) error {
	switch {
	case e.folder:
		return w.WriteHeader(&tar.Header{Typeflag: tar.TypeDir, Name: name + "/", Mode: e.mode})
	case e.link != "":
		return w.WriteHeader(&tar.Header{Typeflag: tar.TypeSymlink, Name: name, Linkname: e.link, Mode: 0o777})
	}
	header := &tar.Header{Typeflag: tar.TypeReg, Name: name, Mode: 0o644, Size: int64(len(e.text))}
	if e.file != "" {
		info, err := os.Stat(e.file)
		if err != nil {
			return err
		}
		if e.text, err = os.ReadFile(e.file); err != nil {
			return err
		}
		header.Size, header.Mode = int64(len(e.text)), int64(info.Mode().Perm())
	}
	if err := w.WriteHeader(header); err != nil {
		return err
	}
	_, err := w.Write(e.text)
	return err
}
